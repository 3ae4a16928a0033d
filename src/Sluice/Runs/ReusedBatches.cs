using Sluice.Batches;

namespace Sluice.Runs;

/// <summary>The batches of one reader, for one table after another: thousands of small tables would else each make their own.</summary>
internal sealed class ReusedBatches : IDisposable
{
    private BatchPool? _pool;

    /// <param name="writers">Of a table.</param>
    /// <param name="batchBytes">Of a batch; larger ones serve too.</param>
    public BatchPool For(int writers, int batchBytes)
    {
        // A copy that failed may have left some of its batches behind.
        if (_pool is null || _pool.BatchBytes < batchBytes || _pool.Idle < _pool.Count)
        {
            _pool?.Dispose();
            _pool = new BatchPool(2 + (2 * writers), batchBytes);
        }

        return _pool;
    }

    public void Dispose() => _pool?.Dispose();
}
