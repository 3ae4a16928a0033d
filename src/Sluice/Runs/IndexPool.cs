using System.Collections.Concurrent;
using System.Threading.Channels;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Builds indexes while other tables are still being copied, over sessions of its own.</summary>
internal sealed class IndexPool
{
    private const string Title = "Create Indexes";

    // Of small tables: the time goes into asking and committing, not into building.
    private const int SmallTogether = 50;

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
        var some = new List<(TablePlan Table, IndexPlan Index)>();
        await foreach (var first in _queue.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            if (first.Index is { Create: null, Rebuild: null })
            {
                _built.Add(first.Index);
                continue;
            }

            some.Clear();
            some.Add(first);
            while (MayJoin(first) && some.Count < SmallTogether && _queue.Reader.TryPeek(out var next) && MayJoin(next) && _queue.Reader.TryRead(out next))
            {
                some.Add(next);
            }

            _line.AddRead(some.Count);
            await _sessions.UseAsync(session => BuildAsync(session, some, ct)).ConfigureAwait(false);
        }
    }

    // What fails together is tried one by one.
    private async Task<bool> BuildAsync(IDatabaseTarget session, List<(TablePlan Table, IndexPlan Index)> some, CancellationToken ct)
    {
        if (some.Count > 1 && await TryAsync(() => session.ExecuteTogetherAsync(Title, some.SelectMany(item => item.Index.Build), ct)).ConfigureAwait(false) is null)
        {
            some.ForEach(item => Built(item.Index));
            return true;
        }

        foreach (var (table, index) in some)
        {
            if (await TryAsync(() => session.ExecuteEachAsync(Title, index.Build, apart: false, ct)).ConfigureAwait(false) is { } failure)
            {
                _line.AddRejected(1);
                if (index.Rebuild is null)
                {
                    _failures.Tolerate(failure);
                }
                else
                {
                    FailRebuild(table, failure);
                }
            }
            else
            {
                Built(index);
            }
        }

        return true;
    }

    // Only where each has a transaction of its own anyway.
    private bool MayJoin((TablePlan Table, IndexPlan Index) item) =>
        item.Table.IsSmall && item.Index is { Create: not null, Rebuild: null } && !_failures.IsFirstFinal;

    private void Built(IndexPlan index)
    {
        _built.Add(index);
        _line.AddLoaded(1);
    }

    private static async Task<TargetException?> TryAsync(Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
            return null;
        }
        catch (TargetException e)
        {
            return e;
        }
    }
}
