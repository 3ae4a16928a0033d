using System.Collections.Concurrent;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Sessions on the target that are lent out and come back: as many as are in use at once, no more.</summary>
/// <param name="main">The target as it was connected.</param>
/// <param name="isAlone">It is lent out itself, to one at a time: all is part of its single transaction.</param>
internal sealed class TargetSessions(IDatabaseTarget main, bool isAlone = false) : IAsyncDisposable
{
    private readonly ConcurrentBag<IDatabaseTarget> _idle = [];
    private readonly ConcurrentBag<IDatabaseTarget> _all = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Lends a session for the time of an action.</summary>
    public async Task<T> UseAsync<T>(Func<IDatabaseTarget, Task<T>> action)
    {
        if (isAlone)
        {
            await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                return await action(main).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }

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
        _turn.Dispose();
        foreach (var session in _all)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
