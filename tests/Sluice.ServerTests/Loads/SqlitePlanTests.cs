using System.Text.Json;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>What <c>sluice plan</c> finds out of a database, as text and as JSON.</summary>
public sealed class SqlitePlanTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Columns_that_hold_other_values_than_their_type_says_are_named_with_an_example()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "mixed.db",
            """
            CREATE TABLE m (i INT, d DATE, ts DATETIME, r REAL, b BLOB, free, name TEXT);
            INSERT INTO m VALUES (1, '2024-01-01', 1700000000, 1, 'text', 1, 'a'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            WITH RECURSIVE n(x) AS (SELECT 3 UNION ALL SELECT x + 1 FROM n WHERE x < 3000) INSERT INTO m SELECT x, '2024-01-01', '2024-01-01 00:00:00', 1.5, x'00', 'a', 'b' FROM n;
            INSERT INTO m VALUES ('not a number', 2459000.5, NULL, x'00ff', NULL, x'01', 7);
            """);
        (await folder.RunAsync(["plan", "mixed.db", database.Uri], Ct)).ExitsWith(0)
            .Says("column m.i becomes int, but of 1000 rows looked at it holds 998 integers, 1 texts (for example 'not a number'): rows that do not fit are rejected")
            .Says("column m.d becomes date, but of 1000 rows looked at it holds 998 texts, 1 reals (for example 2459000.5)")
            .Says("column m.r becomes real, but of 1000 rows looked at it holds 998 reals, 1 blobs (for example x'00ff')")
            .DoesNotSay("column m.ts becomes").DoesNotSay("column m.b becomes").DoesNotSay("column m.free becomes").DoesNotSay("column m.name becomes");
        (await folder.RunAsync(["plan", "--with", "schema only", "mixed.db", database.Uri], Ct)).ExitsWith(0).DoesNotSay("rows looked at");
    }

    [Fact]
    public async Task The_plan_is_one_json_document_for_all_commands()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (old int); CREATE TABLE csv (a int NOT NULL, b text);", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v INT DEFAULT 3); CREATE VIEW w AS SELECT 1;").With("data.csv", "1,x\n").With(
            "two.load",
            $"LOAD DATABASE FROM 's.db' INTO {database.Uri} AFTER LOAD DO $$ analyze $$;\n"
            + $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE csv WITH fields terminated by ',', truncate;");
        var result = (await folder.RunAsync(["plan", "--format", "json", "two.load"], Ct)).ExitsWith(0);
        using var document = JsonDocument.Parse(result.Output);
        var root = document.RootElement;
        Assert.Equal(("sluice-plan/1", 0), (root.GetProperty("schema").GetString(), root.GetProperty("exitCode").GetInt32()));
        var plans = root.GetProperty("plans").EnumerateArray().ToArray();
        Assert.Equal(["two.load:1", "two.load:2"], plans.Select(plan => plan.GetProperty("command").GetString()![^10..]));
        var table = plans[0].GetProperty("tables")[0];
        Assert.Equal("bigserial", table.GetProperty("columns")[0].GetProperty("type").GetString());
        Assert.Equal("'3'", table.GetProperty("columns")[1].GetProperty("default").GetString());
        Assert.Equal("public.t", plans[0].GetProperty("drops")[0].GetProperty("name").GetString());
        Assert.Equal("w", plans[0].GetProperty("notCarriedOver")[0].GetProperty("name").GetString());
        Assert.Equal("TRUNCATE \"public\".\"csv\"", plans[1].GetProperty("before")[0].GetProperty("statements")[0].GetString());
        Assert.True(plans[1].GetProperty("tables")[0].GetProperty("columns")[0].GetProperty("notNull").GetBoolean());
    }

    [Fact]
    public async Task A_document_is_written_when_a_plan_fails_too()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", "CREATE TABLE t (v TEXT);");
        var result = (await folder.RunAsync(["--dry-run", "--format", "json", "--cast", "type text to nonsense", "s.db", database.Uri], Ct)).ExitsWith(1);
        using var document = JsonDocument.Parse(result.Output);
        Assert.Equal(1, document.RootElement.GetProperty("exitCode").GetInt32());
        Assert.StartsWith("type nonsense is unknown", document.RootElement.GetProperty("plans")[0].GetProperty("missing")[0].GetString(), StringComparison.Ordinal);
        result = (await folder.RunAsync(["plan", "--format", "json", "none.db", database.Uri], Ct)).ExitsWith(1);
        using var empty = JsonDocument.Parse(result.Output);
        Assert.Equal((1, 0), (empty.RootElement.GetProperty("exitCode").GetInt32(), empty.RootElement.GetProperty("plans").GetArrayLength()));
    }

    [Fact]
    public async Task Options_that_change_nothing_are_said()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", "CREATE TABLE t (v TEXT);");
        (await folder.RunAsync(["--with", "prefetch rows = 500, disable triggers, drop indexes, truncate", "s.db", database.Uri], Ct)).ExitsWith(0)
            .Says("prefetch rows = 500 has no effect: what is read ahead is bounded by bytes (batch size)").Says("disable triggers has no effect: the tables are created, and have no triggers")
            .Says("drop indexes has no effect").Says("truncate has no effect");
        (await folder.RunAsync(["plan", "--with", "workers = 3, concurrency = 2, batch rows = 10, batch size = 1MB, max parallel create index = 5", "s.db", database.Uri], Ct)).ExitsWith(0)
            .Says("3 tables side by side: workers as written").Says("2 writers for each table: concurrency as written").Says("5 indexes side by side: max parallel create index as written")
            .Says("batches of 10 rows or 1 MB, at most 18 MB of them in memory");
    }

    [Fact]
    public async Task Triggers_that_after_create_schema_makes_are_kept_from_firing()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("s.db", "CREATE TABLE t (v INT); INSERT INTO t VALUES (1), (2);");
        const string Trigger =
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NULL; END $f$; CREATE TRIGGER keep BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE no()";
        (await folder.With("after.sql", Trigger).LoadAsync($"LOAD DATABASE FROM 's.db' INTO {database.Uri} WITH disable triggers AFTER CREATE SCHEMA EXECUTE 'after.sql';", Ct))
            .ExitsWith(0).DoesNotSay("disable triggers has no effect");
        Assert.Equal(2, await database.CountAsync("t", Ct));
    }
}
