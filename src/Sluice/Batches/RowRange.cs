namespace Sluice.Batches;

/// <summary>Rows of a batch that follow each other, from the 0-based <paramref name="First"/> on: what is sent at once.</summary>
public readonly record struct RowRange(RowBatch Batch, int First, int Count)
{
    public RowEncoding Encoding => Batch.Encoding;

    public ReadOnlyMemory<byte> Bytes => Batch.Rows(First, Count);
}
