using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Threading.Channels;
using Sluice.Batches;

namespace Sluice.Tests.Batches;

/// <summary>A writer with its pool, channel, rejects and counts, and what came out of it.</summary>
internal sealed class BatchBench : IRejectSink
{
    private readonly Channel<RowBatch> _full = Channel.CreateUnbounded<RowBatch>();

    public BatchBench(params BinaryType[] types) => Columns = [.. types.Select((t, i) => new ColumnEncoding($"c{i}", t))];

    public ImmutableArray<ColumnEncoding> Columns { get; init; }

    public int PoolBatches { get; init; } = 64;

    public int BatchBytes { get; init; } = 1 << 20;

    /// <summary>The size the pool's batches are made for, when not that of the writer's.</summary>
    public int? PoolBytes { get; init; }

    public int BatchRows { get; init; } = 1 << 20;

    public long MaxRowBytes { get; init; } = 1 << 20;

    public bool PreserveOrder { get; init; }

    public bool TextOnly { get; init; }

    public List<(Rejection Rejection, string Source)> Rejected { get; } = [];

    public long Read { get; private set; }

    public long Skipped { get; private set; }

    public long RejectedCount { get; private set; }

    public BatchPool Pool => field ??= new BatchPool(PoolBatches, PoolBytes ?? BatchBytes);

    public ChannelWriter<RowBatch> Full => _full.Writer;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<CopyRowWriter> OpenAsync() => await CopyRowWriter.CreateAsync(
        new CopyRowWriterOptions
        {
            Columns = Columns,
            Pool = Pool,
            Full = _full.Writer,
            Rejects = this,
            Counted = (read, skipped, rejected) => (Read, Skipped, RejectedCount) = (Read + read, Skipped + skipped, RejectedCount + rejected),
            BatchBytes = BatchBytes,
            BatchRows = BatchRows,
            MaxRowBytes = MaxRowBytes,
            PreserveOrder = PreserveOrder,
            TextOnly = TextOnly,
        },
        Ct);

    /// <summary>The batches handed on since the last call; they stay out of the pool.</summary>
    public List<RowBatch> Take()
    {
        var batches = new List<RowBatch>();
        while (_full.Reader.TryRead(out var batch))
        {
            batches.Add(batch);
        }

        return batches;
    }

    public void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source) => Rejected.Add((rejection, Encoding.UTF8.GetString(source)));

    public void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText) => throw new InvalidOperationException("A writer rejects records only.");

    public static async Task WriteRowAsync(RowWriter writer, RowOrigin origin, params string?[] fields)
    {
        WriteFields(writer, fields);
        if (writer.EndRow(origin))
        {
            await writer.FlushAsync(Ct);
        }
    }

    public static void WriteFields(RowWriter writer, params string?[] fields)
    {
        foreach (var field in fields)
        {
            if (field is null)
            {
                writer.WriteNull();
            }
            else
            {
                writer.WriteText(Encoding.UTF8.GetBytes(field));
            }
        }
    }

    public static string Text(RowBatch batch)
    {
        var output = new ArrayBufferWriter<byte>();
        for (var row = 0; row < batch.RowCount; row++)
        {
            batch.WriteRowAsCopyText(row, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static RowOrigin Line(long line) => new(0, line, line * 10);
}
