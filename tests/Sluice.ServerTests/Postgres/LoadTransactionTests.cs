using Sluice.Batches;
using Sluice.Postgres;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Postgres;

public sealed class LoadTransactionTests(PostgresServer server)
{
    private readonly TransactionOutcomes _outcomes = new(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_committed()
    {
        await using var db = await TableAsync();
        await using var connector = db.Connector();
        await using var connection = await connector.OpenAsync(Ct);
        await using var transaction = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        await transaction.CommitAsync(Ct);
        await db.KillBackendAsync(connection.ProcessID, Ct);
        await using var again = await connector.OpenAsync(Ct);
        Assert.Equal(TransactionOutcome.Committed, await _outcomes.LookUpAsync(transaction, again, Ct));
        Assert.Equal(1, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_commit_that_never_reached_the_server_is_found_aborted()
    {
        await using var db = await TableAsync();
        await using var connector = db.Connector();
        await using var connection = await connector.OpenAsync(Ct);
        await using var transaction = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        await db.KillBackendAsync(connection.ProcessID, Ct);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(Ct));
        Assert.Equal(ServerErrorKind.ConnectionLost, ServerError.Classify(error));
        Assert.True(transaction.IsCommitSent);
        await using var again = await connector.OpenAsync(Ct);
        Assert.Equal(TransactionOutcome.Aborted, await _outcomes.LookUpAsync(transaction, again, Ct));
        Assert.Equal(0, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_transaction_that_hangs_is_ended_and_found_aborted()
    {
        await using var db = await TableAsync();
        await using var connector = db.Connector();
        await using var connection = await connector.OpenAsync(Ct);
        await using var transaction = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        // A COMMIT that the server holds up: a deferred trigger sleeps. The client sees nothing, as if the network were cut.
        await connection.ExecuteAsync("INSERT INTO slow VALUES (1)", Ct);
        var commit = transaction.CommitAsync(Ct);
        await using var again = await connector.OpenAsync(Ct);
        Assert.Equal(TransactionOutcome.Aborted, await _outcomes.LookUpAsync(transaction, again, Ct));
        await Assert.ThrowsAnyAsync<Exception>(() => commit);
        Assert.Equal(0, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Without_commit_nothing_is_kept_and_no_question_asked()
    {
        await using var db = await TableAsync();
        await using var connector = db.Connector();
        await using var connection = await connector.OpenAsync(Ct);
        var transaction = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        await transaction.DisposeAsync();
        Assert.Equal(0, await db.CountAsync("t", Ct));
        Assert.Equal(TransactionOutcome.Aborted, await _outcomes.LookUpAsync(transaction, connection, Ct));
        Assert.Equal("usable", await connection.ScalarAsync("SELECT 'usable'", Ct));
    }

    [Fact]
    public async Task The_id_is_the_transactions_own()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var transaction = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        Assert.Equal(await connection.ScalarAsync("SELECT txid_current()", Ct), transaction.Id?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task After_a_crash_the_outcome_is_still_known()
    {
        _ = server.Private;
        await using var instance = await PostgresInstance.StartAsync(Ct);
        await using var connector = instance.Connector("postgres", null);
        await using var connection = await connector.OpenAsync(Ct);
        await connection.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        await using var transaction = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        await instance.KillAsync(Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(Ct));
        await instance.StartAgainAsync(Ct);
        await using var again = await connector.OpenAsync(Ct);
        Assert.Equal(TransactionOutcome.Aborted, await _outcomes.LookUpAsync(transaction, again, Ct));
        Assert.Equal("0", await again.ScalarAsync("SELECT count(*) FROM t", Ct));
    }

    private static async Task LoadAsync(Npgsql.NpgsqlConnection connection)
    {
        await using var copy = await CopyStream.BeginAsync(connection, new(null, "t"), [], RowEncoding.CopyText, Ct);
        await copy.WriteAsync("1\n"u8.ToArray(), Ct);
        await copy.CompleteAsync(Ct);
    }

    private async Task<TestDatabase> TableAsync()
    {
        var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync(
            """
            CREATE TABLE t (a int);
            CREATE TABLE slow (a int);
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE PROCEDURE hold();
            """,
            Ct);
        return db;
    }
}
