using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>What failed in a run, in order; each is logged as it comes. Thread-safe.</summary>
internal sealed class RunFailures(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly List<SluiceException> _failures = [];

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
