using System.Data;
using System.Globalization;
using Npgsql;
using StatementType = Npgsql.StatementType;

namespace Sluice.Postgres;

/// <summary>
/// A transaction that knows its own id, so that its outcome can be looked up after the connection was lost.
/// Dispose without <see cref="CommitAsync"/> rolls back.
/// </summary>
public sealed class LoadTransaction : IAsyncDisposable
{
    private const string Begin = "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED";

    private readonly NpgsqlConnection _connection;
    private readonly TransactionOutcomes _outcomes;
    private bool _hasEnded;

    private LoadTransaction(NpgsqlConnection connection, TransactionOutcomes outcomes, object? id)
    {
        _connection = connection;
        _outcomes = outcomes;
        Id = id is string digits ? ulong.Parse(digits, CultureInfo.InvariantCulture) : null;
        outcomes.Register(Id, this);
    }

    /// <summary>With its epoch; null where the server cannot tell (before PostgreSQL 10).</summary>
    public ulong? Id { get; }

    /// <summary>COMMIT was sent: after an error only the server knows the outcome. False: nothing was kept.</summary>
    public bool IsCommitSent { get; private set; }

    /// <summary>Begins and reads the id in one round trip.</summary>
    /// <exception cref="PostgresException">The server refuses, for example because it is read-only.</exception>
    public static async Task<LoadTransaction> BeginAsync(NpgsqlConnection connection, TransactionOutcomes outcomes, CancellationToken ct)
    {
        using var batch = Batch(connection, [Begin, ReadId(connection)]);
        try
        {
            return new LoadTransaction(connection, outcomes, await batch.ExecuteScalarAsync(ct).ConfigureAwait(false));
        }
        catch
        {
            await RollBackAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Commits; where asked to, begins the next transaction in the same round trip and returns it.</summary>
    public async Task<LoadTransaction?> CommitAsync(bool beginNext, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        IsCommitSent = true;
        using var batch = Batch(_connection, beginNext ? ["COMMIT", Begin, ReadId(_connection)] : ["COMMIT"]);
        object? id;
        try
        {
            // Not cancelled on the way: the outcome would have to be looked up.
            id = await batch.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (PostgresException) when (batch.BatchCommands[0].StatementType != StatementType.Unknown && _connection.State == ConnectionState.Open)
        {
            // The commit was answered; whoever begins next meets the error again.
            await RollBackAsync(_connection).ConfigureAwait(false);
            beginNext = false;
            id = null;
        }

        _hasEnded = true;
        _outcomes.Forget(Id, this);
        return beginNext ? new LoadTransaction(_connection, _outcomes, id) : null;
    }

    /// <summary>Rolls back unless committed. A broken connection is no error here. Keeps the id of a transaction whose COMMIT was sent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!IsCommitSent)
        {
            _outcomes.Forget(Id, this);
        }

        if (!_hasEnded)
        {
            _hasEnded = true;
            await RollBackAsync(_connection).ConfigureAwait(false);
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, ReadOnlySpan<string> statements)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        return batch;
    }

    private static string ReadId(NpgsqlConnection connection)
    {
        var version = connection.PostgreSqlVersion.Major;
        return version >= 13 ? "SELECT pg_catalog.pg_current_xact_id()::text" : version >= 10 ? "SELECT pg_catalog.txid_current()::text" : "SELECT NULL::text";
    }

    private static async Task RollBackAsync(NpgsqlConnection connection)
    {
        try
        {
            using var command = new NpgsqlCommand("ROLLBACK", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // The server rolls back what a lost session leaves open.
        }
    }
}
