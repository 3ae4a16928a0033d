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
        await transaction.CommitAsync(beginNext: false, Ct);
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
        var error = await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(beginNext: false, Ct));
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
        var commit = transaction.CommitAsync(beginNext: false, Ct);
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
    public async Task The_next_transaction_begins_with_the_commit()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var first = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        await using var second = await first.CommitAsync(beginNext: true, Ct);
        Assert.NotNull(second);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(await connection.ScalarAsync("SELECT txid_current()", Ct), second.Id?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await LoadAsync(connection);
        await second.DisposeAsync();
        Assert.Equal(1, await db.CountAsync("t", Ct));
    }

    [Fact]
    public async Task A_refused_commit_begins_nothing()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await connection.ExecuteAsync("CREATE TABLE once (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)", Ct);
        await using var first = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await connection.ExecuteAsync("INSERT INTO once VALUES (1), (1)", Ct);
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => first.CommitAsync(beginNext: true, Ct));
        Assert.Equal("23505", error.SqlState);
        await first.DisposeAsync();
        Assert.Equal("none", await connection.ScalarAsync("SELECT coalesce(txid_current_if_assigned()::text, 'none')", Ct));
        Assert.Equal(0, await db.CountAsync("once", Ct));
    }

    [Fact]
    public async Task When_only_the_next_begin_fails_the_commit_counts()
    {
        await using var db = await TableAsync();
        await using var connection = await db.Connector().OpenAsync(Ct);
        await using var first = await LoadTransaction.BeginAsync(connection, _outcomes, Ct);
        await LoadAsync(connection);
        var name = connection.PostgreSqlVersion.Major >= 13 ? "pg_current_xact_id" : "txid_current";
        await connection.ExecuteAsync($"ALTER FUNCTION pg_catalog.{name}() RENAME TO gone", Ct);
        Assert.Null(await first.CommitAsync(beginNext: true, Ct));
        Assert.Equal(1, await db.CountAsync("t", Ct));
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
        await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync(beginNext: false, Ct));
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
