using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>What the WITH options and clauses do to the target.</summary>
public sealed class LoadOptionsTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1\n2\n3\n4\n5\nx\n7\n", "1\n2\n3\n4\n5", "data.csv:6")]
    [InlineData("1\n2\n-3\n\"a\"b\n5\n", "1\n2", "data.csv:3")]
    [InlineData("1\n2\n3\n\"a\"b\n-5\n", "1\n2\n3", "data.csv:4")]
    [InlineData("x\n1\n", "", "data.csv:1")]
    public async Task On_error_stop_loads_what_precedes_the_first_refused_row_and_nothing_after_it(string data, string loaded, string place)
    {
        await using var database = await TableAsync("a int CHECK (a > 0)");
        using var folder = new LoadFolder().With("data.csv", data);
        (await folder.LoadCsvAsync(database, "t", "on error stop", Ct)).ExitsWith(1).Says(place).Says($"all good ones that precede {folder["data.csv"]}");
        Assert.Equal(loaded, await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task A_single_transaction_is_all_or_nothing()
    {
        await using var database = await TableAsync("a int");
        await database.ExecuteAsync("INSERT INTO t VALUES (100)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n2\nx\n");
        const string Before = "BEFORE LOAD DO $$ insert into t values (200); $$";
        (await folder.LoadCsvAsync(database, "t", "single transaction, truncate, on error stop", Ct, Before)).ExitsWith(1);
        Assert.Equal("100", await database.QueryAsync("SELECT a FROM t", Ct));

        (await folder.LoadCsvAsync(database, "t", "single transaction, truncate", Ct, "AFTER LOAD DO $$ select 1 / 0; $$")).ExitsWith(1);
        Assert.Equal("100", await database.QueryAsync("SELECT a FROM t", Ct));

        (await folder.LoadCsvAsync(database, "t", "single transaction, truncate", Ct)).ExitsWith(3);
        Assert.Equal("1\n2", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
    }

    [Theory]
    [InlineData("concurrency = 4, workers = 8", "concurrency = 4 has no effect")]
    [InlineData("workers = 8", "workers = 8 has no effect")]
    [InlineData("workers = 8, concurrency = 1", null)]
    public async Task Writers_that_a_single_transaction_cannot_have_are_a_notice(string options, string? notice)
    {
        await using var database = await TableAsync("a int");
        using var folder = new LoadFolder().With("data.csv", "1\n");
        var result = (await folder.LoadCsvAsync(database, "t", "single transaction, " + options, Ct)).ExitsWith(0);
        var plan = (await folder.RunAsync(["--dry-run", "test.load"], Ct)).ExitsWith(0);
        _ = notice is null ? result.DoesNotSay("has no effect") : result.Says(notice + ": a single transaction has one writer");
        _ = notice is null ? plan.DoesNotSay("has no effect") : plan.Says("note: " + notice);
    }

    [Fact]
    public async Task Max_errors_stops_a_load_that_goes_wrong()
    {
        await using var database = await TableAsync("a int");
        var lines = string.Concat(Enumerable.Range(0, 5000).Select(i => i % 2 == 0 ? "x\n" : $"{i}\n"));
        using var folder = new LoadFolder().With("data.csv", lines);
        (await folder.LoadCsvAsync(database, "t", "max errors = 10", Ct)).ExitsWith(1).Says("more than 10 rows");
        Assert.Equal(11, folder.Rejects("dat").Count(c => c == '\n'));
        (await folder.LoadCsvAsync(database, "t", "max errors = 20%", Ct)).ExitsWith(1).Says("20 %");
        (await folder.LoadCsvAsync(database, "t", "truncate, max errors = 60%", Ct)).ExitsWith(3);
        Assert.Equal(2500, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Drop_indexes_rebuilds_them_even_when_the_load_fails()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (a int PRIMARY KEY, b text, CONSTRAINT u UNIQUE (b)); CREATE INDEX i ON t (lower(b)) WHERE a > 0", Ct);
        const string Indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY indexname";
        const string Constraints = "SELECT conname, contype FROM pg_constraint WHERE conrelid = 't'::regclass AND contype <> 'n' ORDER BY 1";
        var indexes = await database.QueryAsync(Indexes, Ct);
        var constraints = await database.QueryAsync(Constraints, Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\n2,y\n");
        (await folder.LoadCsvAsync(database, "t", "drop indexes", Ct)).ExitsWith(0);
        Assert.Equal(indexes, await database.QueryAsync(Indexes, Ct));
        Assert.Equal(constraints, await database.QueryAsync(Constraints, Ct));

        folder.With("data.csv", "z,x\n");
        (await folder.LoadCsvAsync(database, "t", "drop indexes, on error stop", Ct)).ExitsWith(1);
        Assert.Equal(indexes, await database.QueryAsync(Indexes, Ct));
        Assert.Equal(constraints, await database.QueryAsync(Constraints, Ct));
    }

    [Fact]
    public async Task Disabled_triggers_do_not_fire_and_are_enabled_afterwards()
    {
        await using var database = await TableAsync("a int");
        await database.ExecuteAsync(
            """
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := NEW.a + 1000; RETURN NEW; END $$;
            CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f()
            """, Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        (await folder.LoadCsvAsync(database, "t", "disable triggers", Ct)).ExitsWith(0);
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(0);
        Assert.Equal("1\n1001", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
        Assert.Equal("O", await database.QueryAsync("SELECT tgenabled FROM pg_trigger WHERE tgname = 'g'", Ct));
    }

    [Fact]
    public async Task Rows_keep_their_order_where_it_shows()
    {
        await using var database = await TableAsync("id serial, a int, b date");
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            text.Append(i).Append(i % 500 == 3 ? ",Jan 2 2020\n" : ",2020-01-02\n");
        }

        using var folder = new LoadFolder().With("data.csv", text.ToString());
        (await folder.LoadAsync(
            $"LOAD CSV FROM 'data.csv' (a, b) INTO {database.Uri} TARGET TABLE t (a, b) WITH fields terminated by ',', batch rows = 100;", Ct)).ExitsWith(0);
        Assert.Equal("0", await database.QueryAsync("SELECT count(*) FROM t WHERE id <> a + 1 OR b <> '2020-01-02'", Ct));
    }

    [Fact]
    public async Task One_worker_and_one_writer_use_one_connection()
    {
        await using var database = await TableAsync("a int, pid int DEFAULT pg_backend_pid()");
        var lines = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}\n"));
        using var folder = new LoadFolder().With("data.csv", lines);
        (await folder.LoadAsync(
            $"LOAD CSV FROM 'data.csv' (a) INTO {database.Uri} TARGET TABLE t (a) WITH fields terminated by ',', workers = 1, concurrency = 1, batch rows = 50 "
            + "BEFORE LOAD DO $$ create table b as select pg_backend_pid() as pid; $$;", Ct)).ExitsWith(0);
        Assert.Equal("1", await database.QueryAsync("SELECT count(*) FROM (SELECT pid FROM t UNION SELECT pid FROM b) x", Ct));
        Assert.Equal(1000, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Columns_are_computed_by_expressions()
    {
        await using var database = await TableAsync("a text, b text, c text, d int");
        using var folder = new LoadFolder().With("data.csv", "1,John Smith,x\n,Ann,N/A\n");
        (await folder.LoadAsync(
            $"""
             LOAD CSV FROM 'data.csv' (n, name, note)
                  INTO {database.Uri} TARGET TABLE t
                  (a text using (string-upcase name), b text using (first (split-sequence #\Space name)),
                   c text using (if (string= note "N/A") nil note), d int using (if (null n) "0" (+ 1 (parse-integer n))))
                  WITH fields terminated by ',';
             """, Ct)).ExitsWith(0);
        Assert.Equal("ANN|Ann|\\N|0\nJOHN SMITH|John|x|2", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task A_dry_run_checks_and_writes_nothing()
    {
        await using var database = await TableAsync("a int");
        await database.ExecuteAsync("INSERT INTO t VALUES (7)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n");
        folder.With("dry.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE t WITH truncate, fields terminated by ',' BEFORE LOAD DO $$ drop table t; $$;");
        (await folder.RunAsync(["--dry-run", "dry.load"], Ct)).ExitsWith(0).Says("COPY").Says("drop table t");
        Assert.Equal("7", await database.QueryAsync("SELECT a FROM t", Ct));
        folder.With("bad.load", $"LOAD CSV FROM 'data.csv' INTO {database.Uri} TARGET TABLE nosuch;");
        (await folder.RunAsync(["--dry-run", "bad.load"], Ct)).ExitsWith(1).Says("nosuch");
    }

    [Fact]
    public async Task The_direct_form_loads_too()
    {
        await using var database = await TableAsync("a int, b text");
        using var folder = new LoadFolder().With("data.csv", "h;h\n1;x\n");
        var separator = database.Uri.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        (await folder.RunAsync(["--with", "fields terminated by ';'", "--with", "skip header = 1", "data.csv", $"{database.Uri}{separator}tablename=t"], Ct)).ExitsWith(0);
        Assert.Equal("1|x", await database.QueryAsync("SELECT * FROM t", Ct));
    }

    private async Task<TestDatabase> TableAsync(string columns)
    {
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync($"CREATE TABLE t ({columns})", Ct);
        return database;
    }
}
