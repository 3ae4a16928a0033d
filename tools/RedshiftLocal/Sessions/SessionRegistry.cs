using System.Collections.Concurrent;

namespace RedshiftLocal.Sessions;

/// <summary>The running sessions, by the process id and the secret that their clients were told.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<(int ProcessId, int Secret), Session> _sessions = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>False when the limit is reached; else a place is taken until <see cref="Leave"/>.</summary>
    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _count) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);

    public void Add(Session session) => _sessions[(session.ProcessId, session.Secret)] = session;

    public void Remove(Session session) => _sessions.TryRemove((session.ProcessId, session.Secret), out _);

    public Task CancelAsync(int processId, int secret) =>
        _sessions.TryGetValue((processId, secret), out var session) ? session.CancelStatementAsync() : Task.CompletedTask;
}
