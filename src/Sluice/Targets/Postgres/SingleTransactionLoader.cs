using Npgsql;
using Sluice.Batches;
using Sluice.Diagnostics;

namespace Sluice.Targets.Postgres;

/// <summary>Loads within a transaction that someone else began and will end: a batch is a savepoint, a lost connection ends the load.</summary>
internal sealed class SingleTransactionLoader(NpgsqlConnection connection, TableLoadSettings target) : ITableLoader
{
    private const string Savepoint = "sluice_batch";

    private readonly CopySession _session = new(connection, target);

    private bool _isPrepared;

    public long? InsertedRows => _session.InsertedRows;

    public Task<bool> TryConnectAsync(CancellationToken ct) => Task.FromResult(true);

    public async Task BeginAsync(CancellationToken ct)
    {
        foreach (var statement in _isPrepared ? [] : target.TransactionSql)
        {
            await ExecuteAsync(statement, ct).ConfigureAwait(false);
        }

        _isPrepared = true;
        _session.Restart();
        await ExecuteAsync($"SAVEPOINT {Savepoint}", ct).ConfigureAwait(false);
    }

    public Task CopyAsync(RowRange rows, CancellationToken ct) => _session.SendAsync(rows.Encoding, rows.Bytes, ct);

    public Task CopyGuardedAsync(RowRange rows, bool checkDeferred, CancellationToken ct) =>
        _session.SendGuardedAsync(rows.Encoding, rows.Bytes, checkDeferred, ct);

    public Task CopyTextGuardedAsync(ReadOnlyMemory<byte> row, bool checkDeferred, CancellationToken ct) =>
        _session.SendGuardedAsync(RowEncoding.CopyText, row, checkDeferred, ct);

    public Task CommitAsync(bool beginNext, CancellationToken ct) => ExecuteAsync($"RELEASE SAVEPOINT {Savepoint}", ct);

    public Task RollbackAsync(CancellationToken ct) => ExecuteAsync($"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", ct);

    public Task<bool> WasCommittedAsync(CancellationToken ct) => throw new TargetException(
        $"The connection was lost while loading {target.Name} in a single transaction: nothing was loaded", "run the load again");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task ExecuteAsync(string sql, CancellationToken ct) => CopySession.GuardAsync(target, () => _session.ExecuteAsync(sql, ct));
}
