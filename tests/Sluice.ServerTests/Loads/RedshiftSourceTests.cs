using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;
using Sluice.ServerTests.Targets.Redshift;

namespace Sluice.ServerTests.Loads;

/// <summary>Redshift as a source, into PostgreSQL: schema, types, defaults, keys, options.</summary>
public sealed class RedshiftSourceTests(RedshiftServers servers, PostgresServer postgres)
{
    private const string Types =
        """
        CREATE TABLE SCHEMA.types (
            id bigint NOT NULL IDENTITY(1,1), si smallint, i integer, n0 numeric(18,0), n numeric(38,10), r real, d double precision, b boolean,
            c char(5), v varchar(20), vmax varchar(65535), dt date, t time, tz timetz, ts timestamp, tstz timestamptz, s super, vb varbyte(100),
            PRIMARY KEY (id));;
        INSERT INTO SCHEMA.types (si, i, n0, n, r, d, b, c, v, vmax, dt, t, tz, ts, tstz, s, vb) VALUES
            (-32768, -2147483648, -999999999999999999, -9999999999999999999999999999.9999999999, 1.17549435e-38, 2.2250738585072014e-308, true, 'a', '', 'x', '0001-01-01', '00:00:00', '00:00:00+00',
             '0001-01-01 00:00:00', '0001-01-01 00:00:00+00', json_parse('{"a": [1, 2.5, null, "é"], "b": {"c": "line\\nbreak \\"q\\""}}'), from_hex('00ff7f80')),
            (32767, 2147483647, 999999999999999999, 9999999999999999999999999999.9999999999, 3.4028235e38, 1.7976931348623157e308, false, 'abcde', '\\N', '😀', '9999-12-31', '23:59:59.999999', '23:59:59.999999-08',
             '9999-12-31 23:59:59.999999', '2024-02-29 12:34:56.123456+02', json_parse('[]'), from_hex('')),
            (0, 0, 0, 0, 0.1, 0.1, NULL, '', 'tab\there', 'line\nbreak\rreturn |pipe| "quote" \'apos\' \\back\\', '1970-01-01', '12:00:00.000001', '12:00:00+05:30', '1970-01-01 00:00:00.000001',
             '1970-01-01 00:00:00.000001+00', json_parse('"text"'), from_hex('5c78')),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);;
        INSERT INTO SCHEMA.types (r, d, v, vmax, s) VALUES (16777217, 123456789012345680, 'NULL', 'null', json_parse('null'))
        """;

    private const string Arrived =
        """
        1|-32768|-2147483648|-999999999999999999|-9999999999999999999999999999.9999999999|1.1754944e-38|2.2250738585072014e-308|t|a    ||x|0001-01-01|00:00:00|00:00:00+00|0001-01-01 00:00:00|0001-01-01 00:00:00+00|{"a": [1, 2.5, null, "é"], "b": {"c": "line\nbreak \"q\""}}|\x00ff7f80
        2|32767|2147483647|999999999999999999|9999999999999999999999999999.9999999999|3.4028235e+38|1.7976931348623157e+308|f|abcde|\N|😀|9999-12-31|23:59:59.999999|23:59:59.999999-08|9999-12-31 23:59:59.999999|2024-02-29 10:34:56.123456+00|[]|\x
        3|0|0|0|0.0000000000|0.1|0.1|\N|     |tab	here|line
        break<CR>return |pipe| "quote" 'apos' \back\|1970-01-01|12:00:00.000001|12:00:00+05:30|1970-01-01 00:00:00.000001|1970-01-01 00:00:00.000001+00|"text"|\x5c78
        4|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N
        5|\N|\N|\N|\N|1.6777216e+07|1.2345678901234568e+17|\N|\N|NULL|null|\N|\N|\N|\N|\N|null|\N
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("WITH unload")]
    [InlineData("WITH unload, compress zstd")]
    [InlineData("WITH unload, compress none, iam role = 'arn:aws:iam::123456789012:role/loader'")]
    public async Task Every_type_arrives_at_its_extremes(string clauses)
    {
        using var load = await RedshiftSourceCase.CreateAsync(servers, postgres, Types, Ct);
        await load.MustAsync(ExitCode.Success, Ct, clauses);
        Assert.Equal(Arrived, (await load.QueryAsync("SELECT * FROM SCHEMA.types ORDER BY id", Ct)).Replace("\r", "<CR>", StringComparison.Ordinal));
        Assert.Equal(clauses.Length > 0, load.Unloads("types").Any());
        Assert.Equal(
            "id bigint,si smallint,i integer,n0 numeric(18,0),n numeric(38,10),r real,d double precision,b boolean,c character(5),v character varying(20),vmax text,dt date,t time without time zone,"
            + "tz time with time zone,ts timestamp without time zone,tstz timestamp with time zone,s jsonb,vb bytea",
            await load.QueryAsync("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'SCHEMA.types'::regclass AND attnum > 0", Ct));
    }

    [Fact]
    public async Task Keys_defaults_comments_and_numbers_are_those_of_the_source()
    {
        using var load = await RedshiftSourceCase.CreateAsync(
            servers, postgres,
            """
            CREATE TABLE SCHEMA.parent (id integer NOT NULL IDENTITY(5,1) PRIMARY KEY, code varchar(10) NOT NULL DEFAULT 'it''s \\', made timestamp DEFAULT sysdate, seen timestamptz DEFAULT getdate(), day date DEFAULT current_date,
                n numeric(6,2) DEFAULT -7.5, b boolean DEFAULT true, nothing integer DEFAULT NULL, odd varchar(40) DEFAULT upper('x'), UNIQUE (code)) DISTSTYLE KEY DISTKEY (code) SORTKEY (day, id);;
            CREATE TABLE SCHEMA.child (a integer NOT NULL, b varchar(3) NOT NULL, parent_id integer, PRIMARY KEY (b, a), FOREIGN KEY (parent_id) REFERENCES SCHEMA.parent (id)) SORTKEY (b);;
            CREATE TABLE SCHEMA."select" ("a b" integer, "q""uote" varchar(5), "größe" integer);;
            CREATE VIEW SCHEMA.seen AS SELECT id, code FROM SCHEMA.parent;;
            CREATE VIEW SCHEMA.late AS SELECT id FROM SCHEMA.parent WITH NO SCHEMA BINDING;;
            COMMENT ON TABLE SCHEMA.parent IS 'all ''of'' them';;
            COMMENT ON COLUMN SCHEMA.parent.code IS 'short';;
            INSERT INTO SCHEMA.parent (code) VALUES ('x');;
            INSERT INTO SCHEMA.parent (code) VALUES ('y');;
            INSERT INTO SCHEMA.child VALUES (1, 'a', 5), (2, 'a', NULL);;
            INSERT INTO SCHEMA."select" VALUES (1, 'x', 2)
            """, Ct);
        var result = await load.MustAsync(ExitCode.Success, Ct);
        var plan = await load.Source.PlanAsync(load.Command(""), Ct);
        Assert.Equal("5|x|t\n6|y|t", await load.QueryAsync("SELECT id, code, made IS NOT NULL AND seen IS NOT NULL AND day IS NOT NULL FROM SCHEMA.parent ORDER BY id", Ct));
        Assert.Equal("1|x|2", await load.QueryAsync("SELECT \"a b\", \"q\"\"uote\", \"größe\" FROM SCHEMA.\"select\"", Ct));
        Assert.Equal(
            """
            child|child_parent_id_fkey|FOREIGN KEY (parent_id) REFERENCES SCHEMA.parent(id)
            child|child_pkey|PRIMARY KEY (b, a)
            parent|parent_code_key|UNIQUE (code)
            parent|parent_pkey|PRIMARY KEY (id)
            """.Replace("SCHEMA", load.Schema, StringComparison.Ordinal),
            await load.QueryAsync("SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' AND k.contype IN ('p', 'u', 'f') ORDER BY 1, 2", Ct));
        await load.Target.ExecuteAsync($"INSERT INTO {load.Schema}.parent (nothing) VALUES (1)", Ct);
        Assert.Equal("7|it's \\|-7.50|t|t|\\N", await load.QueryAsync("SELECT id, code, n, b, made > now() - interval '1 hour' AND seen > now() - interval '1 hour' AND day >= current_date - 1, odd FROM SCHEMA.parent WHERE nothing = 1", Ct));
        Assert.Equal("all 'of' them|short", await load.QueryAsync("SELECT obj_description('SCHEMA.parent'::regclass), col_description('SCHEMA.parent'::regclass, 2)", Ct));
        Assert.Contains("parent is sorted by day, id at its source: an index of these columns may serve its queries", result.Notices);
        Assert.DoesNotContain(result.Notices, notice => notice.StartsWith("child is sorted", StringComparison.Ordinal));
        Assert.Contains(result.Notices, notice => notice.StartsWith("Read at one point in time: one session, one serializable transaction", StringComparison.Ordinal));
        Assert.Contains($"view {load.Schema}.seen: views are not translated; MATERIALIZE VIEWS carries its rows", plan, StringComparison.Ordinal);
        Assert.Contains($"late-binding view {load.Schema}.late: views are not translated", plan, StringComparison.Ordinal);
        Assert.Contains($"default {load.Schema}.parent.odd: the expression ", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("WITH unload")]
    public async Task Texts_arrive_as_they_are(string clauses)
    {
        using var load = await RedshiftSourceCase.CreateAsync(servers, postgres, "CREATE TABLE SCHEMA.texts (id integer, v varchar(65535), w varchar(300))", Ct);
        var random = new Random(20261123);
        string[] pieces = ["|", "\\", "\n", "\r", "\t", "\"", "'", "\\N", "NULL", "sluice-null", "ä", "€", "😀", "a", " ", ",", "\u0001", "\u007f"];
        var values = Enumerable.Range(0, 300).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => pieces[random.Next(pieces.Length)]))).ToArray();
        values[7] = string.Concat(Enumerable.Repeat("é|\n\\", 10_000));
        var rows = values.Select((value, i) => $"({i}, '{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}', {(i % 3 == 0 ? "NULL" : "''")})");
        await load.ExecuteAsync($"INSERT INTO SCHEMA.texts VALUES {string.Join(", ", rows)}", Ct);
        await load.MustAsync(ExitCode.Success, Ct, clauses);
        await using var connection = await load.Target.OpenAsync(Ct);
        await using var command = new Npgsql.NpgsqlCommand($"SELECT id, v, w FROM {load.Schema}.texts ORDER BY id", connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var read = 0;
        for (; await reader.ReadAsync(Ct); read++)
        {
            Assert.Equal((read, values[read], read % 3 == 0), (reader.GetInt32(0), reader.GetString(1), await reader.IsDBNullAsync(2, Ct)));
        }

        Assert.Equal(values.Length, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unload,")]
    public async Task Filters_and_casts_apply(string unload)
    {
        using var load = await RedshiftSourceCase.CreateAsync(
            servers, postgres,
            """
            CREATE TABLE SCHEMA.one (id integer, name varchar(20), bits varbyte(10), at timestamp);;
            INSERT INTO SCHEMA.one VALUES (1, 'Big', from_hex('616263'), '2024-02-29 10:00:00'), (2, '', NULL, NULL);;
            CREATE TABLE SCHEMA.two (id integer);;
            CREATE TABLE SCHEMA.three (id integer);;
            INSERT INTO SCHEMA.three VALUES (3)
            """, Ct);
        var command = $"LOAD DATABASE FROM {load.Source.Uri} INTO {load.Target.Uri} WITH {unload} reset no sequences "
            + $"CAST type varchar to text using empty-string-to-null, column one.at to date, type varbyte to text using byte-vector-to-hexstring "
            + $"INCLUDING ONLY TABLE NAMES MATCHING 'one', 'two', ~/thr/ IN SCHEMA '{load.Schema}' EXCLUDING TABLE NAMES MATCHING 'three' IN SCHEMA '{load.Schema}';";
        var result = await load.Source.RunAsync(command, Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Source.Everything);
        Assert.Equal("one\ntwo", await load.QueryAsync("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' AND relkind = 'r' ORDER BY 1", Ct));
        Assert.Equal("1|Big|616263|2024-02-29\n2|\\N|\\N|\\N", await load.QueryAsync("SELECT id, name, bits, at FROM SCHEMA.one ORDER BY id", Ct));
        Assert.Empty(await load.Source.StagedAsync(Ct));
    }

    [Fact]
    public async Task A_view_is_carried_as_a_table_on_request_and_schema_and_rows_can_come_apart()
    {
        using var load = await RedshiftSourceCase.CreateAsync(
            servers, postgres,
            """
            CREATE TABLE SCHEMA.t (id integer PRIMARY KEY NOT NULL, v varchar(5));;
            INSERT INTO SCHEMA.t VALUES (1, 'a'), (2, 'b');;
            CREATE VIEW SCHEMA.shown AS SELECT id + 1 AS next, v FROM SCHEMA.t
            """, Ct);
        await load.MustAsync(ExitCode.Success, Ct, "WITH schema only");
        Assert.Equal("0", await load.QueryAsync("SELECT count(*) FROM SCHEMA.t", Ct));
        await load.MustAsync(ExitCode.Success, Ct, "WITH data only, unload");
        Assert.Equal("1|a\n2|b", await load.QueryAsync("SELECT * FROM SCHEMA.t ORDER BY 1", Ct));
        var result = await load.MustAsync(ExitCode.Success, Ct, $"MATERIALIZE VIEWS {load.Schema}.shown");
        Assert.Equal("2|a\n3|b", await load.QueryAsync("SELECT * FROM SCHEMA.shown ORDER BY 1", Ct));
        Assert.DoesNotContain(result.Notices, notice => notice.Contains($"{load.Schema}.shown", StringComparison.Ordinal) && notice.StartsWith("Not carried", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Large_tables_are_unloaded_where_a_bucket_is_named_and_the_others_streamed()
    {
        using var load = await RedshiftSourceCase.CreateAsync(
            servers, postgres,
            """
            CREATE TABLE SCHEMA.large (id integer, v varchar(20));;
            CREATE TABLE SCHEMA.large_super (id integer, s super);;
            CREATE TABLE SCHEMA.small (id integer);;
            INSERT INTO SCHEMA.small VALUES (1)
            """, Ct);
        var rows = string.Join(", ", Enumerable.Range(0, 1200).Select(i => $"({i}, 'v{i}')"));
        await load.ExecuteAsync($"INSERT INTO SCHEMA.large VALUES {rows}", Ct);
        await load.ExecuteAsync("INSERT INTO SCHEMA.large_super SELECT id, json_parse('{}') FROM SCHEMA.large", Ct);
        var result = await load.MustAsync(ExitCode.Success, Ct);
        Assert.Single(load.Unloads("large"));
        Assert.Empty(load.Unloads("large_super"));
        Assert.Empty(load.Unloads("small"));
        Assert.Contains(result.Notices, notice => notice.StartsWith($"large tables are read by UNLOAD through s3://{load.Source.Bucket}: ", StringComparison.Ordinal) && notice.Contains($"{load.Schema}.large", StringComparison.Ordinal));
        Assert.Equal("1200|719400", await load.QueryAsync("SELECT count(*), sum(id) FROM SCHEMA.large", Ct));
        await load.MustAsync(ExitCode.Success, Ct, "WITH no unload");
        Assert.Single(load.Unloads("large"));
        load.Source.Environment["AWS_S3_BUCKET_NAME"] = "";
        await load.MustAsync(ExitCode.Success, Ct);
        Assert.Single(load.Unloads("large"));
    }

    [Fact]
    public async Task Options_without_use_are_refused_before_anything_is_done()
    {
        using var load = await RedshiftSourceCase.CreateAsync(servers, postgres, "CREATE TABLE SCHEMA.t (id integer)", Ct);
        load.Source.Environment["AWS_S3_BUCKET_NAME"] = "";
        await load.MustAsync(ExitCode.LoadFailed, Ct, "WITH unload");
        Assert.Contains("WITH unload needs a bucket to write to, and none is named | name one: staging bucket = '…', or AWS_S3_BUCKET_NAME", load.Source.Shown, StringComparison.Ordinal);
        await load.MustAsync(ExitCode.LoadFailed, Ct, "WITH copy per batch");
        Assert.Contains("The option copy per has no use here: the server is PostgreSQL", load.Source.Shown, StringComparison.Ordinal);
        var result = await load.Source.RunAsync($"LOAD DATABASE FROM {load.Target.Uri} INTO {load.Target.Uri} WITH unload;", Ct);
        Assert.Equal(ExitCode.LoadFailed, result.ExitCode);
        Assert.Contains("The option unload has no use here: the server is PostgreSQL", load.Source.Shown, StringComparison.Ordinal);
        Assert.Equal("0", await load.QueryAsync("SELECT count(*) FROM pg_namespace WHERE nspname = 'SCHEMA'", Ct));
    }

    [Fact]
    public async Task The_scheme_of_the_address_and_the_program_do_the_same()
    {
        using var load = await RedshiftSourceCase.CreateAsync(servers, postgres, "CREATE TABLE SCHEMA.t (id integer, v varchar(5));; INSERT INTO SCHEMA.t VALUES (1, ''), (2, NULL)", Ct);
        load.Source.Environment["AWS_S3_BUCKET_NAME"] = "other-bucket";
        using var folder = new LoadFolder();
        var uri = load.Source.Uri.Replace("postgresql://", "redshift://", StringComparison.Ordinal) + $"&staging_bucket={load.Source.Bucket}";
        var result = await folder.With("test.load", load.Command("WITH unload").Replace(load.Source.Uri, uri, StringComparison.Ordinal)).RunAsync(["test.load"], Ct, null, load.Source.ProgramEnvironment());
        result.ExitsWith(0).Says("read 2 = loaded 2 + rejected 0 + skipped 0").DoesNotSay(RedshiftServers.SecretKey);
        Assert.Equal("1||f\n2|\\N|t", await load.QueryAsync("SELECT id, v, v IS NULL FROM SCHEMA.t ORDER BY id", Ct));
    }
}
