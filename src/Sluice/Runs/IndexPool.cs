using System.Collections.Concurrent;
using System.Threading.Channels;
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

    private readonly Channel<(IndexPlan Index, bool IsSmall)> _queue = Channel.CreateUnbounded<(IndexPlan Index, bool IsSmall)>();
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
            _queue.Writer.TryWrite((index, table.IsSmall));
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
        var some = new List<IndexPlan>();
        await foreach (var (index, isSmall) in _queue.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            some.Clear();
            some.Add(index);
            while (isSmall && some.Count < SmallTogether && _queue.Reader.TryPeek(out var next) && next.IsSmall && _queue.Reader.TryRead(out next))
            {
                some.Add(next.Index);
            }

            _line.AddRead(some.Count);
            await _sessions.UseAsync(session => BuildAsync(session, some, ct)).ConfigureAwait(false);
        }
    }

    // What fails together is tried one by one.
    private async Task<bool> BuildAsync(IDatabaseTarget session, List<IndexPlan> some, CancellationToken ct)
    {
        if (some.Count > 1 && await TryAsync(() => session.ExecuteTogetherAsync(Title, some.Select(index => index.Create), ct)).ConfigureAwait(false) is null)
        {
            some.ForEach(Built);
            return true;
        }

        foreach (var index in some)
        {
            if (await TryAsync(() => session.ExecuteEachAsync(Title, [index.Create], apart: false, ct)).ConfigureAwait(false) is { } failure)
            {
                _line.AddRejected(1);
                _failures.Add(failure);
            }
            else
            {
                Built(index);
            }
        }

        return true;
    }

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
