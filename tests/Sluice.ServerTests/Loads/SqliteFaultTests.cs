using System.Globalization;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>SQLite databases with something wrong in them, or asked for in a wrong way.</summary>
public sealed class SqliteFaultTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_do_not_fit_are_set_aside_with_their_rowids()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "bad.db",
            "CREATE TABLE small (v SMALLINT); INSERT INTO small (rowid, v) VALUES (10, 1), (20, 70000), (30, 'abc'), (40, 4);"
            + "CREATE TABLE utf8 (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO utf8 VALUES (1, 'a'), (7, CAST(x'61ff' AS TEXT)), (8, 'n' || char(0));");
        (await folder.RunAsync(["--with", "on error resume next", "bad.db", database.Uri], Ct)).ExitsWith(3)
            .Says("read 7 = loaded 3 + rejected 4 + skipped 0").Says("The text is not valid UTF-8");
        Assert.Equal("1\n4", await database.QueryAsync("SELECT v FROM small ORDER BY 1", Ct));
        Assert.Equal("1|a", await database.QueryAsync("SELECT * FROM utf8", Ct));
        var small = await File.ReadAllTextAsync(Path.Combine(folder.Root, database.Name, "public.small.log"), Ct);
        Assert.Contains("bad.db:small:20: ", small, StringComparison.Ordinal);
        Assert.Contains("bad.db:small:30: ", small, StringComparison.Ordinal);
        Assert.Contains("bad.db:utf8:7: encoding: ", await File.ReadAllTextAsync(Path.Combine(folder.Root, database.Name, "public.utf8.log"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_error_stop_is_the_default_and_starts_no_further_table()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "bad.db",
            "CREATE TABLE a (v SMALLINT); INSERT INTO a (rowid, v) VALUES (1, 1), (2, 'x'), (90, 3); CREATE TABLE b (v INT); INSERT INTO b VALUES (1);");
        (await folder.RunAsync(["--with", "workers = 1", "bad.db", database.Uri], Ct)).ExitsWith(1).Says("Stopped at the first rejected row (bad.db:a:2)");
        Assert.Equal("1", await database.QueryAsync("SELECT v FROM a", Ct));
        Assert.Equal(0, await database.CountAsync("b", Ct));
    }

    [Fact]
    public async Task Orphans_are_named_with_samples_and_do_not_undo_the_rest()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "orphans.db",
            """
            CREATE TABLE p (id INTEGER PRIMARY KEY);
            INSERT INTO p VALUES (1);
            CREATE TABLE c (p INT REFERENCES p (id), q INT REFERENCES p (id));
            INSERT INTO c VALUES (1, 1), (77, 1), (78, NULL), (NULL, 1);
            """);
        (await folder.RunAsync(["orphans.db", database.Uri], Ct)).ExitsWith(1)
            .Says("Foreign key c_p_fkey of public.c does not hold: 2 rows with values (p) that public.p does not have, for example (77), (78)");
        Assert.Equal("c_p_fkey|f\nc_q_fkey|t", await database.QueryAsync("SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY 1", Ct));
        Assert.Equal(4, await database.CountAsync("c", Ct));
    }

    [Fact]
    public async Task A_table_or_an_index_that_cannot_be_made_fails_alone()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "some.db",
            """
            CREATE TABLE good (v INT);
            INSERT INTO good VALUES (1);
            CREATE TABLE wrong (v INT DEFAULT 'no number');
            INSERT INTO wrong VALUES (1);
            CREATE TABLE child (w INT REFERENCES wrong (v), n INT);
            CREATE TABLE nulls (k TEXT PRIMARY KEY, v INT);
            INSERT INTO nulls VALUES (NULL, 1), (NULL, 2);
            """);
        (await folder.RunAsync(["some.db", database.Uri], Ct)).ExitsWith(1).Says("no number").Says("child_w_fkey").Says("nulls_pkey");
        Assert.Equal(1, await database.CountAsync("good", Ct));
        Assert.Equal(2, await database.CountAsync("nulls", Ct));
    }

    [Fact]
    public async Task What_can_be_read_of_a_damaged_table_is_loaded_and_the_others_go_on()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "torn.db",
            """
            CREATE TABLE many (a INTEGER PRIMARY KEY, b TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO many SELECT i, hex(randomblob(50)) FROM n;
            CREATE TABLE other (v INT);
            INSERT INTO other VALUES (1), (2);
            """);
        await using (var stream = new FileStream(folder["torn.db"], FileMode.Open))
        {
            stream.Position = stream.Length / 2 / 4096 * 4096;
            await stream.WriteAsync(new byte[4096], Ct);
        }

        // Two readers take the table in ranges: what lies behind the page is read too.
        (await folder.RunAsync(["--with", "workers = 2", "torn.db", database.Uri], Ct)).ExitsWith(1).Says("table many: the database is damaged");
        Assert.Equal(2, await database.CountAsync("other", Ct));
        Assert.Equal("t|t|t|5000", await database.QueryAsync("SELECT count(*) > 3000, count(*) < 5000, count(*) = count(DISTINCT a), max(a) FROM many", Ct));
    }

    [Theory]
    [InlineData("none.db", "does not exist", 1)]
    [InlineData("text.db", "is not a SQLite database, or it is encrypted", 1)]
    public async Task What_is_no_database_is_said(string name, string message, int exitCode)
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("text.db", "id,name\n1,x\n");
        (await folder.RunAsync([name, database.Uri], Ct)).ExitsWith(exitCode).Says(message);
        (await folder.RunAsync(["plan", name, database.Uri], Ct)).ExitsWith(exitCode).Says(message);
        Assert.False(File.Exists(folder["none.db"]));
    }

    [Fact]
    public async Task A_schema_that_may_not_be_written_is_said()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("a.db", "CREATE TABLE t (v INT); INSERT INTO t VALUES (1);");
        await database.ExecuteAsync("DROP SCHEMA public", Ct);
        (await folder.RunAsync(["--with", "create no schemas", "a.db", database.Uri], Ct)).ExitsWith(1).Says("The target is not ready: schema public does not exist, and create no schemas is given");
        (await folder.RunAsync(["a.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(1, await database.CountAsync("public.t", Ct));
    }

    [Fact]
    public async Task An_interrupt_keeps_what_was_read()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "large.db",
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) INSERT INTO t SELECT i, 'x' FROM n;");
        using var process = folder.Start(["--root-dir", folder.Root, "--with", "batch rows = 10, workers = 1", "large.db", database.Uri]);
        while (await database.ScalarAsync<bool>("SELECT to_regclass('t') IS NULL", Ct) || await database.CountAsync("t", Ct) == 0)
        {
            Assert.False(process.HasExited);
            await Task.Delay(20, Ct);
        }

        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Ct);
        }

        var result = await LoadFolder.FinishAsync(process, null, Ct);
        result.ExitsWith(130).Says("the rows read until then are loaded");
        Assert.Equal("t|t", await database.QueryAsync("SELECT count(*) = max(a), count(*) < 400000 FROM t", Ct));
    }
}
