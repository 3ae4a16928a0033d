using System.Globalization;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>What became of a transaction.</summary>
public enum TransactionOutcome
{
    Committed,

    /// <summary>Rolled back, or never heard of: nothing was kept.</summary>
    Aborted,

    /// <summary>The server cannot say: too old a server, too old a transaction, or it would not end.</summary>
    Unknown,
}

/// <summary>Looks up transactions whose connection was lost. One per run, shared by its writers. Thread-safe.</summary>
public sealed class TransactionOutcomes(TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, object> _open = [];
    private readonly HashSet<object> _reissued = [];

    /// <summary>
    /// Asks over a new connection. A transaction that is still in progress gets two seconds, then its session, which nobody listens to any
    /// more, is ended.
    /// </summary>
    public async Task<TransactionOutcome> LookUpAsync(LoadTransaction transaction, NpgsqlConnection connection, CancellationToken ct)
    {
        if (!transaction.IsCommitSent)
        {
            return TransactionOutcome.Aborted;
        }

        var outcome = transaction.Id is { } id ? await AskAsync(id, connection, ct).ConfigureAwait(false) : TransactionOutcome.Unknown;
        // Asked after the server: an id that was handed out again in the meantime is seen.
        outcome = IsReissued(transaction) ? TransactionOutcome.Aborted : outcome;
        Forget(transaction.Id, transaction);
        return outcome;
    }

    /// <summary>
    /// A crash can make the server forget an id that was not yet written to disk, and give it to the next transaction. When that is one of
    /// ours, the first owner is known to be lost, whatever the server says about the id later.
    /// </summary>
    internal void Register(ulong? id, object owner)
    {
        if (id is not { } known)
        {
            return;
        }

        lock (_gate)
        {
            if (_open.TryGetValue(known, out var first))
            {
                _reissued.Add(first);
            }

            _open[known] = owner;
        }
    }

    internal bool IsReissued(object owner)
    {
        lock (_gate)
        {
            return _reissued.Contains(owner);
        }
    }

    internal void Forget(ulong? id, object owner)
    {
        lock (_gate)
        {
            _reissued.Remove(owner);
            if (id is { } known && _open.TryGetValue(known, out var current) && ReferenceEquals(current, owner))
            {
                _open.Remove(known);
            }
        }
    }

    private async Task<TransactionOutcome> AskAsync(ulong id, NpgsqlConnection connection, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var isEnded = false;
        while (true)
        {
            switch (await StatusAsync(id, connection, ct).ConfigureAwait(false))
            {
                case "committed":
                    return TransactionOutcome.Committed;
                case "aborted":
                    return TransactionOutcome.Aborted;
                case "in progress" when time.GetElapsedTime(started) < Limit:
                    if (!isEnded && time.GetElapsedTime(started) > Patience)
                    {
                        await EndSessionAsync(id, connection, ct).ConfigureAwait(false);
                        isEnded = true;
                    }

                    await Task.Delay(Poll, time, ct).ConfigureAwait(false);
                    break;
                default:
                    return TransactionOutcome.Unknown;
            }
        }
    }

    private static async Task<string?> StatusAsync(ulong id, NpgsqlConnection connection, CancellationToken ct)
    {
        var isNew = connection.PostgreSqlVersion.Major >= 13;
        using var command = new NpgsqlCommand(
            isNew ? "SELECT pg_catalog.pg_xact_status($1::text::xid8)" : "SELECT pg_catalog.txid_status($1::text::bigint)", connection);
        command.Parameters.Add(new() { Value = id.ToString(CultureInfo.InvariantCulture) });
        try
        {
            return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) as string;
        }
        catch (PostgresException e) when (e.SqlState == SqlStates.InvalidParameterValue)
        {
            // An id in the server's future: it crashed before anything of the transaction reached the disk, its COMMIT neither.
            return "aborted";
        }
    }

    // The session is found by the transaction it runs, so that no other one is ended by mistake.
    private static async Task EndSessionAsync(ulong id, NpgsqlConnection connection, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(
            "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE backend_xid::text = $1 AND usename = CURRENT_USER", connection);
        command.Parameters.Add(new() { Value = ((uint)id).ToString(CultureInfo.InvariantCulture) });
        await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }
}
