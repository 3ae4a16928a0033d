using System.Text.Json.Nodes;

namespace RedshiftLocal.Tests.Catalog;

/// <summary>Table attributes, encodings, keys and identities: docs of CREATE TABLE, ALTER TABLE and "Compression encodings"; PG_TABLE_DEF.</summary>
public sealed class DdlTests(CatalogServer server)
{
    private const string Wide =
        """
        CREATE TABLE t (i2 smallint, i4 integer, i8 bigint, n numeric(18,0), r real, d double precision, b boolean, c character(3), v character varying(3), dt date,
            ts timestamp, tz timestamptz, s rs_catalog.super, vb rs_catalog.varbyte(9))
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attributes_show_in_pg_table_def()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(
            database,
            "CREATE TABLE t (id integer NOT NULL, a character varying(10), b boolean, c numeric(18,0))",
            """{"action":"create_table","table":"t","diststyle":"KEY","distkey":"a","sortstyle":"COMPOUND","sortkey":["c","id"],"columns":[{"name":"a","encode":"zstd"}]}""");

        Assert.Equal(
            ["public|t|id|integer|none|f|2|t", "public|t|a|character varying(10)|zstd|t|0|f", "public|t|b|boolean|none|f|0|f", "public|t|c|numeric(18,0)|none|f|1|f"],
            await database.RowsAsync(
                CatalogServer.Master,
                "SELECT schemaname, tablename, \"column\", type, rtrim(encoding), distkey, sortkey, \"notnull\" FROM pg_table_def WHERE tablename = 't'",
                Ct));
    }

    [Fact]
    public async Task Interleaved_sort_keys_alternate_in_sign()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer, b integer, c integer)", """{"action":"create_table","table":"t","sortstyle":"INTERLEAVED","sortkey":["a","b","c"]}""");

        Assert.Equal(["1", "-2", "3"], await database.RowsAsync(CatalogServer.Master, "SELECT sortkey FROM pg_table_def WHERE tablename = 't'", Ct));
    }

    [Theory]
    [InlineData("""{"diststyle":"EVEN"}""", "0")]
    [InlineData("""{"diststyle":"KEY","distkey":"a"}""", "1")]
    [InlineData("""{"distkey":"a"}""", "1")]
    [InlineData("""{"diststyle":"ALL"}""", "8")]
    [InlineData("""{"diststyle":"AUTO"}""", "9")]
    [InlineData("{}", "9")]
    public async Task The_distribution_style_is_a_number_in_pg_class(string attributes, string expected)
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer)", With(attributes, "create_table"));

        Assert.Equal([expected], await database.RowsAsync(CatalogServer.Master, "SELECT reldiststyle FROM pg_class WHERE relname = 't'", Ct));
    }

    [Theory]
    [InlineData("""{"distkey":"x"}""", "42703 column \"x\" named in DISTKEY does not exist")]
    [InlineData("""{"sortkey":["x"]}""", "42703 column \"x\" named in SORTKEY does not exist")]
    [InlineData("""{"sortkey":["i4","i4"]}""", "42701 column \"i4\" appears twice in SORTKEY")]
    [InlineData("""{"diststyle":"KEY"}""", "42601 must specify DISTKEY with DISTSTYLE KEY")]
    [InlineData("""{"diststyle":"EVEN","distkey":"i4"}""", "42601 cannot specify DISTKEY with DISTSTYLE EVEN")]
    [InlineData("""{"distkey":"s"}""", "0A000 column \"s\" of type super cannot be used as DISTKEY")]
    [InlineData("""{"sortkey":["vb"]}""", "0A000 column \"vb\" of type varbyte cannot be used as SORTKEY")]
    [InlineData("""{"sortstyle":"INTERLEAVED","sortkey":["i2","i4","i8","n","r","d","b","c","v"]}""", "54011 cannot have more than 8 columns in interleaved sort key")]
    [InlineData("""{"columns":[{"name":"v","identity":{"always":true,"seed":1,"step":1}}]}""", "42P16 identity column \"v\" must be of type integer or bigint")]
    [InlineData("""{"columns":[{"name":"v","encode":"gzip"}]}""", "42601 unknown compression encoding \"gzip\" for column \"v\"")]
    [InlineData("""{"constraints":[{"kind":"p","columns":["i4"]},{"kind":"p","columns":["i8"]}]}""", "42P16 multiple primary keys for table \"t\" are not allowed")]
    [InlineData("""{"constraints":[{"kind":"u","columns":["x"]}]}""", "42703 column \"x\" named in key does not exist")]
    [InlineData("""{"constraints":[{"kind":"u","name":"k","columns":["i4"]},{"kind":"u","name":"k","columns":["i8"]}]}""", "42710 constraint \"k\" for relation \"t\" already exists")]
    [InlineData("""{"constraints":[{"kind":"f","columns":["i4"],"ref_table":"nosuch","ref_columns":[]}]}""", "42P01 relation \"nosuch\" does not exist")]
    [InlineData("""{"constraints":[{"kind":"f","columns":["i4"],"ref_table":"t","ref_columns":["i8"]}]}""", "42830 there is no unique constraint matching given keys for referenced table \"t\"")]
    [InlineData("""{"constraints":[{"kind":"f","columns":["i4"],"ref_table":"t","ref_columns":[]}]}""", "42704 there is no primary key for referenced table \"t\"")]
    [InlineData("""{"constraints":[{"kind":"p","columns":["s"]}]}""", "0A000 column \"s\" of type super cannot be used in a key")]
    public async Task What_the_catalog_contradicts_is_refused(string attributes, string expected)
    {
        var database = await server.CreateDatabaseAsync(Ct);

        Assert.Equal(expected, await database.ErrorAsync(CatalogServer.Master, $"BEGIN; {Wide}; {Call(With(attributes, "create_table"))}", Ct));
    }

    [Theory]
    [InlineData("raw", "i2 i4 i8 n r d b c v dt ts tz s vb")]
    [InlineData("az64", "i2 i4 i8 n dt ts tz")]
    [InlineData("bytedict", "i2 i4 i8 n r d c v dt ts tz")]
    [InlineData("delta", "i2 i4 i8 n dt ts tz")]
    [InlineData("delta32k", "i4 i8 n dt ts tz")]
    [InlineData("lzo", "i2 i4 i8 n c v dt ts tz s vb")]
    [InlineData("mostly8", "i2 i4 i8 n")]
    [InlineData("mostly16", "i4 i8 n")]
    [InlineData("mostly32", "i8 n")]
    [InlineData("runlength", "i2 i4 i8 n r d b c v dt ts tz")]
    [InlineData("text255", "v")]
    [InlineData("text32k", "v")]
    [InlineData("zstd", "i2 i4 i8 n r d b c v dt ts tz s vb")]
    public async Task An_encoding_is_taken_by_the_types_that_support_it(string encoding, string columns)
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);
        await session.QueryAsync($"{Wide}; {Call("""{"action":"create_table","table":"t"}""")}", Ct);

        var taken = new List<string>();
        foreach (var column in "i2 i4 i8 n r d b c v dt ts tz s vb".Split(' '))
        {
            try
            {
                await session.QueryAsync(Call($$"""{"action":"alter_encode","table":"t","columns":[{"name":"{{column}}","encode":"{{encoding}}"}]}"""), Ct);
                taken.Add(column);
            }
            catch (RedshiftLocal.Protocol.ServerException exception)
            {
                Assert.Equal($"42P16 invalid encoding type specified for column \"{column}\"", $"{exception.Error.SqlState} {exception.Error.Message}");
            }
        }

        Assert.Equal(columns, string.Join(' ', taken));
    }

    [Fact]
    public async Task An_identity_shows_as_a_call_and_counts_by_its_step()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(
            database,
            "CREATE TABLE t (a integer, id bigint GENERATED BY DEFAULT AS IDENTITY (START 10 INCREMENT 5) NOT NULL, k integer GENERATED BY DEFAULT AS IDENTITY)",
            """
            {"action":"create_table","table":"t","columns":[{"name":"id","identity":{"always":true,"seed":10,"step":5}},{"name":"k","identity":{"always":false,"seed":1,"step":1}}]}
            """);
        await database.RowsAsync(CatalogServer.Master, "INSERT INTO t (a) VALUES (1), (2); INSERT INTO t (a, id) VALUES (3, 999); INSERT INTO t (a) VALUES (4)", Ct);

        Assert.Equal(["1|10", "2|15", "3|999", "4|20"], await database.RowsAsync(CatalogServer.Master, "SELECT a, id FROM t ORDER BY a", Ct));
        Assert.Equal(
            ["2|\"identity\"(OID, 1, '10,5'::text)", "3|default_identity(OID, 2, '1,1'::text)"],
            await database.RowsAsync(
                CatalogServer.Master, "SELECT adnum, replace(adsrc, adrelid::text, 'OID') FROM pg_attrdef WHERE adrelid = 't'::regclass ORDER BY adnum", Ct));
    }

    [Fact]
    public async Task Keys_are_shown_and_not_enforced()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE p (a integer NOT NULL, b integer)", """{"action":"create_table","table":"p","constraints":[{"kind":"p","columns":["a"]},{"kind":"u","columns":["b"]}]}""");
        await RunAsync(
            database,
            "CREATE TABLE f (x integer, y integer)",
            """{"action":"create_table","table":"f","constraints":[{"name":"ff","kind":"f","columns":["y"],"ref_schema":"public","ref_table":"p","ref_columns":["a"]}]}""");
        await database.RowsAsync(CatalogServer.Master, "INSERT INTO p VALUES (1, 1), (1, 1); INSERT INTO f VALUES (1, 77)", Ct);

        Assert.Equal(
            ["ff|f|{2}|{1}|FOREIGN KEY (y) REFERENCES p(a)", "p_b_key|u|{2}|~|UNIQUE (b)", "p_pkey|p|{1}|~|PRIMARY KEY (a)"],
            await database.RowsAsync(CatalogServer.Master, "SELECT conname, contype, conkey, confkey, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1", Ct));
        Assert.Equal(
            ["f|FOREIGN KEY|y", "p|UNIQUE|b", "p|PRIMARY KEY|a"],
            await database.RowsAsync(
                CatalogServer.Master,
                """
                SELECT c.table_name, c.constraint_type, k.column_name FROM rs_information_schema.table_constraints AS c
                JOIN rs_information_schema.key_column_usage AS k ON k.constraint_name = c.constraint_name ORDER BY c.constraint_name
                """,
                Ct));
    }

    [Fact]
    public async Task A_primary_key_makes_its_columns_not_null_in_a_new_table_and_is_refused_over_nullable_ones_later()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer, b integer)", """{"action":"create_table","table":"t","constraints":[{"kind":"p","columns":["a"]}]}""");
        await RunAsync(database, "CREATE TABLE u (a integer)", """{"action":"create_table","table":"u"}""");

        Assert.Equal(["t", "f"], await database.RowsAsync(CatalogServer.Master, "SELECT \"notnull\" FROM pg_table_def WHERE tablename = 't'", Ct));
        Assert.Equal(
            "42P16 column \"a\" is nullable: a primary key takes columns declared NOT NULL only",
            await database.ErrorAsync(CatalogServer.Master, Call("""{"action":"add_constraint","table":"u","constraints":[{"kind":"p","columns":["a"]}]}"""), Ct));
    }

    [Fact]
    public async Task Dropping_a_constraint_needs_its_name_and_nobody_who_refers_to_it()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE p (a integer NOT NULL)", """{"action":"create_table","table":"p","constraints":[{"kind":"p","columns":["a"]}]}""");
        await RunAsync(database, "CREATE TABLE f (x integer)", """{"action":"create_table","table":"f","constraints":[{"kind":"f","columns":["x"],"ref_table":"p","ref_columns":[]}]}""");

        Assert.Equal("42704 constraint \"nosuch\" does not exist", await database.ErrorAsync(CatalogServer.Master, Drop("p", "nosuch"), Ct));
        Assert.Equal(
            "2BP01 cannot drop constraint p_pkey on table p because other objects depend on it",
            await database.ErrorAsync(CatalogServer.Master, Drop("p", "p_pkey"), Ct));

        await database.RowsAsync(CatalogServer.Master, $"{Drop("f", "f_x_fkey")}; {Drop("p", "p_pkey")}", Ct);
        Assert.Equal(["0"], await database.RowsAsync(CatalogServer.Master, "SELECT count(*) FROM pg_constraint", Ct));

        static string Drop(string table, string name) => Call($$"""{"action":"drop_constraint","table":"{{table}}","constraints":[{"name":"{{name}}"}]}""");
    }

    [Fact]
    public async Task Key_columns_cannot_be_dropped()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer, b integer, c integer)", """{"action":"create_table","table":"t","distkey":"a","sortkey":["b"]}""");

        Assert.Equal("2BP01 cannot drop distkey column \"a\"", await database.ErrorAsync(CatalogServer.Master, "ALTER TABLE t DROP COLUMN a", Ct));
        Assert.Equal("2BP01 cannot drop sortkey column \"b\"", await database.ErrorAsync(CatalogServer.Master, "ALTER TABLE t DROP COLUMN b", Ct));
        await database.RowsAsync(CatalogServer.Master, "ALTER TABLE t DROP COLUMN c; DROP TABLE t", Ct);
    }

    [Fact]
    public async Task Lengths_are_bytes_in_insert_and_update_and_follow_alter()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a character varying(3), c character(3))", """{"action":"create_table","table":"t"}""");
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);
        await session.QueryAsync("INSERT INTO t VALUES ('abc', 'ab'), ('é', NULL), (NULL, NULL)", Ct);

        Assert.Equal("22001 value too long for type character varying(3)", await ErrorAsync("INSERT INTO t (a) VALUES ('éé')"));
        Assert.Equal("22001 value too long for type character varying(3)", await ErrorAsync("UPDATE t SET a = 'éé'"));
        Assert.Equal("22001 value too long for type character(3)", await ErrorAsync("INSERT INTO t (c) VALUES ('é')"));

        await session.QueryAsync($"ALTER TABLE t ALTER COLUMN a TYPE character varying(4); {Call("""{"action":"alter_type","table":"t","columns":[{"name":"a"}]}""")}", Ct);
        await session.QueryAsync("INSERT INTO t (a) VALUES ('éé'); ALTER TABLE t RENAME COLUMN a TO z", Ct);
        Assert.Equal("22001 value too long for type character varying(4)", await ErrorAsync("INSERT INTO t (z) VALUES ('ééé')"));
        await session.QueryAsync($"ALTER TABLE t ADD COLUMN n character varying(1); {Call("""{"action":"add_column","table":"t","columns":[{"name":"n"}]}""")}", Ct);
        Assert.Equal("22001 value too long for type character varying(1)", await ErrorAsync("INSERT INTO t (n) VALUES ('é')"));
        await session.QueryAsync("ALTER TABLE t DROP COLUMN z", Ct);

        async Task<string> ErrorAsync(string sql)
        {
            var exception = await Assert.ThrowsAsync<RedshiftLocal.Protocol.ServerException>(() => session.QueryAsync(sql, Ct));
            return $"{exception.Error.SqlState} {exception.Error.Message}";
        }
    }

    [Theory]
    [InlineData("\"encode\":\"bytedict\"", "", "0A000 cannot alter type of column \"a\" with encoding bytedict")]
    [InlineData("\"encode\":\"text255\"", "", "0A000 cannot alter type of column \"a\" with encoding text255")]
    [InlineData("\"encode\":null", "DEFAULT 'x'", "0A000 cannot alter type of column \"a\" with a default value")]
    public async Task Alter_type_is_refused_where_redshift_does(string encode, string clause, string expected)
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(
            database, $"CREATE TABLE t (a character varying(3) {clause})", $$"""{"action":"create_table","table":"t","columns":[{"name":"a",{{encode}}}]}""");

        Assert.Equal(
            expected,
            await database.ErrorAsync(
                CatalogServer.Master,
                $"BEGIN; ALTER TABLE t ALTER COLUMN a TYPE character varying(9); {Call("""{"action":"alter_type","table":"t","columns":[{"name":"a"}]}""")}",
                Ct));
    }

    [Fact]
    public async Task Alter_type_is_refused_for_columns_of_keys()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a character varying(3))", """{"action":"create_table","table":"t","constraints":[{"kind":"u","columns":["a"]}]}""");

        Assert.Equal(
            "0A000 cannot alter type of column \"a\" used in a constraint",
            await database.ErrorAsync(CatalogServer.Master, Call("""{"action":"alter_type","table":"t","columns":[{"name":"a"}]}"""), Ct));
    }

    [Fact]
    public async Task A_table_made_from_a_query_has_redshifts_types_only()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(
            database,
            "CREATE TABLE t AS SELECT 'abc' AS literal, repeat('x', 300) AS long, 1.25 * 3 AS number, 'a'::bpchar AS padded, now()::timestamp AS moment",
            """{"action":"create_table_as","table":"t","sortkey":["number"],"columns":[]}""");

        Assert.Equal(
            ["literal|character varying(256)", "long|character varying(65535)", "number|numeric(38,2)", "padded|character(1)", "moment|timestamp without time zone"],
            await database.RowsAsync(CatalogServer.Master, "SELECT \"column\", type FROM pg_table_def WHERE tablename = 't'", Ct));
        Assert.Equal(
            "0A000 Column \"u.n\" has unsupported type \"name\".",
            await database.ErrorAsync(
                CatalogServer.Master, $"BEGIN; CREATE TABLE u AS SELECT current_user AS n; {Call("""{"action":"create_table_as","table":"u","columns":[]}""")}", Ct));
    }

    [Fact]
    public async Task Like_takes_over_attributes_and_encodings()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer, b integer)", """{"action":"create_table","table":"t","distkey":"b","sortkey":["b","a"],"columns":[{"name":"a","encode":"zstd"}]}""");
        await RunAsync(database, "CREATE TABLE u (LIKE t)", """{"action":"create_table","table":"u","like":{"schema":null,"table":"t"}}""");

        Assert.Equal(
            ["a|none|f|2", "b|none|t|1"],
            (await database.RowsAsync(CatalogServer.Master, "SELECT \"column\", rtrim(encoding), distkey, sortkey FROM pg_table_def WHERE tablename = 'u'", Ct))
                .Select(row => row.Replace("zstd", "none", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_temporary_table_and_a_permanent_one_of_the_same_name_are_kept_apart()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await using var session = await database.ConnectAsync(CatalogServer.Master, Ct);
        await session.QueryAsync($"CREATE TEMP TABLE t (a integer); {Call("""{"action":"create_table","table":"t","temp":true,"diststyle":"ALL"}""")}", Ct);
        await session.QueryAsync($"CREATE TABLE public.t (a integer); {Call("""{"action":"create_table","table":"t","temp":false,"diststyle":"EVEN"}""")}", Ct);

        Assert.Equal(
            ["0|f", "8|t"],
            await CatalogDatabase.RowsAsync(
                session,
                "SELECT c.reldiststyle, n.nspname LIKE 'pg_temp%' FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relname = 't' ORDER BY 1",
                Ct));
    }

    [Fact]
    public async Task Rows_of_dropped_tables_vanish_with_the_next_table()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer NOT NULL)", """{"action":"create_table","table":"t","constraints":[{"kind":"p","columns":["a"]}],"columns":[{"name":"a","encode":"zstd"}]}""");
        await database.RowsAsync(CatalogServer.Master, "DROP TABLE t", Ct);
        await RunAsync(database, "CREATE TABLE u (a integer)", """{"action":"create_table","table":"u"}""");

        Assert.Equal(
            ["1|0|0"],
            await database.RowsAsync(
                null, "SELECT (SELECT count(*) FROM rs_internal.tables), (SELECT count(*) FROM rs_internal.constraints), (SELECT count(*) FROM rs_internal.columns)", Ct));
    }

    [Fact]
    public async Task Another_users_table_cannot_be_described()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(database, "CREATE TABLE t (a integer)", """{"action":"create_table","table":"t"}""");

        Assert.Equal(
            "42501 must be owner of relation t",
            await database.ErrorAsync(CatalogServer.Alice, Call("""{"action":"alter_diststyle","table":"t","diststyle":"ALL"}"""), Ct));
    }

    [Fact]
    public async Task Table_columns_tell_copy_what_to_expect()
    {
        var database = await server.CreateDatabaseAsync(Ct);
        await RunAsync(
            database,
            """
            CREATE TABLE t (gone integer, id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL, v character varying(7) DEFAULT 'x', c character(2), n numeric(12,3), d double precision,
                tz timestamptz, s rs_catalog.super, b rs_catalog.varbyte(9));
            ALTER TABLE t DROP COLUMN gone
            """,
            """{"action":"create_table","table":"t","columns":[{"name":"id","identity":{"always":true,"seed":1,"step":1}}]}""");

        Assert.Equal(
            [
                "1|id|bigint|~|~|~|t|f|always", "2|v|character varying|7|~|~|f|t|~", "3|c|character|2|~|~|f|f|~", "4|n|numeric|~|12|3|f|f|~", "5|d|double precision|~|~|~|f|f|~",
                "6|tz|timestamptz|~|~|~|f|f|~", "7|s|super|~|~|~|f|f|~", "8|b|varbyte|9|~|~|f|f|~",
            ],
            await database.RowsAsync(CatalogServer.Master, "SELECT * FROM rs_internal.table_columns('t')", Ct));
    }

    private static string Call(string json) => $"SELECT rs_internal.ddl('{json.Replace("'", "''", StringComparison.Ordinal)}'::text)";

    private static string With(string attributes, string action)
    {
        var json = JsonNode.Parse(attributes)!.AsObject();
        json["action"] = action;
        json["table"] = "t";
        return json.ToJsonString();
    }

    private static Task<string[]> RunAsync(CatalogDatabase database, string sql, string json) =>
        database.RowsAsync(CatalogServer.Master, $"BEGIN; {sql}; {Call(json)}; COMMIT", Ct);
}
