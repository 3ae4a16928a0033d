using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>What failed in a run, in order; each is logged as it comes. Thread-safe.</summary>
internal sealed class RunFailures(ILogger logger, bool isFirstFinal = false)
{
    private readonly Lock _gate = new();
    private readonly List<SluiceException> _failures = [];

    /// <summary>One failure ends everything, and undoes it.</summary>
    public bool IsFirstFinal => isFirstFinal;

    public ImmutableArray<SluiceException> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>Keeps a failure that the rest goes on after, or throws it where it ends everything: in a single transaction.</summary>
    public void Tolerate(SluiceException failure)
    {
        if (IsFirstFinal)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        Add(failure);
    }

    public void Add(SluiceException failure)
    {
        lock (_gate)
        {
            _failures.Add(failure);
        }

        if (failure.Hint is null)
        {
            Log.RunFailed(logger, failure.Message);
        }
        else
        {
            Log.RunFailedWithHint(logger, failure.Message, failure.Hint);
        }
    }
}
