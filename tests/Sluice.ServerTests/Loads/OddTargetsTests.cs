using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Targets that are legal and rare, and limits that a role brings along.</summary>
public sealed class OddTargetsTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_without_columns_takes_no_rows()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t ()", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n2\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(1).Says("Table public.t has no column that can be loaded").DoesNotSay("bug");
    }

    [Fact]
    public async Task Names_may_hold_quotes_blanks_and_line_breaks()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE \"we\"\"ird\nt%\" (\"a \"\"b\" int, \"../c%s\" text)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\nq,y\n");
        (await folder.LoadCsvAsync(database, "\"we\"\"ird\nt%\"", "", Ct)).ExitsWith(3).DoesNotSay("ird\nt%");
        Assert.Equal("1|x", await database.QueryAsync("SELECT * FROM \"we\"\"ird\nt%\"", Ct));
        Assert.StartsWith("q\ty", folder.Rejects("dat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_load_is_not_ticked_off()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct, "AFTER LOAD DO $$ SELECT 1/0 $$")).ExitsWith(1).Says("division by zero").DoesNotSay("✓");
    }

    [Fact]
    public async Task A_time_limit_of_the_role_is_explained()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        await using var connection = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new Npgsql.NpgsqlCommand("LOCK TABLE t IN SHARE MODE", connection, transaction);
        await command.ExecuteNonQueryAsync(Ct);
        (await folder.LoadCsvAsync(database, "t", "", Ct, "SET statement_timeout to '200ms'")).ExitsWith(1).Says("57014").Says("statement_timeout to '0'");
        (await folder.LoadCsvAsync(database, "t", "", Ct, "SET lock_timeout to '200ms'")).ExitsWith(1).Says("55P03").Says("lock_timeout to '0'");
    }

    [Fact]
    public async Task A_load_that_waits_for_a_lock_says_so()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        await using var connection = new Npgsql.NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new Npgsql.NpgsqlCommand("LOCK TABLE t IN SHARE MODE", connection, transaction);
        await command.ExecuteNonQueryAsync(Ct);
        var load = folder.LoadCsvAsync(database, "t", "truncate", Ct);
        await Task.Delay(TimeSpan.FromSeconds(13), Ct);
        await transaction.CommitAsync(Ct);
        (await load).ExitsWith(0).Says("pg_blocking_pids");
        Assert.Equal(1, await database.CountAsync("t", Ct));
    }
}
