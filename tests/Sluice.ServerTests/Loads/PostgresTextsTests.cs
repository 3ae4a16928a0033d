using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases as sources: queries in the place of views, texts of no known encoding, rows that are refused.</summary>
public sealed class PostgresTextsTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_are_loaded_as_views_are_and_nothing_is_made_in_the_source()
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE SCHEMA own; CREATE TYPE own.mood AS ENUM ('sad', 'glad');
            CREATE TABLE own.people (id int PRIMARY KEY, name varchar(20), pay numeric(10,2), at timestamp(3), feels own.mood, tags text[], day date);
            INSERT INTO own.people VALUES (1, 'Ann', 10.5, '2024-01-02 03:04:05.678', 'glad', '{a,"b c"}', '2024-01-02'), (2, E'B\tob\\', NULL, NULL, 'sad', NULL, NULL);
            """, Ct);
        await source.ExecuteAsync($"ALTER DATABASE {source.Name} SET search_path = own", Ct);
        var before = await source.SchemaAsync(Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(
            source, target,
            """
            MATERIALIZE VIEWS happy AS $$ select *, id * 2.5 as much from people where feels = 'glad' -- all of them $$,
                              "Own".names AS $$ with n as (select upper(name) as name from people) select name, count(*) as "How many" from n group by name $$
            """, Ct)).ExitsWith(0);
        Assert.Equal(before, await source.SchemaAsync(Ct));
        Assert.Equal("1|Ann|10.50|2024-01-02 03:04:05.678|glad|{a,\"b c\"}|2024-01-02|2.5", await target.QueryAsync("SELECT * FROM public.happy", Ct));
        Assert.Equal("ANN|1\nB\tOB\\|1", await target.QueryAsync("SELECT * FROM \"Own\".names ORDER BY 1", Ct));
        Assert.Equal(
            "id integer, name character varying(20), pay numeric(10,2), at timestamp(3) without time zone, feels own.mood, tags text[], day date, much numeric",
            await target.QueryAsync("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'public.happy'::regclass AND attnum > 0", Ct));
        Assert.Equal("2", await target.QueryAsync("SELECT count(*) FROM own.people", Ct));
    }

    [Theory]
    [InlineData("select 1 as a, 2 as a", "has two columns named a")]
    [InlineData("select nope from t", "column \"nope\" does not exist")]
    [InlineData("select 1) as q; drop table t; select (2", "cannot insert multiple commands into a prepared statement")]
    public async Task A_query_that_is_none_is_said_before_anything_is_done(string query, string message)
    {
        await using var source = await server.CreateWithAsync("CREATE TABLE t (i int)", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, $"MATERIALIZE VIEWS v AS $$ {query} $$", Ct)).ExitsWith(1).Says(message);
        Assert.Equal("0", await source.QueryAsync("SELECT count(*) FROM t", Ct));
        Assert.Equal(0, await target.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
    }

    [Fact]
    public async Task Texts_of_a_database_without_encoding_are_what_the_command_says()
    {
        await using var source = await AsciiAsync();
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(
            source, target, "WITH on error resume next DECODING TABLE NAMES MATCHING 'latin', ~/^win/ AS windows-1252 DECODING TABLE NAMES MATCHING 'koi' AS koi8-r", Ct)).ExitsWith(3)
            .Says("read 7 = loaded 6 + rejected 1 + skipped 0");
        Assert.Equal("1|é€\\n\t|\\x80\n2|\\N|\\N", (await target.QueryAsync("SELECT id, v, b FROM latin ORDER BY 1", Ct)).Replace("\n\t", "\\n\t", StringComparison.Ordinal));
        Assert.Equal("é", await target.QueryAsync("SELECT v FROM win1", Ct));
        Assert.Equal("ю", await target.QueryAsync("SELECT v FROM koi", Ct));
        Assert.Equal("ä|1", await target.QueryAsync("SELECT v, id FROM utf", Ct));
        Assert.Contains($"{source.Name}:utf:2 (id = 2): server 22021: ", folder.Rejects("log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_of_a_database_without_encoding_are_taken_for_utf8_and_others_refused_row_by_row()
    {
        await using var source = await AsciiAsync();
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "WITH on error resume next", Ct)).ExitsWith(3)
            .Says("the database is SQL_ASCII: its texts are taken for UTF-8").Says("read 7 = loaded 3 + rejected 4 + skipped 0");
        Assert.Equal("2", await target.QueryAsync("SELECT id FROM latin", Ct));
    }

    [Fact]
    public async Task Decoding_has_no_effect_where_the_server_knows_its_encoding()
    {
        await using var source = await server.CreateWithAsync("CREATE TABLE t (v text); INSERT INTO t VALUES ('é')", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, "DECODING TABLE NAMES MATCHING 't' AS windows-1252", Ct)).ExitsWith(0)
            .Says("DECODING has no effect: the database is UTF8, and the server converts its texts itself");
        Assert.Equal("é", await target.QueryAsync("SELECT v FROM t", Ct));
    }

    [Fact]
    public async Task A_refused_row_is_named_by_its_key()
    {
        await using var source = await server.CreateWithAsync("CREATE TABLE t (v int, \"K 1\" text, k2 int, PRIMARY KEY (k2, \"K 1\")); INSERT INTO t VALUES (1, 'a', 1), (-1, E'b\tc', 2), (NULL, 'c', 3)", Ct);
        await using var target = await server.CreateWithAsync("CREATE TABLE t (v int CHECK (v > 0), \"K 1\" text, k2 int)", Ct);
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "data only, on error resume next")).ExitsWith(3);
        Assert.Contains($"{source.Name}:t:2 (k2 = 2, \"K 1\" = b\\tc): server 23514: ", folder.Rejects("log"), StringComparison.Ordinal);
        Assert.Contains("\"key\":{\"k2\":\"2\",\"K 1\":\"b\\\\tc\"}", folder.Rejects("jsonl"), StringComparison.Ordinal);
    }

    private async Task<TestDatabase> AsciiAsync()
    {
        var first = await server.CreateDatabaseAsync();
        await using (first)
        {
            await first.ExecuteAsync("SELECT 1", Ct);
        }

        var name = first.Name + "_ascii";
        var admin = new Npgsql.NpgsqlConnectionStringBuilder(server.Admin("postgres").ConnectionString);
        await using (var connection = new Npgsql.NpgsqlConnection(admin.ConnectionString))
        {
            await connection.OpenAsync(Ct);
            await using var command = new Npgsql.NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", connection);
            await command.ExecuteNonQueryAsync(Ct);
        }

        var database = new TestDatabase(server, name);
        await database.ExecuteAsync(
            """
            CREATE TABLE latin (id int PRIMARY KEY, v text, b bytea);
            INSERT INTO latin VALUES (1, convert_from('\xe9800a09', 'SQL_ASCII'), '\x80'), (2, NULL, NULL);
            CREATE TABLE win1 (v text); INSERT INTO win1 VALUES (convert_from('\xe9', 'SQL_ASCII'));
            CREATE TABLE koi (v varchar(3)); INSERT INTO koi VALUES (convert_from('\xc0', 'SQL_ASCII'));
            CREATE TABLE utf (id int PRIMARY KEY, v text); INSERT INTO utf VALUES (1, convert_from('\xc3a4', 'SQL_ASCII')), (2, convert_from('\xff', 'SQL_ASCII'));
            CREATE TABLE plain (v text); INSERT INTO plain VALUES ('x');
            """, Ct);
        return database;
    }
}
