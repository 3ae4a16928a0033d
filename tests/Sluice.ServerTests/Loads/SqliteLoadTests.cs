using System.Globalization;
using System.Runtime.CompilerServices;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>SQLite databases into PostgreSQL: rows, types, keys, indexes, sequences.</summary>
public sealed class SqliteLoadTests(PostgresServer server)
{
    private const string Keys =
        """
        CREATE TABLE Parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) NOT NULL DEFAULT 'it''s', code TEXT UNIQUE);
        INSERT INTO Parent (id, name, code) VALUES (5, 'five', 'a'), (9, 'nine', 'b');
        CREATE TABLE child (a INT, b TEXT, p INTEGER REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL, PRIMARY KEY (b, a)) WITHOUT ROWID;
        INSERT INTO child VALUES (1, 'x', 5), (2, 'y', 9), (3, 'z', NULL);
        CREATE TABLE hollow (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
        CREATE TABLE negative (id INTEGER PRIMARY KEY AUTOINCREMENT);
        INSERT INTO negative VALUES (-7);
        CREATE TABLE plain (id INTEGER PRIMARY KEY, up INTEGER REFERENCES plain (id));
        INSERT INTO plain VALUES (1, NULL), (2, 1);
        CREATE UNIQUE INDEX ux ON child (p) WHERE a > 1 AND p IS NOT NULL;
        CREATE INDEX ix ON child (lower(b) DESC, p);
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_value_of_every_type_arrives()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "types.db",
            """
            CREATE TABLE types (i INTEGER PRIMARY KEY, b BOOLEAN DEFAULT 1, d DATE, ts DATETIME, t TIMESTAMP, n DECIMAL(12,3), r DOUBLE, bl BLOB, u UNSIGNED BIG INT, nt,
                s STRANGE(3), g INT GENERATED ALWAYS AS (i * 2) VIRTUAL, h INT AS (i * 3) STORED, "Mixed ""q"" 😀" TEXT, "select" TEXT, "a.b" NVARCHAR(5));
            INSERT INTO types (i, b, d, ts, t, n, r, bl, u, nt, s, "Mixed ""q"" 😀", "select", "a.b") VALUES
                (1, 1, '2024-02-29', '2024-02-29 12:34:56', '1999-12-31 23:59:59', 1234.5, 0.1, x'00ff10', 42, 'text', 'odd', 'm', 's', 'longer than five'),
                (2, 0, '0001-01-01', NULL, NULL, NULL, 1e300, 'plain text', 9223372036854775807, x'616263', NULL, char(9, 10, 92, 13), '\N', 'é€😀'),
                (-3, NULL, NULL, NULL, NULL, -0.001, 3.141592653589793, x'', NULL, 3.5, '', '', NULL, NULL);
            CREATE TABLE strict_one (id INT PRIMARY KEY, t TEXT, a ANY, r REAL) STRICT;
            INSERT INTO strict_one VALUES (1, 'a', 2, 1.5), (2, NULL, 'x', NULL);
            CREATE TABLE "LONG" (v INT);
            INSERT INTO "LONG" VALUES (1), (2);
            CREATE TABLE hostile (v TEXT DEFAULT '''); DROP TABLE types; --', "x""); DROP TABLE types; --" INT);
            INSERT INTO hostile VALUES ('v', 1);
            """.Replace("LONG", new string('é', 35), StringComparison.Ordinal));
        (await folder.RunAsync(["types.db", database.Uri], Ct)).ExitsWith(0).Says("read 8 = loaded 8 + rejected 0 + skipped 0");
        Assert.Equal(8, await CompareAsync(folder["types.db"], database, name => name[..Math.Min(31, name.Length)]));
    }

    [Fact]
    public async Task The_chinook_database_arrives_whole()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().With("chinook.db", await File.ReadAllBytesAsync(Chinook(), Ct));
        (await folder.RunAsync(["--with", "batch rows = 1000, batch size = 1 MB", "chinook.db", database.Uri], Ct)).ExitsWith(0).Says("read 15,607 = loaded 15,607 + rejected 0 + skipped 0");
        Assert.Equal(15_607, await CompareAsync(folder["chinook.db"], database, name => name.ToLowerInvariant()));
        Assert.Equal("f|11\np|11", await database.QueryAsync(
            "SELECT contype, count(*) FROM pg_constraint WHERE contype IN ('p', 'f') AND convalidated AND connamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1", Ct));
    }

    [Fact]
    public async Task Keys_indexes_and_sequences_are_as_in_the_source()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("keys.db", Keys);
        (await folder.RunAsync(["keys.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(
            """
            child|child_p_fkey|FOREIGN KEY (p) REFERENCES parent(id) ON UPDATE SET NULL ON DELETE CASCADE
            child|child_pkey|PRIMARY KEY (b, a)
            hollow|hollow_pkey|PRIMARY KEY (id)
            negative|negative_pkey|PRIMARY KEY (id)
            parent|parent_code_key|UNIQUE (code)
            parent|parent_pkey|PRIMARY KEY (id)
            plain|plain_pkey|PRIMARY KEY (id)
            plain|plain_up_fkey|FOREIGN KEY (up) REFERENCES plain(id)
            """,
            await database.QueryAsync("SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace ORDER BY 1::text, 2", Ct));
        Assert.Equal(
            """
            CREATE INDEX idx_child_ix ON public.child USING btree (lower(b) DESC, p)
            CREATE UNIQUE INDEX idx_child_ux ON public.child USING btree (p) WHERE ((a > 1) AND (p IS NOT NULL))
            """,
            await database.QueryAsync("SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'idx%' ORDER BY indexname", Ct));
        Assert.Equal("name|text|t|'it''s'::text", await database.QueryAsync(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'parent'::regclass AND attname = 'name'", Ct));
        Assert.Equal(10, await database.ScalarAsync<long>("INSERT INTO parent DEFAULT VALUES RETURNING id", Ct));
        Assert.Equal(1, await database.ScalarAsync<long>("INSERT INTO hollow DEFAULT VALUES RETURNING id", Ct));
        Assert.Equal(1, await database.ScalarAsync<long>("INSERT INTO negative DEFAULT VALUES RETURNING id", Ct));
        Assert.Equal("\\N", await database.QueryAsync("SELECT pg_get_serial_sequence('plain', 'id')", Ct));
    }

    [Fact]
    public async Task The_same_load_runs_again()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("keys.db", Keys);
        (await folder.RunAsync(["keys.db", database.Uri], Ct)).ExitsWith(0);
        (await folder.RunAsync(["keys.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal(3, await database.CountAsync("child", Ct));
        (await folder.RunAsync(["--with", "include no drop", "keys.db", database.Uri], Ct)).ExitsWith(1).Says("already exists");
        Assert.Equal(3, await database.CountAsync("child", Ct));
    }

    [Fact]
    public async Task The_plan_is_printed_and_nothing_is_done()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("keys.db", Keys + "CREATE VIEW v AS SELECT 1;");
        (await folder.RunAsync(["plan", "keys.db", database.Uri], Ct)).ExitsWith(0)
            .Says("id INTEGER -> bigserial not null (default for integer with autoincrement)").Says("view v: views are not translated").Says("CREATE TABLE \"public\".\"child\"");
        Assert.Equal(0, await database.CountAsync("pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
    }

    [Fact]
    public async Task Schema_only_makes_everything_but_rows()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("keys.db", Keys);
        (await folder.LoadAsync($"LOAD DATABASE FROM 'keys.db' INTO {database.Uri} WITH schema only AFTER CREATE SCHEMA DO $$ create table marker (); $$;", Ct)).ExitsWith(0);
        Assert.Equal(0, await database.CountAsync("parent", Ct));
        Assert.Equal(8, await database.CountAsync("pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace", Ct));
        Assert.Equal(0, await database.CountAsync("marker", Ct));
    }

    [Fact]
    public async Task Casts_filters_and_options_of_a_command_apply()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("keys.db", Keys + "CREATE TABLE moments (At INTEGER, CodeName TEXT); INSERT INTO moments VALUES (86400, ' x '), (NULL, '');");
        (await folder.LoadAsync(
            $"""
            LOAD DATABASE FROM sqlite://keys.db INTO {database.Uri}
            WITH snake_case identifiers, workers = 1, concurrency = 2, create no indexes, no foreign keys
            CAST column moments.at to timestamptz using unix-timestamp-to-timestamptz, type text to "varchar(30)" drop typemod using empty-string-to-null
            INCLUDING ONLY TABLE NAMES LIKE 'mom%', 'PAR%'
            AFTER LOAD DO $$ create table done as select count(*) from moments; $$;
            """, Ct)).ExitsWith(0);
        Assert.Equal("1970-01-02 00:00:00+00| x \n\\N|\\N", await database.QueryAsync("SET timezone TO 'UTC'; SELECT at, code_name FROM moments ORDER BY at", Ct));
        Assert.Equal("done\nmoments\nparent", await database.QueryAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", Ct));
        Assert.Equal("character varying(30)", await database.QueryAsync("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'moments'::regclass AND attname = 'code_name'", Ct));
        Assert.Equal(0, await database.CountAsync("pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace", Ct));
    }

    [Fact]
    public async Task Tables_go_into_other_schemas_under_other_names()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("keys.db", Keys);
        (await folder.LoadAsync(
            $"""
            LOAD DATABASE FROM 'keys.db' INTO {database.Uri}
            ALTER TABLE NAMES MATCHING 'Parent' RENAME TO 'Ancestor'
            ALTER TABLE NAMES MATCHING ~/^h/ SET SCHEMA 'void' ALTER TABLE NAMES MATCHING ~/^c/ SET (fillfactor='40')
            ALTER SCHEMA 'public' RENAME TO 'old shop';
            """, Ct)).ExitsWith(0).Says("Create Schemas");
        Assert.Equal(
            "old shop|Ancestor|\\N\nold shop|child|{fillfactor=40}\nold shop|negative|\\N\nold shop|plain|\\N\nvoid|hollow|\\N",
            await database.QueryAsync("SELECT nspname, relname, reloptions FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname IN ('old shop', 'void') ORDER BY 1, 2", Ct));
        Assert.Equal(10, await database.ScalarAsync<long>("INSERT INTO \"old shop\".\"Ancestor\" DEFAULT VALUES RETURNING id", Ct));
    }

    [Theory]
    [InlineData("MATERIALIZE VIEWS Sums", "sums,t")]
    [InlineData("MATERIALIZE ALL VIEWS", "plain,sums,t")]
    [InlineData("", "t")]
    public async Task Views_become_tables_when_asked_for(string clause, string tables)
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "v.db",
            "CREATE TABLE t (k INT, v INT); INSERT INTO t VALUES (1, 2), (1, 3); CREATE VIEW Sums AS SELECT k, sum(v) AS total, 'x' || k AS label FROM t GROUP BY k;"
            + "CREATE VIEW plain AS SELECT * FROM t; CREATE TABLE gone (a); CREATE VIEW broken AS SELECT * FROM gone; DROP TABLE gone;");
        (await folder.LoadAsync($"LOAD DATABASE FROM 'v.db' INTO {database.Uri} {clause};", Ct)).ExitsWith(0);
        Assert.Equal(tables, await database.QueryAsync("SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'", Ct));
        if (tables.Contains("sums", StringComparison.Ordinal))
        {
            Assert.Equal("1|5|x1", await database.QueryAsync("SELECT * FROM sums", Ct));
        }
    }

    [Fact]
    public async Task A_view_that_is_not_there_is_said()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("v.db", "CREATE TABLE t (k INT); CREATE VIEW sums AS SELECT 1 AS one;");
        (await folder.LoadAsync($"LOAD DATABASE FROM 'v.db' INTO {database.Uri} MATERIALIZE VIEWS nosuch;", Ct)).ExitsWith(1).Says("There is no view nosuch that can be read").Says("the views are: sums");
    }

    internal static string Chinook([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "fixtures", "chinook.db");

    // Every row of every table, by a reader of this test's own. Returns how many there were.
    internal static async Task<int> CompareAsync(string path, TestDatabase database, Func<string, string> target)
    {
        var count = 0;
        foreach (var table in SqliteFixture.Tables(path))
        {
            var columns = (await database.QueryAsync(
                $"SELECT to_json(quote_ident(attname)), regexp_replace(format_type(atttypid, atttypmod), '\\(.*\\)', '') FROM pg_attribute WHERE attrelid = '{Quoted(target(table)).Replace("'", "''", StringComparison.Ordinal)}'::regclass AND attnum > 0 ORDER BY attnum", Ct))
                .Split('\n').Select(line => (Name: System.Text.Json.JsonSerializer.Deserialize<string>(line[..line.LastIndexOf('|')])!, Type: line[(line.LastIndexOf('|') + 1)..])).ToArray();
            var expected = SqliteFixture.Rows(path, $"SELECT * FROM {Quoted(table)}")
                .Select(row => string.Join('|', row.Select((value, i) => Comparable(SqliteFixture.Shown(value, columns[i].Type), columns[i].Type)))).Order(StringComparer.Ordinal).ToArray();
            await using var connection = await database.OpenAsync(Ct);
            await using var command = new Npgsql.NpgsqlCommand(
                $"SET timezone TO 'UTC'; SET extra_float_digits TO 3; SELECT {string.Join(", ", columns.Select(column => $"{column.Name}::text"))} FROM {Quoted(target(table))}", connection);
            await using var reader = await command.ExecuteReaderAsync(Ct);
            var actual = new List<string>();
            while (await reader.ReadAsync(Ct))
            {
                actual.Add(string.Join('|', Enumerable.Range(0, columns.Length).Select(i =>
                    Comparable(reader.IsDBNull(i) ? @"\N" : columns[i].Type == "boolean" ? reader.GetString(i)[..1] : reader.GetString(i), columns[i].Type))));
            }

            Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
            count += actual.Count;
        }

        return count;
    }

    // Servers before 12 write more digits of a float than tell it from its neighbours.
    private static string Comparable(string shown, string type) => shown == @"\N" ? shown : type switch
    {
        "double precision" => SqliteFixture.Number(double.Parse(shown, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
        "real" => SqliteFixture.Number(float.Parse(shown, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
        "numeric" => SqliteFixture.Number(shown),
        _ => shown,
    };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
