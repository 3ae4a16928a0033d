using System.Globalization;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>
/// A transaction that knows its own id, so that its outcome can be looked up after the connection was lost.
/// Dispose without <see cref="CommitAsync"/> rolls back.
/// </summary>
public sealed class LoadTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;
    private readonly TransactionOutcomes _outcomes;

    private LoadTransaction(NpgsqlTransaction transaction, TransactionOutcomes outcomes, ulong? id)
    {
        _transaction = transaction;
        _outcomes = outcomes;
        Id = id;
    }

    /// <summary>With its epoch; null where the server cannot tell (before PostgreSQL 10).</summary>
    public ulong? Id { get; }

    /// <summary>COMMIT was sent: after an error only the server knows the outcome. False: nothing was kept.</summary>
    public bool IsCommitSent { get; private set; }

    /// <summary>Begins and reads the id in one round trip.</summary>
    /// <exception cref="PostgresException">The server refuses, for example because it is read-only.</exception>
    public static async Task<LoadTransaction> BeginAsync(NpgsqlConnection connection, TransactionOutcomes outcomes, CancellationToken ct)
    {
        // Npgsql sends BEGIN together with the first command.
        var transaction = await connection.BeginTransactionAsync(ct).ConfigureAwait(false);
        try
        {
            var id = await ReadIdAsync(connection, transaction, ct).ConfigureAwait(false);
            var result = new LoadTransaction(transaction, outcomes, id);
            outcomes.Register(id, result);
            return result;
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task CommitAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        IsCommitSent = true;
        // Not cancelled on the way: the outcome would have to be looked up.
        await _transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        _outcomes.Forget(Id, this);
    }

    /// <summary>Rolls back unless committed. A broken connection is no error here. Keeps the id of a transaction whose COMMIT was sent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!IsCommitSent)
        {
            _outcomes.Forget(Id, this);
        }

        try
        {
            await _transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // The server rolls back what a lost session leaves open.
        }
    }

    private static async Task<ulong?> ReadIdAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        var version = connection.PostgreSqlVersion.Major;
        var sql = version >= 13 ? "SELECT pg_catalog.pg_current_xact_id()::text" : version >= 10 ? "SELECT pg_catalog.txid_current()::text" : "SELECT NULL::text";
        using var command = new NpgsqlCommand(sql, connection, transaction);
        return await command.ExecuteScalarAsync(ct).ConfigureAwait(false) is string id ? ulong.Parse(id, CultureInfo.InvariantCulture) : null;
    }
}
