using System.Collections.Concurrent;
using System.Threading.Channels;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;

namespace Sluice.Runs;

/// <summary>Builds indexes while other tables are still being copied, over sessions of its own.</summary>
internal sealed class IndexPool
{
    private readonly Channel<(TablePlan Table, IndexPlan Index)> _queue = Channel.CreateUnbounded<(TablePlan, IndexPlan)>();
    private readonly ConcurrentBag<IndexPlan> _built = [];
    private readonly ConcurrentDictionary<QualifiedName, bool> _rebuilt = new();
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
        if (table.DropIndexes.Length > 0)
        {
            _rebuilt.TryAdd(table.Target, true);
        }

        foreach (var index in table.Indexes)
        {
            _queue.Writer.TryWrite((table, index));
        }
    }

    /// <summary>Of a table whose indexes were dropped: whether they were to come back, and none has failed.</summary>
    public bool IsRebuilt(TablePlan table) => _rebuilt.GetValueOrDefault(table.Target);

    /// <summary>One failure for all dropped indexes of a table: its hint has the statements that are left.</summary>
    public void FailRebuild(TablePlan table, TargetException e)
    {
        if (_rebuilt.TryUpdate(table.Target, false, true))
        {
            _failures.Tolerate(_failures.IsFirstFinal ? e : new TargetException(
                $"The indexes of {table.Target} could not all be built again: {e.Message}",
                $"once the cause is gone, run what is missing of: {string.Join("; ", table.RestoreIndexes)}", e));
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
        await foreach (var (table, index) in _queue.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            _line.AddRead(1);
            try
            {
                await _sessions.UseAsync(async session =>
                {
                    await session.ExecuteEachAsync("Create Indexes", index.Statements, apart: false, ct).ConfigureAwait(false);
                    return true;
                }).ConfigureAwait(false);
                _built.Add(index);
                _line.AddLoaded(1);
            }
            catch (TargetException e)
            {
                _line.AddRejected(1);
                if (index.Rebuild is null)
                {
                    _failures.Tolerate(e);
                }
                else
                {
                    FailRebuild(table, e);
                }
            }
        }
    }
}
