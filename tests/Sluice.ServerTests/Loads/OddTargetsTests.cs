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

    [Fact]
    public async Task A_server_without_room_for_all_writers_is_loaded_with_fewer()
    {
        await using var database = await server.CreateDatabaseAsync();
        var role = $"narrow_{database.Name}";
        await database.ExecuteAsync($"CREATE TABLE t (a int); CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 1; GRANT INSERT ON t TO {role}", Ct);
        using var folder = new LoadFolder().With("data.csv", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i}\n")));
        try
        {
            var uri = database.Uri.Replace("postgresql://" + new Uri(database.Uri).UserInfo, $"postgresql://{role}:x", StringComparison.Ordinal);
            (await folder.LoadAsync($"LOAD CSV FROM 'data.csv' INTO {uri} TARGET TABLE t WITH fields terminated by ',', batch rows = 100, workers = 3, concurrency = 3;", Ct))
                .ExitsWith(0).Says("goes on with fewer");
            Assert.Equal("20000|20000", await database.QueryAsync("SELECT count(*), count(DISTINCT a) FROM t", Ct));
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}", Ct);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("batch rows = 2")]
    [InlineData("single transaction")]
    public async Task Rows_that_a_trigger_keeps_out_are_counted(string options)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            """
            CREATE TABLE t (a int) PARTITION BY RANGE (a);
            CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (100);
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
              'BEGIN IF new.a = 13 THEN RAISE EXCEPTION ''unlucky''; END IF; IF new.a >= 14 THEN RETURN NULL; END IF; RETURN new; END';
            CREATE TRIGGER picky BEFORE INSERT ON t1 FOR EACH ROW EXECUTE PROCEDURE f()
            """, Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n13\n14\n2\n15\n3\n");
        (await folder.LoadCsvAsync(database, "t", options, Ct)).ExitsWith(3).Says("unlucky")
            .Says("2 of the loaded rows are not in public.t: row triggers (picky)");
        Assert.Equal(3, await database.CountAsync("t", Ct));
        using var other = new LoadFolder().With("data.csv", "4\n5\n");
        (await other.LoadCsvAsync(database, "t", options, Ct)).ExitsWith(0).DoesNotSay("of the loaded rows");
    }

    [Fact]
    public async Task A_temporary_table_is_filled_by_the_session_that_made_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n2\n3\n");
        (await folder.LoadCsvAsync(
            database, "stage", "batch rows = 1, workers = 4, concurrency = 4", Ct,
            "BEFORE LOAD DO $$ CREATE TEMP TABLE stage (a int) $$ AFTER LOAD DO $$ INSERT INTO t SELECT a FROM stage $$")).ExitsWith(0);
        Assert.Equal(3, await database.CountAsync("t", Ct));
    }
}
