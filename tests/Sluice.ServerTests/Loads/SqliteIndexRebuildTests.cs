using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary><c>drop indexes</c> of tables that exist: dropped, built again, brought back whatever happens.</summary>
public sealed class SqliteIndexRebuildTests(PostgresServer server)
{
    private const string Source =
        """
        CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO parent VALUES (3, 'three'), (8, 'eight');
        CREATE TABLE child (p INT, v TEXT);
        INSERT INTO child VALUES (8, 'x'), (3, 'y');
        """;

    private const string Target =
        """
        CREATE TABLE parent (id bigint CONSTRAINT "The Key" PRIMARY KEY, name varchar(10) UNIQUE DEFERRABLE, up bigint REFERENCES parent);
        COMMENT ON CONSTRAINT "The Key" ON parent IS 'it''s the key';
        CREATE TABLE child (v text, p bigint CONSTRAINT kept REFERENCES parent ON DELETE CASCADE);
        COMMENT ON CONSTRAINT kept ON child IS 'kept too';
        CREATE INDEX "odd ""name"" !" ON child (lower(v) DESC, p) WITH (fillfactor = 70) WHERE p > 0;
        COMMENT ON INDEX "odd ""name"" !" IS 'an index';
        """;

    private const string Indexes =
        """
        SELECT c.relname, pg_get_indexdef(c.oid), obj_description(c.oid), indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid
         WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1
        """;

    private const string Constraints =
        """
        SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), obj_description(oid), convalidated FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f') ORDER BY 1::text, 2
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("data only, drop indexes")]
    [InlineData("create no tables, drop indexes, max parallel create index = 2")]
    [InlineData("data only, drop indexes, single transaction, truncate")]
    public async Task Indexes_constraints_and_their_comments_come_back_as_they_were(string options)
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Target, Ct);
        var (indexes, constraints) = (await database.QueryAsync(Indexes, Ct), await database.QueryAsync(Constraints, Ct));
        using var folder = new LoadFolder().WithSqlite("s.db", Source);
        (await folder.RunAsync(["--with", options, "s.db", database.Uri], Ct)).ExitsWith(0).Says("Drop Indexes").Says("Constraints").Says("read 4 = loaded 4");
        Assert.Equal(indexes, await database.QueryAsync(Indexes, Ct));
        Assert.Equal(constraints, await database.QueryAsync(Constraints, Ct));
        Assert.Equal((2, 2), (await database.CountAsync("parent", Ct), await database.CountAsync("child", Ct)));
    }

    [Fact]
    public async Task They_come_back_when_the_load_stops_at_a_refused_row()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(Target, Ct);
        var (indexes, constraints) = (await database.QueryAsync(Indexes, Ct), await database.QueryAsync(Constraints, Ct));
        using var folder = new LoadFolder().WithSqlite("s.db", Source + "INSERT INTO parent VALUES (9, 'longer than ten');");
        (await folder.RunAsync(["--with", "data only, drop indexes, workers = 1", "s.db", database.Uri], Ct)).ExitsWith(1).Says("Stopped at the first rejected row");
        Assert.Equal(indexes, await database.QueryAsync(Indexes, Ct));
        Assert.Equal(constraints, await database.QueryAsync(Constraints, Ct));
    }

    [Fact]
    public async Task An_index_that_its_rows_do_not_allow_is_named_with_the_sql_that_is_left()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, v int); CREATE INDEX iv ON t (v);", Ct);
        using var folder = new LoadFolder().WithSqlite("d.db", "CREATE TABLE t (k INT, v INT); INSERT INTO t VALUES (1, 1), (1, 2);");
        (await folder.RunAsync(["--with", "data only, drop indexes", "d.db", database.Uri], Ct)).ExitsWith(1)
            .Says("The indexes of public.t could not all be built again").Says("(k)=(1) is duplicated")
            .Says("run what is missing of: ").Says("; CREATE INDEX iv ON public.t USING btree (v); ALTER TABLE \"public\".\"t\" ADD CONSTRAINT \"t_pkey\" PRIMARY KEY USING INDEX \"t_pkey\"");
        Assert.Equal("iv", await database.QueryAsync("SELECT relname FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace", Ct));
        Assert.Equal(2, await database.CountAsync("t", Ct));
    }

    [Fact]
    public async Task In_a_single_transaction_they_come_back_with_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, v int); INSERT INTO t VALUES (5, 5);", Ct);
        using var folder = new LoadFolder().WithSqlite("d.db", "CREATE TABLE t (k INT, v INT); INSERT INTO t VALUES (1, 1), (1, 2);");
        (await folder.RunAsync(["--with", "data only, drop indexes, truncate, single transaction", "d.db", database.Uri], Ct)).ExitsWith(1)
            .Says("(k)=(1) is duplicated").DoesNotSay("could not all be built again").Says("nothing was loaded").Says("0 rows loaded");
        Assert.Equal("5|5", await database.QueryAsync("SELECT * FROM t", Ct));
        Assert.Equal("PRIMARY KEY (k)", await database.QueryAsync("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'p'", Ct));
    }

    [Fact]
    public async Task What_keeps_indexes_from_being_dropped_is_said_at_once_before_anything_is_done()
    {
        await using var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(
            "CREATE TABLE a (k int PRIMARY KEY); CREATE TABLE b (k int) PARTITION BY RANGE (k); CREATE TABLE b1 PARTITION OF b FOR VALUES FROM (0) TO (9); CREATE INDEX ON b1 (k);"
            + "CREATE TABLE c (a int REFERENCES a); CREATE TABLE other (a int CONSTRAINT theirs REFERENCES a);", Ct);
        using var folder = new LoadFolder().WithSqlite("s.db", "CREATE TABLE a (k INT); CREATE TABLE b1 (k INT); CREATE TABLE c (a INT); INSERT INTO a VALUES (1);");
        (await folder.RunAsync(["--with", "data only, drop indexes, truncate", "s.db", database.Uri], Ct)).ExitsWith(1)
            .Says("drop indexes cannot be used with public.a: foreign keys of tables that are not loaded refer to it: public.other (theirs)")
            .Says("drop indexes cannot be used with public.b1, which is a partition")
            .Says("public.a cannot be truncated: foreign keys of tables that are not loaded refer to it: public.other (theirs)");
        Assert.Equal(0, await database.CountAsync("a", Ct));
        Assert.Equal(2, await database.CountAsync("pg_constraint WHERE contype = 'f'", Ct));
    }
}
