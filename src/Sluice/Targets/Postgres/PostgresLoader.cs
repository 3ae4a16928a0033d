using Npgsql;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Postgres;

/// <summary>Loads one transaction a batch. The connection is the loader's own, or the run's one and only.</summary>
internal sealed class PostgresLoader(TargetConnection connection, bool ownsConnection, TableLoadSettings target, TransactionOutcomes outcomes, TimeSpan reconnect)
    : ITableLoader
{
    private const int LookUpAttempts = 10;

    private LoadTransaction? _transaction;
    private CopySession? _session;

    public long? InsertedRows => _session?.InsertedRows;

    public async Task<bool> TryConnectAsync(CancellationToken ct)
    {
        try
        {
            await connection.GetAsync(ct).ConfigureAwait(false);
            return true;
        }
        catch (TargetException e) when (e.InnerException is PostgresException { SqlState: SqlStates.TooManyConnections or SqlStates.ConfigurationLimitExceeded })
        {
            return false;
        }
    }

    public Task BeginAsync(CancellationToken ct) => CopySession.GuardAsync(target, async () =>
    {
        var open = await connection.GetAsync(ct).ConfigureAwait(false);
        _session = new CopySession(open, target);
        _transaction ??= await LoadTransaction.BeginAsync(open, outcomes, ct).ConfigureAwait(false);
        foreach (var statement in target.TransactionSql)
        {
            await _session.ExecuteAsync(statement, ct).ConfigureAwait(false);
        }
    });

    public Task CopyAsync(RowRange rows, CancellationToken ct) => Session.SendAsync(rows.Encoding, rows.Bytes, ct);

    public Task CopyGuardedAsync(RowRange rows, bool checkDeferred, CancellationToken ct) =>
        Session.SendGuardedAsync(rows.Encoding, rows.Bytes, checkDeferred, ct);

    public Task CopyTextGuardedAsync(ReadOnlyMemory<byte> row, bool checkDeferred, CancellationToken ct) =>
        Session.SendGuardedAsync(RowEncoding.CopyText, row, checkDeferred, ct);

    public Task CommitAsync(bool beginNext, CancellationToken ct) => CopySession.GuardAsync(
        target, async () => _transaction = await _transaction!.CommitAsync(beginNext, ct).ConfigureAwait(false)); // Begin comes first

    public async Task RollbackAsync(CancellationToken ct) => await EndTransactionAsync().ConfigureAwait(false);

    public async Task<bool> WasCommittedAsync(CancellationToken ct)
    {
        if (target.CannotRecover is { } reason)
        {
            throw new TargetException(
                $"The connection was lost while loading {target.Name}, and {reason}", "check what the table holds, empty it and load again");
        }

        var lost = _transaction;
        _transaction = null;
        _session = null;
        for (var attempt = 1; ; attempt++)
        {
            var session = await connection.ReplaceAsync(reconnect, ct).ConfigureAwait(false);
            try
            {
                if (lost is null)
                {
                    return false;
                }

                var outcome = await outcomes.LookUpAsync(lost, session, ct).ConfigureAwait(false);
                await lost.DisposeAsync().ConfigureAwait(false);
                return outcome == TransactionOutcome.Unknown
                    ? throw new TargetException(
                        $"The connection was lost while a batch for {target.Name} was being committed, and the server cannot say whether it was",
                        "compare the table's row count with the summary before you load again")
                    : outcome == TransactionOutcome.Committed;
            }
            catch (Exception e) when (attempt < LookUpAttempts && ServerError.Classify(e) == ServerErrorKind.ConnectionLost)
            {
                // Lost again while asking: the question stays the same.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndTransactionAsync().ConfigureAwait(false);
        if (ownsConnection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private CopySession Session => _session ?? throw new InvalidOperationException("Begin comes first.");

    private async Task EndTransactionAsync()
    {
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
    }
}
