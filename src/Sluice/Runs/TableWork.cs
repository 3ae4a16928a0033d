using System.Collections.Concurrent;
using Sluice.Plans;
using Sluice.Sources;

namespace Sluice.Runs;

/// <summary>A table while it is copied: its units, and the lanes that copy them side by side, each with a reader of its own.</summary>
internal sealed class TableWork(TablePlan plan, RunLine line, RejectFiles rejects)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<ReadUnit> _units = [];
    private readonly TaskCompletionSource _split = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lanes = 1;
    private bool _isClosed;

    public TablePlan Plan { get; } = plan;

    public RunLine Line { get; } = line;

    public RejectFiles Rejects { get; } = rejects;

    /// <summary>Ends when it is known what there is to read, or that nothing will be read.</summary>
    public Task Split => _split.Task;

    public void SetUnits(IEnumerable<ReadUnit> units)
    {
        foreach (var unit in units)
        {
            _units.Enqueue(unit);
        }

        _split.TrySetResult();
    }

    /// <summary>The units that no other lane has taken, one by one.</summary>
    public IEnumerable<ReadUnit> TakeUnits()
    {
        while (_units.TryDequeue(out var unit))
        {
            yield return unit;
        }
    }

    /// <summary>One more lane, if there is work for it.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_isClosed || _units.IsEmpty)
            {
                return false;
            }

            _lanes++;
            return true;
        }
    }

    /// <summary>A lane is done. Returns whether it was the last.</summary>
    /// <param name="failed">The others stop after the unit at hand.</param>
    public bool Leave(bool failed)
    {
        _split.TrySetResult();
        lock (_gate)
        {
            if (failed)
            {
                _units.Clear();
            }

            _isClosed = --_lanes == 0;
            return _isClosed;
        }
    }
}
