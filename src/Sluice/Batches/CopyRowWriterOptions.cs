using System.Collections.Immutable;
using System.Threading.Channels;

namespace Sluice.Batches;

/// <summary>What a <see cref="CopyRowWriter"/> works with. One set may serve all writers of a load.</summary>
public sealed record CopyRowWriterOptions
{
    /// <summary>The columns in the order of the COPY; binary is used when all of them have a binary type.</summary>
    public required ImmutableArray<ColumnEncoding> Columns { get; init; }

    public required BatchPool Pool { get; init; }

    /// <summary>Where finished batches go; unbounded, since the pool is the limit. Whoever reads them returns them to the pool.</summary>
    public required ChannelWriter<RowBatch> Full { get; init; }

    public required IRejectSink Rejects { get; init; }

    public required RowsCounted Counted { get; init; }

    public int BatchRows { get; init; } = BufferSizes.BatchRows;

    /// <summary>A batch is full when its rows reach this size; never more than the pool's batches are made for.</summary>
    public int BatchBytes { get; init; } = BufferSizes.BatchBytes;

    /// <summary>The bytes of a row's fields, and one more for each: a row with more is rejected.</summary>
    public long MaxRowBytes { get; init; } = 64L << 20;

    /// <summary>Rows reach the server in the order they were written in (one loader provided): no row is diverted.</summary>
    public bool PreserveOrder { get; init; }

    /// <summary>Binary is not wanted, whatever the columns are.</summary>
    public bool TextOnly { get; init; }
}
