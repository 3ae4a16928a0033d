using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary><c>single transaction</c> for a whole database: all or nothing, its tables too.</summary>
public sealed class SqliteSingleTransactionTests(PostgresServer server)
{
    private const string Source =
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT UNIQUE);
        INSERT INTO p VALUES (1, 'a'), (4, 'b');
        CREATE TABLE c (p INT REFERENCES p, n SMALLINT);
        INSERT INTO c VALUES (1, 10), (4, 20);
        CREATE INDEX ic ON c (n);
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_there_at_the_end()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.LoadAsync(
            $"""
            LOAD DATABASE FROM 's.db' INTO {database.Uri} WITH single transaction, workers = 3, concurrency = 2
            BEFORE LOAD DO $$ create table began () $$ AFTER LOAD DO $$ create table n as select count(*) from c $$;
            """, Ct)).ExitsWith(0)
            .Says("read 4 = loaded 4").Says("workers = 3 has no effect: a single transaction has one connection").Says("concurrency = 2 has no effect");
        Assert.Equal("2", await database.QueryAsync("SELECT * FROM n", Ct));
        Assert.Equal(
            "c_p_fkey|f|t\np_pkey|p|t\np_v_key|u|t",
            await database.QueryAsync("SELECT conname, contype, convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f') ORDER BY 1", Ct));
        Assert.Equal(5, await database.ScalarAsync<long>("INSERT INTO p DEFAULT VALUES RETURNING id", Ct));
    }

    [Theory]
    [InlineData("INSERT INTO c VALUES (1, 70000);", "Stopped at the first rejected row", "")]
    [InlineData("INSERT INTO c VALUES (99, 1);", "Foreign key c_p_fkey of public.c does not hold: 1 row with values (p)", "")]
    [InlineData("CREATE TABLE nulls (k TEXT PRIMARY KEY); INSERT INTO nulls VALUES (NULL);", "nulls_pkey", "")]
    [InlineData("CREATE TABLE wrong (v INT DEFAULT 'no number');", "no number", "")]
    [InlineData("", "division by zero", "AFTER LOAD DO $$ select 1 / 0 $$")]
    public async Task Whatever_fails_leaves_the_target_as_it_was(string sql, string message, string clause)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE p (old int); INSERT INTO p VALUES (42); CREATE VIEW v AS SELECT * FROM p;", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source + sql);
        (await folder.LoadAsync($"LOAD DATABASE FROM 's.db' INTO {database.Uri} WITH single transaction BEFORE LOAD DO $$ create table began () $$ {clause};", Ct))
            .ExitsWith(1).Says(message).Says("loaded 0").Says("The single transaction was rolled back: nothing was loaded").DoesNotSay("current transaction is aborted");
        Assert.Equal("42", await database.QueryAsync("SELECT * FROM v", Ct));
        Assert.Equal("p\nv", await database.QueryAsync("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1", Ct));
    }

    [Fact]
    public async Task Rows_that_are_set_aside_leave_the_rest()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", Source + "INSERT INTO c VALUES (1, 70000);");
        (await folder.RunAsync(["--with", "single transaction, on error resume next, batch rows = 2", "s.db", database.Uri], Ct)).ExitsWith(3)
            .Says("read 5 = loaded 4 + rejected 1 + skipped 0");
        Assert.Equal("10\n20", await database.QueryAsync("SELECT n FROM c ORDER BY 1", Ct));
    }
}
