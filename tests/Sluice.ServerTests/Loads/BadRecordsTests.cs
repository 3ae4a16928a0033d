using System.Text;
using System.Text.Json;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Records that cannot become rows, and rows the server refuses: set aside, all others arrive.</summary>
public sealed class BadRecordsTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quote_that_never_ends_costs_its_first_line_only()
    {
        await using var database = await TableAsync("a int, b text");
        using var folder = new LoadFolder().With("data.csv", "1,x\n2,\"open\n3,y\n4,z\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3);
        Assert.Equal("1|x\n3|y\n4|z", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
        Assert.Equal("2,\"open\n", folder.Rejects("raw"));
    }

    [Fact]
    public async Task A_stray_quote_costs_its_record()
    {
        await using var database = await TableAsync("a int, b text");
        using var folder = new LoadFolder().With("data.csv", "1,x\n2,\"a\"b\n3,y\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3);
        Assert.Equal("1|x\n3|y", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
        Assert.Equal("2,\"a\"b\n", folder.Rejects("raw"));
    }

    [Fact]
    public async Task Too_few_and_too_many_fields_are_counted_or_rejected_when_strict()
    {
        await using var database = await TableAsync("a int, b text");
        using var folder = new LoadFolder().With("data.csv", "1,x\n2\n3,y,z\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(0).Says("data.csv:2").Says("data.csv:3");
        Assert.Equal("1|x\n2|\\N\n3|y", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));

        (await folder.LoadCsvAsync(database, "t", "strict fields, truncate", Ct)).ExitsWith(3);
        Assert.Equal("1|x", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
        Assert.Equal("2\n3,y,z\n", folder.Rejects("raw"));
    }

    [Fact]
    public async Task A_nul_byte_rejects_its_row()
    {
        await using var database = await TableAsync("a int, b text");
        using var folder = new LoadFolder().With("data.csv", "1,x\n2,a\0b\n3,y\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3);
        Assert.Equal("1|x\n3|y", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task A_huge_field_is_rejected_by_name_and_loaded_when_the_limit_is_raised()
    {
        await using var database = await TableAsync("a int, b text");
        using var folder = new LoadFolder();
        const int Length = 100 << 20;
        await using (var file = File.Create(folder["data.csv"]))
        {
            await file.WriteAsync("1,x\n2,"u8.ToArray(), Ct);
            var megabyte = Encoding.ASCII.GetBytes(new string('a', 1 << 20));
            for (var i = 0; i < Length >> 20; i++)
            {
                await file.WriteAsync(megabyte, Ct);
            }

            await file.WriteAsync("\n3,y\n"u8.ToArray(), Ct);
        }

        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3).Says("max row size");
        Assert.Equal("1|1\n3|1", await database.QueryAsync("SELECT a, length(b) FROM t ORDER BY a", Ct));
        (await folder.LoadCsvAsync(database, "t", "truncate, max row size = 200MB", Ct)).ExitsWith(0);
        Assert.Equal("1|1\n2|104857600\n3|1", await database.QueryAsync("SELECT a, length(b) FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task Rows_the_server_refuses_are_isolated_whatever_the_reason()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p SELECT generate_series(1, 5);"
            + "CREATE TABLE t (a int PRIMARY KEY, b varchar(3), c date NOT NULL, d int REFERENCES p, e int CHECK (e > 0))", Ct);
        using var folder = new LoadFolder().With(
            "data.csv",
            "1,abc,2020-01-01,1,1\n2,abcd,2020-01-01,1,1\n3,x,2020-13-01,1,1\n4,x,,1,1\n5,x,2020-01-01,9,1\n6,x,2020-01-01,2,0\n"
            + "1,x,2020-01-01,1,1\nseven,x,2020-01-01,1,1\n8,x,2020-02-29,5,8\n");
        // One writer: which of two equal keys is there first is not left to chance.
        (await folder.LoadCsvAsync(database, "t", "concurrency = 1", Ct)).ExitsWith(3);
        Assert.Equal("1\n8", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));

        var rejects = folder.Rejects("jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], rejects.Select(r => r.GetProperty("line").GetInt32()).Order());
        Assert.Equal(
            ["22001", "22008", "23502", "23503", "23514", "23505", "22P02"],
            rejects.OrderBy(r => r.GetProperty("line").GetInt32()).Select(r => r.GetProperty("sqlstate").GetString()));
        Assert.All(rejects, r => Assert.True(r.GetProperty("offset").GetInt64() > 0));
    }

    [Fact]
    public async Task The_dat_file_loads_as_it_is_once_the_fault_is_gone()
    {
        await using var database = await TableAsync("a int, b text");
        await database.ExecuteAsync("ALTER TABLE t ADD CONSTRAINT c CHECK (a < 3)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,x\n2,y\n3,\"tab\there\"\n4,\"back\\slash\"\n5,\"\"\n6,\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3);
        await database.ExecuteAsync("ALTER TABLE t DROP CONSTRAINT c", Ct);
        await using (var connection = await database.OpenAsync(Ct))
        {
            await using var copy = await connection.BeginTextImportAsync("COPY t FROM STDIN", Ct);
            await copy.WriteAsync(folder.Rejects("dat"));
        }

        Assert.Equal("1|x\n2|y\n3|tab\there\n4|back\\slash\n5|\n6|\\N", await database.QueryAsync("SELECT * FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task Many_bad_rows_among_many_good_ones_are_all_found()
    {
        await using var database = await TableAsync("a int PRIMARY KEY, b int CHECK (b % 97 <> 0)");
        var text = new StringBuilder();
        for (var i = 1; i <= 20_000; i++)
        {
            text.Append(i).Append(',').Append(i % 101 == 0 ? "x" : i.ToString(System.Globalization.CultureInfo.InvariantCulture)).Append('\n');
        }

        using var folder = new LoadFolder().With("data.csv", text.ToString());
        var bad = Enumerable.Range(1, 20_000).Count(i => i % 101 == 0 || i % 97 == 0);
        (await folder.LoadCsvAsync(database, "t", "batch rows = 3000", Ct)).ExitsWith(3).Says($"{bad}");
        Assert.Equal(20_000 - bad, await database.CountAsync("t", Ct));
        Assert.Equal(bad, folder.Rejects("dat").Count(c => c == '\n'));
        Assert.Equal(bad, folder.Rejects("jsonl").Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_deferred_constraint_isolates_its_rows_too()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p SELECT generate_series(1, 5);"
            + "CREATE TABLE t (a int, d int REFERENCES p DEFERRABLE INITIALLY DEFERRED)", Ct);
        using var folder = new LoadFolder().With("data.csv", "1,1\n2,2\n3,99\n4,4\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3);
        Assert.Equal("1\n2\n4", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));
    }

    [Fact]
    public async Task A_trigger_that_raises_rejects_its_row_but_one_that_reports_a_full_disk_fails_the_load()
    {
        await using var database = await TableAsync("a int");
        await database.ExecuteAsync(
            """
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.a = 2 THEN RAISE EXCEPTION 'two is not wanted'; END IF;
              IF NEW.a = 9 THEN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f()
            """, Ct);
        using var folder = new LoadFolder().With("data.csv", "1\n2\n3\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct)).ExitsWith(3).Says("two is not wanted");
        Assert.Equal("1\n3", await database.QueryAsync("SELECT a FROM t ORDER BY a", Ct));

        folder.With("data.csv", "4\n9\n5\n");
        (await folder.LoadCsvAsync(database, "t", "truncate", Ct)).ExitsWith(1).Says("no space left");
        Assert.Equal(0, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task Odd_but_valid_spellings_are_the_servers_to_judge()
    {
        await using var database = await TableAsync("a int, b date, c timestamptz, d boolean, e double precision, f time");
        using var folder = new LoadFolder().With(
            "data.csv", "1,2020-01-31,2020-01-31 10:00:00+01,true,1.5,10:00:00\n +2 ,January 31 2020,infinity,yes,1e400000,24:00:00\n3,20200131,2020-01-31T09:00:00Z,on,Infinity,04:05 PM\n");
        (await folder.LoadCsvAsync(database, "t", "", Ct, "SET timezone to 'UTC'")).ExitsWith(3);
        Assert.Equal(
            "1|2020-01-31|2020-01-31 09:00:00+00|t|1.5|10:00:00\n3|2020-01-31|2020-01-31 09:00:00+00|t|Infinity|16:05:00",
            await database.QueryAsync("SELECT a, b, c AT TIME ZONE 'UTC' || '+00', d, e, f FROM t ORDER BY a", Ct));
    }

    private async Task<TestDatabase> TableAsync(string columns)
    {
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync($"CREATE TABLE t ({columns})", Ct);
        return database;
    }
}
