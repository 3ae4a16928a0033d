using System.Runtime.CompilerServices;
using Sluice.Diagnostics;
using Sluice.ServerTests.Loads;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>SQLite databases into the stand-in: every row and value, types, keys, defaults, distribution.</summary>
public sealed class RedshiftMigrationTests(RedshiftServers servers)
{
    private const string Keys =
        """
        CREATE TABLE Parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) NOT NULL DEFAULT 'it''s \', code TEXT UNIQUE, made DATETIME DEFAULT CURRENT_TIMESTAMP, day DATE DEFAULT CURRENT_DATE,
            said TEXT DEFAULT CURRENT_TIMESTAMP, at TIME DEFAULT CURRENT_TIME, n INT DEFAULT -7, b BOOLEAN DEFAULT 1, raw BLOB DEFAULT 'x');
        INSERT INTO Parent (id, name, code) VALUES (5, 'five', 'a'), (9, 'nine', 'b');
        CREATE TABLE child (a INT, b TEXT, p INTEGER REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL, PRIMARY KEY (b, a)) WITHOUT ROWID;
        INSERT INTO child VALUES (1, 'x', 5), (2, 'y', 9), (3, 'z', NULL);
        CREATE TABLE plain (id INTEGER PRIMARY KEY, up INTEGER REFERENCES plain (id), code TEXT REFERENCES parent (code), CHECK (id > 0));
        INSERT INTO plain VALUES (1, NULL, 'a'), (2, 1, NULL);
        CREATE TABLE loose (k TEXT PRIMARY KEY, v INT);
        INSERT INTO loose VALUES (NULL, 1), (NULL, 2), ('k', 3);
        CREATE UNIQUE INDEX ux ON plain (code, up);
        CREATE UNIQUE INDEX part ON child (p) WHERE a > 1;
        CREATE INDEX ix ON child (lower(b) DESC, p);
        CREATE VIEW v AS SELECT 1;
        CREATE TRIGGER tr AFTER INSERT ON plain BEGIN SELECT 1; END;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chinook_database_arrives_whole_through_the_program()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), "");
        File.Copy(Chinook(), migration.File);
        using var folder = new LoadFolder().With("x.db", await File.ReadAllBytesAsync(migration.File, Ct));
        var result = await folder.With("test.load", migration.Command("")).RunAsync(["test.load"], Ct, null, migration.Load.ProgramEnvironment());
        result.ExitsWith(0).Says("read 15,607 = loaded 15,607 + rejected 0 + skipped 0").Says("10 indexes are not created").DoesNotSay(RedshiftServers.SecretKey);
        Assert.Equal(15_607, await migration.CompareAsync(Ct));
        Assert.Equal("f|11\np|11", await migration.QueryAsync(
            "SELECT k.contype, count(*) FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = 'SCHEMA' GROUP BY 1 ORDER BY 1", Ct));
        Assert.Equal(
            "trackid|bigint,name|character varying(800),albumid|bigint,mediatypeid|bigint,genreid|bigint,composer|character varying(880),milliseconds|bigint,bytes|bigint,unitprice|numeric(10,2)",
            string.Join(',', (await migration.ColumnsAsync("track", Ct)).Select(column => $"{column.Name}|{column.Type}")));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("WITH copy per batch, batch rows = 2, concurrency = 2")]
    [InlineData("WITH compress zstd, iam role = 'arn:aws:iam::123456789012:role/loader', workers = 1")]
    public async Task Every_value_of_every_type_arrives(string clauses)
    {
        using var migration = new MigrationCase(
            await servers.OpenAsync(Ct),
            """
            CREATE TABLE types (i INTEGER PRIMARY KEY, b BOOLEAN DEFAULT 1, d DATE, ts DATETIME, t TIMESTAMP, n DECIMAL(12,3), n0 NUMERIC, big NUMERIC(45,2), r DOUBLE, re REAL, bl BLOB, u UNSIGNED BIG INT, nt,
                s STRANGE(3), j JSON, id UUID, ip INET, iv INTERVAL, tm TIME, x XML, c CHAR(3), lo CLOB, sm SMALLINT, g INT GENERATED ALWAYS AS (i * 2) VIRTUAL, h INT AS (i * 3) STORED,
                "Mixed ""q"" 😀" TEXT, "select" TEXT, "a.b" NVARCHAR(5), "tag" TEXT);
            INSERT INTO types (i, b, d, ts, t, n, n0, big, r, re, bl, u, nt, s, j, id, ip, iv, tm, x, c, lo, sm, "Mixed ""q"" 😀", "select", "a.b", "tag") VALUES
                (1, 1, '2024-02-29', '2024-02-29 12:34:56', '1999-12-31 23:59:59', 1234.5, 12345678901234, 5, 0.1, 1.5, x'00ff10', 42, 'text', 'odd', '{"a": [1, "ä"]}',
                    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '192.168.0.1/24', '1 day', '23:59:59', '<a/>', 'abc', 'clob', 7, 'm', 's', 'longer than five', '\N'),
                (2, 0, '0001-01-01', NULL, NULL, NULL, 0.00025, 123456789012345678, 1e300, -2.25, 'plain text', 9223372036854775807, x'616263', NULL, '[]', NULL, NULL, NULL, NULL, NULL,
                    'äö', char(9, 10, 92, 13), NULL, NULL, '\N', 'é€😀', '"'),
                (-3, NULL, NULL, NULL, NULL, -0.001, -1.5, NULL, 3.141592653589793, NULL, NULL, NULL, 3.5, '', 'null', '', '', '', NULL, '', '', '', -32768, '', NULL, NULL, '');
            CREATE TABLE strict_one (id INT PRIMARY KEY, t TEXT, a ANY, r REAL) STRICT;
            INSERT INTO strict_one VALUES (1, 'a', 2, 1.5), (2, NULL, 'x', NULL);
            CREATE TABLE keyed (a TEXT, b INT, v BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
            INSERT INTO keyed VALUES ('x', 1, x'01'), ('x', 2, NULL), ('', 1, x'ffffff');
            CREATE TABLE hollow (id INTEGER PRIMARY KEY, v TEXT, bl BLOB, n NUMERIC);
            CREATE TABLE odd_rows (v TEXT);
            INSERT INTO odd_rows VALUES ('a' || char(10) || 'b'), (char(13)), ('~'), (','), (NULL), ('NULL'), (1), (0.1), (replace(hex(zeroblob(16000)), '0', 'é'));
            """);
        var result = await migration.MustAsync(ExitCode.Success, Ct, clauses);
        Assert.Equal(3 + 2 + 3 + 0 + 9, await migration.CompareAsync(Ct));
        Assert.Equal(
            "i|bigint,b|boolean,d|date,ts|timestamp with time zone,t|timestamp without time zone,n|numeric(12,3),n0|numeric(38,5),big|numeric(38,2),r|double precision,re|real,bl|BYTES(16),"
            + "u|character varying(32),nt|character varying(16),s|character varying(16),j|super,id|character varying(36),ip|character varying(49),iv|character varying(64),tm|time without time zone,"
            + "x|character varying(16),c|character varying(12),lo|character varying(16),sm|smallint,g|integer,h|integer,mixed \"q\" 😀|character varying(16),select|character varying(16),a.b|character varying(20),"
            + "tag|character varying(16)",
            string.Join(',', (await migration.ColumnsAsync("types", Ct)).Select(column => $"{column.Name}|{column.Type}"))
                .Replace("varbyte(", "BYTES(", StringComparison.Ordinal).Replace("binary varying(", "BYTES(", StringComparison.Ordinal));
        Assert.Contains(result.Notices, notice => notice.Contains("Not carried over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_and_defaults_are_those_of_the_source_as_far_as_there_are_any()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), Keys);
        var result = await migration.MustAsync(ExitCode.Success, Ct);
        Assert.Equal(2 + 3 + 2 + 3, await migration.CompareAsync(Ct));
        Assert.Equal(
            """
            child|child_p_fkey|FOREIGN KEY (p) REFERENCES SCHEMA.parent(id)
            child|child_pkey|PRIMARY KEY (b, a)
            parent|parent_code_key|UNIQUE (code)
            parent|parent_pkey|PRIMARY KEY (id)
            plain|plain_code_fkey|FOREIGN KEY (code) REFERENCES SCHEMA.parent(code)
            plain|plain_pkey|PRIMARY KEY (id)
            plain|plain_up_fkey|FOREIGN KEY (up) REFERENCES SCHEMA.plain(id)
            plain|ux|UNIQUE (code, up)
            """.Replace("SCHEMA", migration.Schema, StringComparison.Ordinal),
            await migration.QueryAsync(
                "SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' ORDER BY 1, 2", Ct));
        Assert.Equal(["name", "made", "day", "n", "b"], (await DefaultsAsync(migration, "parent")).Split('\n').Select(line => line.Split('|')[0]));
        await migration.Load.ExecuteAsync($"INSERT INTO {migration.Schema}.parent (id, code) VALUES (10, 'c')", Ct);
        Assert.Equal("it's \\|-7|t|t|t|\\N|\\N", await migration.QueryAsync(
            "SELECT name, n, b, made IS NOT NULL, day IS NOT NULL, said, \"raw\" FROM SCHEMA.parent WHERE id = 10", Ct));
        Assert.Contains(result.Notices, notice => notice == "2 indexes are not created: Redshift has none; unique ones become keys");
        Assert.Contains(result.Notices, notice => notice.StartsWith("keys are only declared", StringComparison.Ordinal) && notice.Contains("ON DELETE and ON UPDATE of 1 foreign keys", StringComparison.Ordinal));
        Assert.Contains(result.Notices, notice => notice.StartsWith("Redshift has no sequences: ", StringComparison.Ordinal) && notice.Contains("WITH identity columns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_plan_names_rules_and_what_stays_behind_and_does_nothing()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), Keys);
        var plan = await migration.PlanAsync(Ct);
        foreach (var line in new[]
        {
            "name VARCHAR(20) -> varchar(80) not null default 'it''s \\\\' (default for varchar: 20 characters of up to 4 bytes)",
            "code TEXT -> varchar(16) (default for text: longest value 1 bytes)",
            "made DATETIME -> timestamptz default sysdate using sqlite-timestamp-to-timestamp",
            "primary key loose: its column k holds NULL in 2 rows",
            "default Parent.said: CURRENT_TIMESTAMP cannot be the default of a column of type varchar(32)",
            "default Parent.at: CURRENT_TIME cannot be the default of a column of type time",
            "default Parent.raw: varbyte takes no literal as a default",
            "check plain: conditions are not translated",
            "view v: views are not translated",
            "trigger tr: triggers are not translated",
            "staged as CSV in s3://",
            "one COPY for each table, of all its staged files; then ANALYZE",
        })
        {
            Assert.Contains(line, plan, StringComparison.Ordinal);
        }

        Assert.Equal("", await migration.TablesAsync(Ct));
    }

    [Fact]
    public async Task Numbered_columns_become_identity_on_request_and_count_on_after_the_largest()
    {
        using var migration = new MigrationCase(
            await servers.OpenAsync(Ct),
            Keys + "CREATE TABLE none (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT); CREATE TABLE negative (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT); INSERT INTO negative VALUES (-7, 'x');");
        await migration.MustAsync(ExitCode.Success, Ct, "WITH identity columns");
        Assert.Equal(2 + 3 + 2 + 3 + 1, await migration.CompareAsync(Ct));
        foreach (var (table, next) in new[] { ("parent", "10"), ("none", "1"), ("negative", "1") })
        {
            var column = table == "parent" ? "name" : "v";
            await migration.Load.ExecuteAsync($"INSERT INTO {migration.Schema}.{table} ({column}) VALUES ('new')", Ct);
            Assert.Equal(next, await migration.QueryAsync($"SELECT id FROM SCHEMA.{table} WHERE {column} = 'new'", Ct));
        }

        Assert.Contains(migration.Load.Statements, statement => statement.Contains("EXPLICIT_IDS", StringComparison.Ordinal) && statement.Contains(migration.Schema, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Distribution_is_by_a_column_or_to_all_nodes()
    {
        using var migration = new MigrationCase(
            await servers.OpenAsync(Ct),
            "CREATE TABLE Orders (id INTEGER PRIMARY KEY, Customer_Id INT); INSERT INTO Orders VALUES (1, 2); CREATE TABLE countries (code TEXT); INSERT INTO countries VALUES ('de'); CREATE TABLE rest (v INT); INSERT INTO rest VALUES (1);");
        await migration.MustAsync(ExitCode.Success, Ct, $"DISTRIBUTE {migration.Schema}.orders USING Customer_Id DISTRIBUTE {migration.Schema}.countries AS REFERENCE TABLE");
        Assert.Equal("countries|8\norders|1\nrest|9", await migration.QueryAsync(
            "SELECT c.relname, c.reldiststyle FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' AND c.relkind = 'r' ORDER BY 1", Ct));
        Assert.Equal("countries|ALL\norders|KEY(customer_id)\nrest|AUTO(ALL)", await migration.QueryAsync(
            "SELECT \"table\", substring(diststyle, 1, 16) FROM svv_table_info WHERE \"schema\" = 'SCHEMA' ORDER BY 1", Ct));
        await using var connection = await migration.Load.OpenAsync(Ct);
        await using var command = new Npgsql.NpgsqlCommand(
            $"SET search_path TO {migration.Schema}; SELECT \"column\" FROM pg_table_def WHERE schemaname = '{migration.Schema}' AND distkey", connection);
        Assert.Equal("customer_id", await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task The_same_load_runs_again_and_the_tables_are_new()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), Keys);
        await migration.MustAsync(ExitCode.Success, Ct);
        migration.Execute("DELETE FROM child WHERE a = 1");
        await migration.MustAsync(ExitCode.Success, Ct);
        Assert.Equal(2 + 2 + 2 + 3, await migration.CompareAsync(Ct));
    }

    [Fact]
    public async Task Existing_tables_are_filled_and_emptied_first_when_asked()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), Keys);
        await migration.MustAsync(ExitCode.Success, Ct, "WITH schema only");
        Assert.Equal("0", await migration.QueryAsync("SELECT count(*) FROM SCHEMA.parent", Ct));
        await migration.MustAsync(ExitCode.Success, Ct, "WITH data only");
        Assert.Equal(2 + 3 + 2 + 3, await migration.CompareAsync(Ct));
        await migration.MustAsync(ExitCode.Success, Ct, "WITH create no tables, truncate, reset no sequences");
        Assert.Equal(2 + 3 + 2 + 3, await migration.CompareAsync(Ct));
        Assert.Equal("8", await migration.QueryAsync("SELECT count(*) FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = 'SCHEMA'", Ct));
    }

    [Fact]
    public async Task Hostile_names_and_defaults_stay_names_and_defaults()
    {
        using var migration = new MigrationCase(
            await servers.OpenAsync(Ct),
            """
            CREATE TABLE hostile (v TEXT DEFAULT '''); DROP TABLE precious; --', "x""); DROP TABLE precious; --" INT, w TEXT DEFAULT '\''; DROP TABLE precious; --');
            INSERT INTO hostile VALUES ('v', 1, NULL);
            CREATE TABLE "two words; --" (a INT PRIMARY KEY, "back\slash" TEXT, "😀" TEXT, "$dollar$" TEXT, "it's" TEXT);
            INSERT INTO "two words; --" VALUES (1, 'a', 'b', 'c', 'd');
            CREATE TABLE "user" ("select" INT PRIMARY KEY, "raw" TEXT, "new" INT REFERENCES "two words; --" (a), "snapshot" TEXT);
            INSERT INTO "user" VALUES (1, 'r', NULL, 's');
            CREATE TABLE precious (v INT);
            INSERT INTO precious VALUES (1);
            """);
        await migration.MustAsync(ExitCode.Success, Ct);
        Assert.Equal(4, await migration.CompareAsync(Ct));
        await migration.Load.ExecuteAsync($"INSERT INTO {migration.Schema}.hostile (\"x\"\"); drop table precious; --\") VALUES (2)", Ct);
        Assert.Equal("'); DROP TABLE precious; --|\\'; DROP TABLE precious; --", await migration.QueryAsync("SELECT v, w FROM SCHEMA.hostile WHERE \"x\"\"); drop table precious; --\" = 2", Ct));
    }

    [Fact]
    public async Task Options_of_the_command_apply()
    {
        using var migration = new MigrationCase(
            await servers.OpenAsync(Ct),
            "CREATE TABLE keep (PlayerId INTEGER PRIMARY KEY, At INTEGER, s TEXT, j TEXT); INSERT INTO keep VALUES (1, 86400, '', '[1]'); CREATE TABLE skip (a INT); CREATE VIEW seen AS SELECT PlayerId + 1 AS p FROM keep;");
        await migration.MustAsync(
            ExitCode.Success,
            Ct,
            """
            WITH snake_case identifiers, create no indexes, no foreign keys
            CAST column keep.at to timestamptz using unix-timestamp-to-timestamptz, column keep.s to "varchar(7)" using empty-string-to-null, column keep.j to super
            MATERIALIZE ALL VIEWS EXCLUDING TABLE NAMES LIKE 'sk%'
            ALTER TABLE NAMES MATCHING 'keep' SET (fillfactor='40')
            SET lock_timeout to '1', timezone to 'UTC'
            BEFORE LOAD DO $$ create table public.before_SCHEMA (v int); $$
            AFTER CREATE SCHEMA DO $$ insert into public.before_SCHEMA select count(*) from SCHEMA.keep; $$
            AFTER LOAD DO $$ insert into public.before_SCHEMA select 10 + count(*) from SCHEMA.keep; $$
            """.Replace("SCHEMA", migration.Schema, StringComparison.Ordinal).Replace($"CREATE {migration.Schema}", "CREATE SCHEMA", StringComparison.Ordinal));
        Assert.Equal("0\n11", await migration.QueryAsync("SELECT v FROM public.before_SCHEMA ORDER BY 1", Ct));
        Assert.Contains("SET lock_timeout to '1' has no effect", migration.Load.Shown, StringComparison.Ordinal);
        Assert.Equal("keep\nseen", await migration.TablesAsync(Ct));
        Assert.Equal("1|1970-01-02 00:00:00+00|\\N|[1]", await migration.QueryAsync("SELECT * FROM SCHEMA.keep", Ct));
        Assert.Equal("2", await migration.QueryAsync("SELECT * FROM SCHEMA.seen", Ct));
        Assert.Equal("character varying(28)", (await migration.ColumnsAsync("keep", Ct))[2].Type);
        Assert.Equal("player_id", (await migration.ColumnsAsync("keep", Ct))[0].Name);
        Assert.Contains("storage parameters and tablespaces of ALTER TABLE have no effect", migration.Load.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staging_options_may_stand_in_the_address()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), "CREATE TABLE t (v INT); INSERT INTO t VALUES (1);");
        var result = await migration.Load.RunAsync(migration.Command("", migration.Load.Uri + "&staging_prefix=of-the-address&keep_staged_files=true&compress=none"), Ct);
        Assert.True(result.ExitCode == ExitCode.Success, migration.Load.Everything);
        var staged = await migration.Load.StagedAsync(Ct);
        Assert.Contains(staged, key => key.StartsWith("of-the-address/", StringComparison.Ordinal) && key.EndsWith(".manifest", StringComparison.Ordinal));
        Assert.Contains(staged, key => key.StartsWith("of-the-address/", StringComparison.Ordinal) && key.EndsWith(".csv", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_small_tables_arrive_side_by_side_each_with_a_folder_of_its_own()
    {
        const int Count = 30;
        using var migration = new MigrationCase(
            await servers.OpenAsync(Ct),
            string.Concat(Enumerable.Range(1, Count).Select(i => $"CREATE TABLE t{i} (id INTEGER PRIMARY KEY, name TEXT, v NUMERIC); INSERT INTO t{i} VALUES ({i}, 'a', 0.5), (-{i}, '', 1), (0, NULL, NULL);")));
        await migration.MustAsync(ExitCode.Success, Ct);
        Assert.Equal(3 * Count, await migration.CompareAsync(Ct));
        var copies = migration.Load.Statements.Where(statement => statement.StartsWith($"COPY \"{migration.Schema}\"", StringComparison.Ordinal)).Select(statement => statement.Split('\'')[1]).ToArray();
        Assert.Equal((Count, Count), (copies.Length, copies.Distinct().Count()));
    }

    [Fact]
    public async Task An_identity_column_that_exists_is_filled_with_a_notice()
    {
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT); INSERT INTO t VALUES (7, 'x');");
        await migration.Load.ExecuteAsync($"CREATE SCHEMA {migration.Schema}; CREATE TABLE {migration.Schema}.t (id bigint IDENTITY(1,1), v varchar(9))", Ct);
        var result = await migration.MustAsync(ExitCode.Success, Ct, "WITH data only, identity columns DISTRIBUTE SCHEMA.t USING id".Replace("SCHEMA", migration.Schema, StringComparison.Ordinal));
        Assert.Equal("7|x", await migration.QueryAsync("SELECT * FROM SCHEMA.t", Ct));
        Assert.Contains(result.Notices, notice => notice.Contains("EXPLICIT_IDS", StringComparison.Ordinal));
        Assert.Contains(result.Notices, notice => notice.EndsWith("has no effect: the table is not created", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Notices, notice => notice.Contains("does not become IDENTITY", StringComparison.Ordinal));
    }

    private static Task<string> DefaultsAsync(MigrationCase migration, string table) => migration.QueryAsync(
        $"SELECT a.attname, d.adsrc FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' AND c.relname = '{table}' ORDER BY a.attnum", Ct);

    private static string Chinook([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Loads", "fixtures", "chinook.db");
}
