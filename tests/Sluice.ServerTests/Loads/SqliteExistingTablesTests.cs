using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>SQLite databases into tables that exist: <c>data only</c>, <c>create no tables</c>.</summary>
public sealed class SqliteExistingTablesTests(PostgresServer server)
{
    private const string Source =
        """
        CREATE TABLE Parent (Id INTEGER PRIMARY KEY, Name TEXT);
        INSERT INTO Parent VALUES (3, 'three'), (8, 'eight');
        CREATE TABLE a_child (p INT, v TEXT);
        INSERT INTO a_child VALUES (8, 'x'), (3, 'y');
        """;

    private const string Target =
        """
        CREATE TABLE parent ("Id" serial PRIMARY KEY, name varchar(10), extra text DEFAULT 'e');
        CREATE TABLE a_child (v text, p int REFERENCES parent ON DELETE CASCADE DEFERRABLE);
        CREATE TABLE other (p int, CONSTRAINT not_checked FOREIGN KEY (p) REFERENCES parent);
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("data only")]
    [InlineData("create no tables")]
    public async Task Rows_go_into_columns_found_by_name_and_keys_come_back(string option)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Target, Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["--with", option, "s.db", database.Uri], Ct)).ExitsWith(0).Says("read 4 = loaded 4 + rejected 0 + skipped 0").Says("Drop Foreign Keys");
        Assert.Equal("3|three|e\n8|eight|e", await database.QueryAsync("SELECT * FROM parent ORDER BY 1", Ct));
        Assert.Equal("x|8\ny|3", await database.QueryAsync("SELECT * FROM a_child ORDER BY 1", Ct));
        Assert.Equal(
            "FOREIGN KEY (p) REFERENCES parent(\"Id\") ON DELETE CASCADE DEFERRABLE|t\nFOREIGN KEY (p) REFERENCES parent(\"Id\")|t",
            await database.QueryAsync("SELECT pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY conname", Ct));
        Assert.Equal("9", await database.QueryAsync("INSERT INTO parent (name) VALUES ('n') RETURNING \"Id\"", Ct));
    }

    [Fact]
    public async Task Truncate_empties_the_tables_first_and_only_then()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Target + "DROP TABLE other; INSERT INTO parent VALUES (1, 'old'); INSERT INTO a_child VALUES ('old', 1);", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["--with", "data only", "s.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(3, await database.CountAsync("a_child", Ct));
        (await folder.RunAsync(["--with", "data only, truncate", "s.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal((2, 2), (await database.CountAsync("parent", Ct), await database.CountAsync("a_child", Ct)));
    }

    [Fact]
    public async Task Everything_that_does_not_fit_is_said_at_once_and_nothing_is_done()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE parent (name text, must int NOT NULL)", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["--with", "data only, truncate", "s.db", database.Uri], Ct)).ExitsWith(1)
            .Says("The target's tables do not fit the source's: ").Says("public.parent has no column id")
            .Says("column must of public.parent is NOT NULL, has no default, and is not in the source").Says("table public.a_child does not exist");
    }

    [Fact]
    public async Task Columns_of_types_that_never_fit_are_faults_others_are_noticed()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a timestamptz, b bytea, c int, d text, e numeric(5,2))", Ct);
        using var folder = new LoadFolder().WithSqlite("t.db", "CREATE TABLE t (a INT, b DATETIME, c BLOB, d INT, e INT); INSERT INTO t VALUES (86400, NULL, NULL, 4, 5);");
        (await folder.RunAsync(["--with", "data only", "t.db", database.Uri], Ct)).ExitsWith(1)
            .Says("column a of public.t is timestamp with time zone; the cast rules say int, which it takes no value of: CAST column a … USING says how to change them")
            .Says("column b of public.t is bytea; the cast rules say timestamptz").Says("column c of public.t is integer; the cast rules say bytea").DoesNotSay("column d");
        Assert.Equal(0, await database.CountAsync("t", Ct));
        (await folder.RunAsync(["--with", "data only", "--cast", "column t.a to timestamptz using unix-timestamp-to-timestamptz", "--cast", "type datetime to text", "--cast", "type blob to text", "t.db", database.Uri], Ct)).ExitsWith(0)
            .Says("column d of public.t is text; the cast rules say int").Says("column e of public.t is numeric(5,2); the cast rules say int");
        Assert.Equal("4|5.00", await database.QueryAsync("SELECT d, e FROM t", Ct));
    }

    [Fact]
    public async Task Two_tables_or_columns_that_would_become_one_are_said()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE \"é\" (\"À\" text)", Ct);
        using var folder = new LoadFolder().WithSqlite("t.db", "CREATE TABLE \"é\" (\"à\" TEXT, \"À\" TEXT); CREATE TABLE \"É\" (\"À\" TEXT);");
        (await folder.RunAsync(["--with", "data only", "t.db", database.Uri], Ct)).ExitsWith(1)
            .Says("two tables of the source would go into public.\"é\"").Says("\"à\" and \"À\" of the source would both go into column \"À\" of public.\"é\"");
    }

    [Fact]
    public async Task Keys_come_back_though_rows_were_refused_and_orphans_are_named()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Target, Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", Source + "INSERT INTO a_child VALUES (99, 'orphan'); INSERT INTO parent VALUES (9, 'longer than ten');");
        (await folder.RunAsync(["--with", "data only, workers = 1", "s.db", database.Uri], Ct)).ExitsWith(1).Says("Stopped at the first rejected row");
        Assert.Equal(2, await database.CountAsync("pg_constraint WHERE contype = 'f'", Ct));
        await database.ExecuteAsync("TRUNCATE parent, a_child, other", Ct);
        (await folder.RunAsync(["--with", "data only, on error resume next", "s.db", database.Uri], Ct)).ExitsWith(1).Says("for example (99)").Says("rejected 1");
        Assert.Equal("a_child_p_fkey|f\nnot_checked|t", await database.QueryAsync("SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY 1", Ct));
    }

    [Fact]
    public async Task Another_type_is_noticed_and_a_generated_column_is_left_to_the_server()
    {
        Assert.SkipWhen(server.Version is > 0 and < 120000, "generated columns came with PostgreSQL 12");
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE g (a text, b int GENERATED ALWAYS AS (length(a)) STORED)", Ct);
        using var folder = new LoadFolder().WithSqlite("g.db", "CREATE TABLE g (a INT, b INT AS (1) STORED); INSERT INTO g VALUES (123);");
        (await folder.RunAsync(["plan", "--with", "data only", "g.db", database.Uri], Ct)).ExitsWith(0)
            .Says("column a of public.g is text; the cast rules say int").Says("column b of public.g is generated: its values are computed, not copied");
        (await folder.RunAsync(["--with", "data only", "g.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal("123|3", await database.QueryAsync("SELECT * FROM g", Ct));
    }

    [Fact]
    public async Task Triggers_can_be_kept_from_firing_and_rows_they_keep_out_are_counted()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            "CREATE TABLE t (v int); CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v % 2 = 1 THEN RETURN NULL; END IF; RETURN NEW; END $$;"
            + "CREATE TRIGGER keep BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE odd();", Ct);
        using var folder = new LoadFolder().WithSqlite("t.db", "CREATE TABLE t (v INT); INSERT INTO t VALUES (1), (2), (3), (4);");
        (await folder.RunAsync(["--with", "data only", "t.db", database.Uri], Ct)).ExitsWith(0).Says("2 of the loaded rows are not in public.t: row triggers (keep)");
        Assert.Equal("2\n4", await database.QueryAsync("SELECT v FROM t ORDER BY 1", Ct));
        (await folder.RunAsync(["--with", "data only, truncate, disable triggers", "t.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(4, await database.CountAsync("t", Ct));
    }
}
