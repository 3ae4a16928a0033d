using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Views and queries that become tables, and texts of another encoding.</summary>
public sealed class SqliteViewTests(PostgresServer server)
{
    private const string Source =
        "CREATE TABLE t (k INT, v DECIMAL(8,2), d DATETIME); INSERT INTO t VALUES (1, 2.5, '2024-01-01 00:00:00'), (1, 3, NULL), (2, NULL, NULL); CREATE VIEW v AS SELECT k FROM t;";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_becomes_a_table_and_nothing_is_left_in_the_source()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("v.db", Source);
        var before = await File.ReadAllBytesAsync(folder["v.db"], Ct);
        (await folder.LoadAsync(
            $"""
            LOAD DATABASE FROM 'v.db' INTO {database.Uri} WITH workers = 2
            CAST column "The Sums".total to "double precision"
            MATERIALIZE VIEWS "The Sums" AS $$ select k, sum(v) as total, d as "When", 'it''s ' || k as label from t group by k order by k -- the end $$, v, t2 as $$ select * from v; -- of old $$;
            """, Ct)).ExitsWith(0).Says("read 11 = loaded 11");
        Assert.Equal("1|5.5|2024-01-01 00:00:00+00|it's 1\n2|\\N|\\N|it's 2", await database.QueryAsync("SET timezone TO 'UTC'; SELECT * FROM \"The Sums\" ORDER BY 1", Ct));
        Assert.Equal(
            "k:integer,total:double precision,when:timestamp with time zone,label:text",
            await database.QueryAsync("SELECT string_agg(attname || ':' || format_type(atttypid, atttypmod), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '\"The Sums\"'::regclass AND attnum > 0", Ct));
        Assert.Equal("1\n1\n2", await database.QueryAsync("SELECT k FROM v ORDER BY 1", Ct));
        Assert.Equal(3, await database.CountAsync("t2", Ct));
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["v.db"], Ct));
        Assert.Empty(Directory.GetFiles(folder.Path, "v.db-*"));
    }

    [Theory]
    [InlineData("select * from nowhere", "no such table: nowhere")]
    [InlineData("delete from t", "takes one query")]
    [InlineData("select 1) as x; drop table t; select (1", "syntax error")]
    [InlineData("select 1; drop table t", "takes one query")]
    [InlineData("insert into t values (1, 2, 3) returning k", "takes one query")]
    [InlineData("drop table t", "takes one query")]
    public async Task What_is_no_query_is_said_with_the_name_of_the_view(string sql, string message)
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("v.db", Source);
        (await folder.LoadAsync($"LOAD DATABASE FROM 'v.db' INTO {database.Uri} MATERIALIZE VIEWS bad AS $$ {sql} $$;", Ct)).ExitsWith(1).Says("MATERIALIZE VIEWS bad").Says(message);
        Assert.Equal(0, await database.CountAsync("pg_class WHERE relnamespace = 'public'::regnamespace", Ct));
        Assert.Equal(["t"], SqliteFixture.Tables(folder["v.db"]));
    }

    [Fact]
    public async Task A_query_with_the_name_of_a_table_would_be_a_second_one()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("v.db", Source);
        (await folder.LoadAsync($"LOAD DATABASE FROM 'v.db' INTO {database.Uri} MATERIALIZE VIEWS T AS $$ select 1 as one $$;", Ct)).ExitsWith(1).Says("would be a second public.t");
    }

    [Fact]
    public async Task Texts_of_another_encoding_are_turned_into_utf8()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite(
            "l.db", "CREATE TABLE l (id INT, v TEXT, w TEXT); INSERT INTO l VALUES (1, CAST(x'e9e8' AS TEXT), 'plain'), (2, CAST(x'80' AS TEXT), ''), (3, CAST(x'81' AS TEXT), NULL);");
        (await folder.RunAsync(["--with", "encoding latin1", "l.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal("1|éè|plain\n2|\u0080|\n3|\u0081|\\N", await database.QueryAsync("SELECT * FROM l ORDER BY 1", Ct));
        (await folder.RunAsync(["--with", "encoding windows-1252, on error resume next", "l.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal("éè\n€", await database.QueryAsync("SELECT v FROM l WHERE id < 3 ORDER BY id", Ct));
        (await folder.RunAsync(["--with", "encoding us-ascii, on error resume next", "l.db", database.Uri], Ct)).ExitsWith(3).Says("The text is not valid in the source's encoding").Says("rejected 3");
        (await folder.RunAsync(["--encoding", "latin1", "l.db", database.Uri], Ct)).ExitsWith(0);
        Assert.Equal("éè", await database.QueryAsync("SELECT v FROM l WHERE id = 1", Ct));
    }

    [Fact]
    public async Task A_database_of_utf16_knows_its_encoding_better()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("u.db", "PRAGMA encoding = 'UTF-16le'; CREATE TABLE u (v TEXT); INSERT INTO u VALUES ('é😀');");
        (await folder.RunAsync(["--with", "encoding latin1", "u.db", database.Uri], Ct)).ExitsWith(0).Says("encoding has no effect: the database is UTF-16le");
        Assert.Equal("é😀", await database.QueryAsync("SELECT v FROM u", Ct));
    }

    [Fact]
    public async Task A_mistake_in_a_cast_option_is_shown_in_the_option_s_own_text()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("v.db", Source);
        (await folder.RunAsync(["--cast", "type int to bigint", "--cast", "type text to varchar using (lambda (x) (no-such x))", "v.db", database.Uri], Ct))
            .ExitsWith(4).Says("--cast:1:").Says("type text to varchar using (lambda (x) (no-such x))").Says("no-such");
        (await folder.RunAsync(["--cast", "type int when (< precision size) to bigint", "v.db", database.Uri], Ct)).ExitsWith(4).Says("type int when (< precision size) to bigint").Says("size");
    }
}
