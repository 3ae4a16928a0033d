using System.Collections.Concurrent;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Sessions on the target that are lent out and come back: as many as are in use at once, no more.</summary>
internal sealed class TargetSessions(IDatabaseTarget main) : IAsyncDisposable
{
    private readonly ConcurrentBag<IDatabaseTarget> _idle = [];
    private readonly ConcurrentBag<IDatabaseTarget> _all = [];

    /// <summary>The target's name of its database.</summary>
    public string Database => main.Database;

    /// <summary>Lends a session for the time of an action.</summary>
    public async Task<T> UseAsync<T>(Func<IDatabaseTarget, Task<T>> action)
    {
        if (!_idle.TryTake(out var session))
        {
            session = main.OpenSession();
            _all.Add(session);
        }

        try
        {
            return await action(session).ConfigureAwait(false);
        }
        finally
        {
            _idle.Add(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _all)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
