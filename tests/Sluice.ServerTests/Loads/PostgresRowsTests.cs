using System.Globalization;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases into PostgreSQL: rows, at one point in time, whole or in parts, as they are or changed on the way.</summary>
public sealed class PostgresRowsTests(PostgresServer server)
{
    private const int Rounds = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transfers_between_tables_during_the_copy_leave_the_sums_as_they_were()
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE TABLE here (id int PRIMARY KEY, amount bigint NOT NULL, filler text);
            CREATE TABLE there (id int PRIMARY KEY, amount bigint NOT NULL, note inet);
            INSERT INTO here SELECT i, 1000, repeat('x', 100) FROM generate_series(1, 2000) i;
            INSERT INTO there SELECT i, 0, '::1' FROM generate_series(1, 2000) i;
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var transfers = TransferAsync(source, stop.Token);
        var seen = new HashSet<string>();
        for (var round = 0; round < Rounds; round++)
        {
            (await folder.CopyAsync(source, target, Ct, "--require-consistent")).ExitsWith(0);
            Assert.Equal("2000000", await target.QueryAsync("SELECT (SELECT sum(amount) FROM here) + (SELECT sum(amount) FROM there)", Ct));
            seen.Add(await target.QueryAsync("SELECT sum(amount) FROM there", Ct));
        }

        await stop.CancelAsync();
        Assert.True(await transfers > 0);
        Assert.True(seen.Count > 1, "nothing was transferred while the copies ran");
    }

    [Fact]
    public async Task A_large_table_is_read_in_parts_and_no_row_is_lost_or_doubled()
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE TABLE large (id bigint PRIMARY KEY, t text, d date);
            INSERT INTO large SELECT i, repeat(chr(97 + i % 26), i % 400), date '2000-01-01' + i FROM generate_series(1, 3000) i;
            UPDATE large SET t = t || 'u' WHERE id % 3 = 0;
            DELETE FROM large WHERE id % 7 = 0;
            CREATE TABLE keyed (a text, id int PRIMARY KEY) WITH (fillfactor = 10);
            INSERT INTO keyed SELECT i, i * 1000 FROM generate_series(-1000, 1000) i;
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct)).ExitsWith(0);
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Fact]
    public async Task Transforms_see_each_value_as_it_is_in_the_source()
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY, s varchar(30), e text, b bytea, n numeric(6,2), at timestamptz);
            INSERT INTO t VALUES (1, E'tab\t nl\n cr\r bs\\ v\v f\f b\b', '', '\x00ff', 1.50, '2024-01-01 00:00:00+00'), (2, NULL, NULL, NULL, NULL, NULL), (3, '\N', 'x', '', 0, 'infinity');
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(
            source, target, "CAST column t.e to text using empty-string-to-null, type varchar to text using (lambda (s) s), type bytea to text drop typemod using byte-vector-to-bytea, type int4 to bigint", Ct))
            .ExitsWith(0);
        Assert.Equal(await source.QueryAsync("SELECT id, s, nullif(e, ''), b::text, n, at FROM t ORDER BY 1", Ct), await target.QueryAsync("SELECT * FROM t ORDER BY 1", Ct));
        Assert.Equal("bigint|text|text|text|numeric(6,2)|timestamp with time zone", await target.QueryAsync(
            "SELECT string_agg(format_type(atttypid, atttypmod), '|' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0", Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData(", x inet DEFAULT '::1'")]
    public async Task Rows_that_a_check_of_the_target_refuses_are_set_aside_and_can_be_loaded_later(string more)
    {
        var columns = "id int PRIMARY KEY, d date, ts timestamp, tstz timestamptz, tm time, n numeric, f8 float8, t text, by bytea, j jsonb, b bool, u uuid" + more;
        await using var source = await server.CreateWithAsync(
            $$"""
            CREATE TABLE t ({{columns}});
            INSERT INTO t VALUES (1, '2024-01-01', '2024-01-01', '2024-01-01', '10:00', 1.5, 0.1, 'ok', '\x00', '{}', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
              (2, 'infinity', 'infinity', 'infinity', '24:00', '{{(server.Version >= 140000 ? "Infinity" : "NaN")}}', 'Infinity', E'a\tb\\', '\xff', '[1]', false, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
              (3, '-infinity', '-infinity', '-infinity', '00:00:00.000001', 'NaN', 'NaN', '', '', 'null', NULL, NULL),
              (4, '4714-11-24 BC', '4714-11-24 00:00:00 BC', '4714-11-24 00:00:00+00 BC', '23:59:59.999999', -0.000000001, -0.0, NULL, NULL, NULL, NULL, NULL),
              (5, '5874897-12-31', '294276-12-31 23:59:59.999999', '0001-01-01 00:00:00+00', NULL, 1e20, 5e-324, NULL, NULL, NULL, NULL, NULL),
              (6, '0001-01-01', '0001-12-31 BC', '9999-12-31 23:59:59.999999+00', NULL, 0, 1e308, 'ok', NULL, NULL, NULL, NULL),
              (7, '2000-02-29', '1900-02-28', '2000-12-31 23:59:59+00', NULL, 0, 1, 'ok', NULL, NULL, NULL, NULL);
            """, Ct);
        await using var target = await server.CreateWithAsync($"CREATE TABLE t ({columns}, CONSTRAINT small CHECK (id NOT IN (2, 3, 4, 5, 6)))", Ct);
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "data only", "--with", "on error resume next", "--with", "workers = 1")).ExitsWith(3)
            .Says("read 7 = loaded 2 + rejected 5 + skipped 0");
        Assert.Equal("1\n7", await target.QueryAsync("SELECT id FROM t ORDER BY 1", Ct));
        Assert.Contains($"{source.Name}:t:2 (id = 2): server 23514: ", folder.Rejects("log"), StringComparison.Ordinal);
        await target.ExecuteAsync("ALTER TABLE t DROP CONSTRAINT small", Ct);
        await using (var connection = await target.OpenAsync(Ct))
        {
            await using var copy = await connection.BeginTextImportAsync("COPY t FROM STDIN", Ct);
            await copy.WriteAsync(folder.Rejects("dat"));
        }

        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
    }

    [Fact]
    public async Task A_row_that_is_too_long_is_set_aside_alone()
    {
        await using var source = await server.CreateWithAsync(
            "CREATE TABLE b (id int, t text); INSERT INTO b SELECT i, repeat('x', CASE i WHEN 5 THEN 300000 ELSE 10 END) FROM generate_series(1, 9) i;"
            + "CREATE TABLE c (id int, t text[]); INSERT INTO c SELECT id, ARRAY[t] FROM b", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "max row size = 1000 B", "--with", "on error resume next")).ExitsWith(3)
            .Says("read 18 = loaded 16 + rejected 2 + skipped 0").Says("The row is longer than max row size");
        Assert.Equal(0, await target.ScalarAsync<long>("SELECT (SELECT count(*) FROM b WHERE id = 5) + (SELECT count(*) FROM c WHERE id = 5)", Ct));
    }

    [Fact]
    public async Task Filters_choose_by_schema_and_pattern_and_partitions_go_with_their_table()
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE SCHEMA s;
            CREATE TABLE a1 (i int); CREATE TABLE a2 (i int); CREATE TABLE s.a1 (i int); CREATE TABLE b (i int);
            CREATE TABLE p (i int) PARTITION BY LIST (i);
            CREATE TABLE p_one PARTITION OF p FOR VALUES IN (1);
            INSERT INTO p VALUES (1);
            """, Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        const string Tables = "SELECT string_agg(oid::regclass::text, ' ' ORDER BY 1) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|info)'";
        (await folder.CopyAsync(source, target,
            "INCLUDING ONLY TABLE NAMES MATCHING 'p', ~/^a\\d$/ IN SCHEMA 'public' EXCLUDING TABLE NAMES MATCHING 'a2' IN SCHEMA 'public'", Ct)).ExitsWith(0);
        Assert.Equal("a1 p p_one", await target.QueryAsync(Tables, Ct));
        Assert.Equal("1", await target.QueryAsync("SELECT * FROM p", Ct));
        (await folder.CopyAsync(source, target, "EXCLUDING TABLE NAMES MATCHING 'p', 'b', ~/a/ IN SCHEMA 'public'", Ct)).ExitsWith(0);
        Assert.Equal("a1 p p_one s.a1", await target.QueryAsync(Tables, Ct));
        (await folder.CopyAsync(source, target, "INCLUDING ONLY TABLE NAMES MATCHING 'none' IN SCHEMA 's'", Ct)).ExitsWith(1)
            .Says("None of the 6 tables is included").Says("the tables are: public.a1, public.a2, public.b, public.p, public.p_one, s.a1");
    }

    [Fact]
    public async Task Existing_tables_are_filled_and_sequences_set()
    {
        await using var source = await server.CreateWithAsync(
            $"CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, g int{(server.Version >= 120000 ? " GENERATED ALWAYS AS (a * 2) STORED" : "")}); INSERT INTO t (a) SELECT generate_series(1, 20)", Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder();
        (await folder.CopyAsync(source, target, Ct, "--with", "schema only")).ExitsWith(0);
        (await folder.CopyAsync(source, target, Ct, "--with", "data only")).ExitsWith(0);
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
        await target.ExecuteAsync("UPDATE t SET a = 0", Ct);
        (await folder.CopyAsync(source, target, Ct, "--with", "create no tables", "--with", "truncate")).ExitsWith(0);
        Assert.Equal(await source.RowsAsync(Ct), await target.RowsAsync(Ct));
        await target.ExecuteAsync("INSERT INTO t (a) VALUES (1)", Ct);
        Assert.Equal("21", await target.QueryAsync("SELECT max(id) FROM t", Ct));
    }

    // Moves an amount from one table to the other until it is told to stop; returns how often.
    private static async Task<int> TransferAsync(TestDatabase database, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        var count = 0;
        for (; !ct.IsCancellationRequested; count++)
        {
            var sql = string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE here SET amount = amount - 1 WHERE id = {(count * 37 % 2000) + 1}; UPDATE there SET amount = amount + 1 WHERE id = {(count * 101 % 2000) + 1}");
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return count;
    }
}
