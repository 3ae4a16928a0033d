using System.Text;
using Sluice.Batches;
using Sluice.Locations;
using Sluice.Sources;

namespace Sluice.Tests.Sources.Csv;

/// <summary>Input that never ends a line, a quote or a record: memory stays within max row size. It is the process's memory: nothing runs beside.</summary>
[Collection(nameof(CsvHostileTests))]
[CollectionDefinition(nameof(CsvHostileTests), DisableParallelization = true)]
public sealed class CsvHostileTests
{
    private const long MaxRowBytes = 64 << 10;

    [Theory]
    [InlineData("xxxxxxxxxxxxxxxx", "")]
    [InlineData("\"xxxxxxxxxxxxxxx", "")]
    [InlineData(",,,,,,,,,,,,,,,,", "")]
    [InlineData("                ", "")]
    [InlineData("\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"", "")]
    [InlineData("\"a\"b", "")]
    [InlineData("abc\n", "\"")]
    [InlineData("é€😀", "")]
    public async Task A_hundred_megabytes_of_one_thing_stay_within_the_limit(string piece, string first)
    {
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 4096)));
        var repeats = 100_000_000 / block.Length;
#if DEBUG
        repeats /= 20;
#endif
        var settings = CsvRun.Settings([], CsvRun.Comma, "a", "b") with
        {
            Inputs = [new InputFile("x", null, true, _ => Task.FromResult(new OpenedInput(new Blocks(Encoding.UTF8.GetBytes(first), block, repeats), null)))],
            MaxRowBytes = MaxRowBytes,
        };
        await using var source = SourceRegistry.Text(settings);
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        var rows = new SizeRowWriter();
        await source.ReadAsync(units[0], rows, TestContext.Current.CancellationToken);
        Assert.InRange(rows.LongestReject, 1, MaxRowBytes);
        Assert.InRange(rows.Rejects, 1, 2);
        Assert.InRange(rows.ManagedBytes, 0, 100L << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task What_is_too_long_does_not_depend_on_how_bytes_arrive(int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, 400).Select(_ => random.Next(12) switch
        {
            0 => "\"",
            1 => ",",
            2 => "\n",
            3 => new string('x', random.Next(200)),
            4 => "\"\"",
            5 => "\" ",
            _ => "é1",
        }));
        var bytes = Encoding.UTF8.GetBytes(text);
        var results = new List<string>();
        foreach (var chunk in new[] { 1, 3, 17, 1000, int.MaxValue })
        {
            var run = await CsvRun.ReadAsync(CsvRun.Settings(bytes, CsvRun.Comma, "a", "b") with
            {
                Inputs = [CsvRun.Input(bytes, chunk: () => chunk)],
                MaxRowBytes = 100,
            });
            results.Add(string.Join('\n', run.Lines) + string.Join('\n', run.Rows.Rejects.Select(r => r.Rejection.ToString())) + string.Join('\n', run.Rows.RejectedText));
        }

        Assert.Single(results.Distinct());
    }

    private sealed class Blocks(byte[] first, byte[] block, int repeats) : Stream
    {
        private readonly long _length = first.Length + ((long)block.Length * repeats);
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var from = _position < first.Length ? first.AsMemory((int)_position) : block.AsMemory((int)((_position - first.Length) % block.Length));
            var length = (int)Math.Min(Math.Min(from.Length, buffer.Length), _length - _position);
            from[..length].CopyTo(buffer);
            _position += length;
            return ValueTask.FromResult(length);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class SizeRowWriter : RowWriter
    {
        public int Rejects { get; private set; }

        public int LongestReject { get; private set; }

        public long ManagedBytes { get; private set; }

        public override void WriteNull()
        {
        }

        public override void WriteText(ReadOnlySpan<byte> utf8)
        {
        }

        public override bool EndRow(in RowOrigin origin) => false;

        public override void AbandonRow()
        {
        }

        public override ValueTask FlushAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override ValueTask CompleteAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override void Reject(Rejection rejection, ReadOnlySpan<byte> source)
        {
            Rejects++;
            LongestReject = Math.Max(LongestReject, source.Length);
            ManagedBytes = GC.GetTotalMemory(forceFullCollection: true);
        }

        public override void Skip()
        {
        }
    }
}
