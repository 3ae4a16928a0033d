using Sluice.Batches;

namespace Sluice.Tests.Batches;

public sealed class BatchPoolTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renting_waits_until_a_batch_is_returned()
    {
        using var pool = new BatchPool(1);
        var batch = await pool.RentAsync(Ct);
        Assert.Null(pool.TryRent());
        var waiting = pool.RentAsync(Ct).AsTask();
        Assert.False(waiting.IsCompleted);

        pool.Return(batch);
        Assert.Same(batch, await waiting);
    }

    [Fact]
    public async Task Waiting_ends_with_the_token()
    {
        using var pool = new BatchPool(1);
        pool.TryRent();
        using var stop = new CancellationTokenSource();
        var waiting = pool.RentAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Disposal_ends_all_waiting()
    {
        var pool = new BatchPool(1);
        var batch = pool.TryRent();
        var waiting = Enumerable.Range(0, 3).Select(_ => pool.RentAsync(Ct).AsTask()).ToList();
        pool.Dispose();
        foreach (var wait in waiting)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
        }

        Assert.Throws<ObjectDisposedException>(pool.TryRent);
        pool.Return(batch!);
    }

    [Fact]
    public void A_batch_cannot_be_returned_twice()
    {
        using var pool = new BatchPool(2);
        var batch = pool.TryRent()!;
        pool.Return(batch);
        Assert.Throws<InvalidOperationException>(() => pool.Return(batch));
        Assert.Equal(2, pool.Idle);
    }

    [Fact]
    public async Task Many_renters_never_share_a_batch()
    {
        using var pool = new BatchPool(3);
        var held = new System.Collections.Concurrent.ConcurrentDictionary<RowBatch, bool>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    var batch = await pool.RentAsync(Ct);
                    Assert.True(held.TryAdd(batch, true));
                    await Task.Yield();
                    Assert.True(held.TryRemove(batch, out var _));
                    pool.Return(batch);
                }
            },
            Ct)));
        Assert.Equal(3, pool.Idle);
    }
}
