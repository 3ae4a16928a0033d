using System.Collections.Concurrent;
using System.Threading.Channels;
using Sluice.Diagnostics;
using Sluice.Plans;

namespace Sluice.Runs;

/// <summary>Builds indexes while other tables are still being copied, over sessions of its own.</summary>
internal sealed class IndexPool
{
    private readonly Channel<IndexPlan> _queue = Channel.CreateUnbounded<IndexPlan>();
    private readonly ConcurrentBag<IndexPlan> _built = [];
    private readonly TargetSessions _sessions;
    private readonly RunLine _line;
    private readonly RunFailures _failures;
    private readonly Task _builders;

    public IndexPool(TargetSessions sessions, int builders, RunLine line, RunFailures failures, CancellationToken ct)
    {
        _sessions = sessions;
        _line = line;
        _failures = failures;
        _builders = Task.WhenAll(Enumerable.Range(0, builders).Select(_ => Task.Run(() => BuildAsync(ct), CancellationToken.None)));
    }

    public void Add(TablePlan table)
    {
        foreach (var index in table.Indexes)
        {
            _queue.Writer.TryWrite(index);
        }
    }

    /// <summary>Waits until all that were added are built or failed. Returns the built ones.</summary>
    public async Task<IReadOnlyCollection<IndexPlan>> CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await _builders.ConfigureAwait(false);
        return _built;
    }

    private async Task BuildAsync(CancellationToken ct)
    {
        await foreach (var index in _queue.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            if (index.Create is not { } create)
            {
                _built.Add(index);
                continue;
            }

            _line.AddRead(1);
            try
            {
                await _sessions.UseAsync(async session =>
                {
                    await session.ExecuteEachAsync("Create Indexes", [create], apart: false, ct).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false);
                _built.Add(index);
                _line.AddLoaded(1);
            }
            catch (TargetException e)
            {
                _line.AddRejected(1);
                _failures.Add(e);
            }
        }
    }
}
