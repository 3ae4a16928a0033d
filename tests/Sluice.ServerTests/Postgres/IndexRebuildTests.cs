using Npgsql;
using Sluice.Diagnostics;
using Sluice.Postgres;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Postgres;

public sealed class IndexRebuildTests(PostgresServer server)
{
    // Everything a user can see of the indexes and constraints of table t.
    private const string Everything =
        """
        SELECT c.relname, pg_get_indexdef(c.oid), i.indisprimary, i.indisclustered, i.indisreplident, i.indisvalid, c.reloptions,
               obj_description(c.oid, 'pg_class'), s.spcname,
               ARRAY(SELECT a.attstattarget FROM pg_attribute a WHERE a.attrelid = c.oid ORDER BY a.attnum)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
         WHERE i.indrelid = 't'::regclass
        UNION ALL
        SELECT k.conname, pg_get_constraintdef(k.oid), k.condeferrable, k.condeferred, k.convalidated, NULL, NULL,
               obj_description(k.oid, 'pg_constraint'), NULL, NULL
          FROM pg_constraint k
         WHERE k.conrelid = 't'::regclass
         ORDER BY 1, 2
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Indexes_and_constraints_come_back_as_they_were()
    {
        await using var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync(
            """
            CREATE TABLE t (
              id int NOT NULL, parent int, a text, b text NOT NULL, during int4range,
              CONSTRAINT "The key" PRIMARY KEY (id) WITH (fillfactor = 80),
              CONSTRAINT late UNIQUE (a) DEFERRABLE INITIALLY DEFERRED,
              CONSTRAINT can_wait UNIQUE (a, b) DEFERRABLE,
              CONSTRAINT to_self FOREIGN KEY (parent) REFERENCES t ON DELETE CASCADE,
              CONSTRAINT apart EXCLUDE USING gist (during WITH &&) WITH (fillfactor = 70) WHERE (id > 0)
            );
            CREATE INDEX plain ON t (a text_pattern_ops DESC NULLS LAST, b) WITH (fillfactor = 60) WHERE id > 5;
            CREATE INDEX by_expression ON t (lower(a));
            CREATE UNIQUE INDEX identity ON t (b);
            CREATE INDEX hashed ON t USING hash (a);
            COMMENT ON INDEX plain IS 'it''s plain \ with a backslash';
            COMMENT ON CONSTRAINT late ON t IS 'late';
            COMMENT ON CONSTRAINT to_self ON t IS 'tree';
            COMMENT ON CONSTRAINT apart ON t IS 'no overlap';
            COMMENT ON INDEX apart IS 'of the exclusion';
            ALTER TABLE t CLUSTER ON "The key";
            ALTER TABLE t REPLICA IDENTITY USING INDEX identity;
            """,
            Ct);
        if (server.Version >= 110000)
        {
            await db.ExecuteAsync("ALTER INDEX by_expression ALTER COLUMN 1 SET STATISTICS 500; CREATE UNIQUE INDEX covering ON t (id) INCLUDE (a)", Ct);
        }

        if (server.Version >= 150000)
        {
            await db.ExecuteAsync("ALTER TABLE t ADD CONSTRAINT no_two_nulls UNIQUE NULLS NOT DISTINCT (parent, a)", Ct);
        }

        var before = await db.QueryAsync(Everything, Ct);
        await using var connection = await db.OpenAsync(Ct);
        var rebuild = IndexRebuild.Of(await TableCatalogReader.ReadAsync(connection, new(null, "t"), Ct));
        await RunAsync(connection, rebuild.Drop);
        // What is left is no index of ours: the NOT NULL constraints that PostgreSQL 18 shows.
        Assert.Equal("0", await connection.ScalarAsync("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass", Ct));
        await connection.ExecuteAsync("INSERT INTO t SELECT g, 1, g, g, int4range(g, g + 1) FROM generate_series(1, 100) g", Ct);
        await RunAsync(connection, rebuild.Restore);
        Assert.Equal(before, await db.QueryAsync(Everything, Ct));
    }

    [Fact]
    public async Task A_tablespace_is_kept()
    {
        _ = server.Private;
        await using var db = await server.CreateDatabaseAsync();
        var name = $"space_{db.Name}";
        await using var connection = await db.OpenAsync(Ct);
        var folder = $"{server.Private.SocketFolder}/{name}";
        await connection.ExecuteAsync($"COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; mkdir {folder}'", Ct);
        await connection.ExecuteAsync($"CREATE TABLESPACE {name} LOCATION '{folder}'", Ct);
        await connection.ExecuteAsync($"CREATE TABLE t (a int, CONSTRAINT k UNIQUE (a) USING INDEX TABLESPACE {name})", Ct);
        var before = await db.QueryAsync(Everything, Ct);
        Assert.Contains(name, before, StringComparison.Ordinal);
        var rebuild = IndexRebuild.Of(await TableCatalogReader.ReadAsync(connection, new(null, "t"), Ct));
        await RunAsync(connection, rebuild.Drop.Concat(rebuild.Restore));
        Assert.Equal(before, await db.QueryAsync(Everything, Ct));
        await connection.ExecuteAsync("DROP TABLE t", Ct);
        await connection.ExecuteAsync($"DROP TABLESPACE {name}", Ct);
    }

    [Fact]
    public async Task Foreign_keys_of_other_tables_are_named()
    {
        await using var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE \"Order\" (t int CONSTRAINT order_t REFERENCES t)", Ct);
        var error = await RefusedAsync(db, "t");
        Assert.Equal("drop indexes cannot be used with public.t: foreign keys of other tables refer to it: public.\"Order\" (order_t)", error.Message);
        Assert.NotNull(error.Hint);
    }

    [Theory]
    [InlineData("t", "drop indexes cannot be used with public.t, which is a partitioned table")]
    [InlineData("t1", "drop indexes cannot be used with public.t1, which is a partition")]
    public async Task Partitioned_tables_are_refused(string table, string message)
    {
        await using var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync("CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)", Ct);
        Assert.Equal(message, (await RefusedAsync(db, table)).Message);
    }

    private static async Task<TargetException> RefusedAsync(TestDatabase db, string table)
    {
        await using var connection = await db.OpenAsync(Ct);
        var read = await TableCatalogReader.ReadAsync(connection, new(null, table), Ct);
        return Assert.Throws<TargetException>(() => IndexRebuild.Of(read));
    }

    private static async Task RunAsync(NpgsqlConnection connection, IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            await connection.ExecuteAsync(statement, Ct);
        }
    }
}
