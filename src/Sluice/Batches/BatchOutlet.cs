using System.Threading.Channels;

namespace Sluice.Batches;

/// <summary>A writer's side of the pool and of the channel: rents, judges and hands on its batches.</summary>
internal sealed class BatchOutlet(CopyRowWriterOptions options)
{
    private readonly BinaryType[] _types = [.. options.Columns.Select(c => c.Type)];
    private readonly int _batchBytes = Math.Min(options.BatchBytes, options.Pool.BatchBytes);
    private readonly int _batchRows = options.BatchRows;
    private long _sequence;

    public BinaryType[] Types => _types;

    public bool IsFull(RowBatch batch) => batch.EncodedBytes >= _batchBytes || batch.RowCount >= _batchRows;

    public async ValueTask<RowBatch> RentAsync(RowEncoding encoding, CancellationToken ct)
    {
        var batch = await options.Pool.RentAsync(ct).ConfigureAwait(false);
        batch.Reset(encoding, _types);
        return batch;
    }

    /// <summary>Gives a batch with rows to the loaders; an empty one stays where it is.</summary>
    public void HandOn(ref RowBatch? batch)
    {
        if (batch is null || batch.RowCount == 0)
        {
            return;
        }

        batch.Sequence = _sequence++;
        if (!options.Full.TryWrite(batch))
        {
            // Its loaders have failed: the run has the reason.
            throw new ChannelClosedException("No batches are taken any more.");
        }

        batch = null;
    }

    public void Return(ref RowBatch? batch)
    {
        if (batch is not null)
        {
            options.Pool.Return(batch);
            batch = null;
        }
    }
}
