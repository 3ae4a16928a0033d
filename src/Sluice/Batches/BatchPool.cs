namespace Sluice.Batches;

/// <summary>
/// A fixed number of batches: the back-pressure of the pipeline. A writer holds at most two (one of them for diverted rows), so
/// 2 × readers + loaders is the least that keeps all busy, and readers + 1 the least that gets on. Thread-safe.
/// </summary>
public sealed class BatchPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<RowBatch> _idle;
    private readonly SemaphoreSlim _available;
    private bool _disposed;

    /// <param name="batches">How many there are. Buffers are allocated when first needed, the last returned is the next rented.</param>
    /// <param name="batchBytes">The nominal size of a batch; 64 KiB of slack come on top.</param>
    public BatchPool(int batches, int batchBytes = BufferSizes.BatchBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchBytes);
        Count = batches;
        BatchBytes = Math.Min(batchBytes, BufferSizes.MaxBatchBytes);
        _idle = new Stack<RowBatch>(Enumerable.Range(0, batches).Select(_ => new RowBatch(BatchBytes) { IsIdle = true }));
        _available = new SemaphoreSlim(batches);
    }

    /// <summary>How many batches there are, idle or not.</summary>
    public int Count { get; }

    public int BatchBytes { get; }

    /// <summary>How many are idle at this moment.</summary>
    public int Idle
    {
        get
        {
            lock (_gate)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>An empty batch, as soon as there is one.</summary>
    public async ValueTask<RowBatch> RentAsync(CancellationToken ct)
    {
        await _available.WaitAsync(ct).ConfigureAwait(false);
        return Take();
    }

    /// <summary>An empty batch, or null when none is idle.</summary>
    public RowBatch? TryRent() => _available.Wait(0, CancellationToken.None) ? Take() : null;

    /// <summary>Gives a batch back; its rows are gone.</summary>
    public void Return(RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Reset(RowEncoding.CopyText, []);
        lock (_gate)
        {
            if (batch.IsIdle)
            {
                throw new InvalidOperationException("The batch was returned before.");
            }

            batch.IsIdle = true;
            _idle.Push(batch);
        }

        _available.Release();
    }

    /// <summary>Ends all waiting with an <see cref="ObjectDisposedException"/>. Batches may still be returned.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _available.Release();
    }

    private RowBatch Take()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                var batch = _idle.Pop();
                batch.IsIdle = false;
                return batch;
            }
        }

        // Wakes the next one that waits.
        _available.Release();
        throw new ObjectDisposedException(nameof(BatchPool));
    }
}
