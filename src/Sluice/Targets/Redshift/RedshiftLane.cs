using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>CSV rows of the batch at hand, on their way into one staged file.</summary>
internal sealed class RedshiftLane
{
    // The batch's CSV is about as long as its COPY text; the buffer is kept from batch to batch.
    private const int FirstBytes = 64 << 10;
    private const int KeptBytes = 64 << 20;

    private readonly List<int> _batchRows = [];

    public RowBuffer Buffer { get; } = new(FirstBytes, KeptBytes);

    /// <summary>Which rows of the batch they are.</summary>
    public IReadOnlyList<int> BatchRows => _batchRows;

    public ReadOnlyMemory<byte> Bytes => Buffer.Slice(0, Buffer.Position);

    public (int Position, int Rows) Mark => (Buffer.Position, _batchRows.Count);

    /// <summary>What was written since the last row is a row.</summary>
    public void EndRow(int batchRow) => _batchRows.Add(batchRow);

    /// <summary>Takes over, as a row, what was written to another lane from a position on.</summary>
    public void Move(RedshiftLane from, int position, int batchRow)
    {
        var row = from.Buffer.Written[position..];
        row.CopyTo(Buffer.GetSpan(row.Length));
        Buffer.Advance(row.Length);
        from.Buffer.Position = position;
        EndRow(batchRow);
    }

    public void Return((int Position, int Rows) mark)
    {
        Buffer.Position = mark.Position;
        _batchRows.RemoveRange(mark.Rows, _batchRows.Count - mark.Rows);
    }

    /// <summary>Makes room for a batch at once: growing step by step would leave twice as much behind.</summary>
    public void Reserve(int batchBytes)
    {
        var room = (batchBytes + (batchBytes >> 3) + FirstBytes) & ~(FirstBytes - 1);
        Buffer.GetSpan(Math.Max(0, room - Buffer.Position));
    }

    public void Clear()
    {
        Buffer.Reset();
        _batchRows.Clear();
    }
}
