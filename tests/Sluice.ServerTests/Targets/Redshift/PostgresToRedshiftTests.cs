using Sluice.Diagnostics;
using Sluice.ServerTests.Loads;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>PostgreSQL databases into the stand-in for Redshift: every row and value, types, keys, what stays behind.</summary>
public sealed class PostgresToRedshiftTests(PostgresServer server, RedshiftServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("WITH on error stop")]
    [InlineData("WITH single transaction")]
    public async Task A_database_arrives_row_by_row(string options)
    {
        await using var source = await server.CreateWithAsync(
            """
            CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN short AS varchar(5) CHECK (length(value) < 5);
            CREATE TABLE "Parent" (id serial PRIMARY KEY, big bigint, small smallint, b boolean, r real, d double precision, n numeric(12,3), plain numeric, t text, v varchar(10), c char(3), day date,
                ts timestamp, tz timestamptz, tm time, u uuid, ip inet, j json, jb jsonb, by bytea, m mood, s short, iv interval, arr int[], made timestamp DEFAULT now(), said text DEFAULT 'it''s', low int DEFAULT -7, odd text DEFAULT upper('x'), CONSTRAINT positive CHECK (id > 0));
            INSERT INTO "Parent" (big, small, b, r, d, n, plain, t, v, c, day, ts, tz, tm, u, ip, j, jb, by, m, s, iv) VALUES
                (9223372036854775807, -32768, true, 1.5, 0.1, 123456789.125, 1.5, E'a\tb\n\\"é€😀', 'ten chars!', 'abc', '2024-02-29', '2024-02-29 12:34:56.123456', '2024-02-29 12:34:56.5+02', '23:59:59.999999',
                 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '192.168.0.1/24', '{"a": 1}', '[1, "ä"]', '\x00ff10', 'glad', 'abcd', '1 day'),
                (-1, 0, false, -2.25, 1e300, -0.001, 12345678901234.5678, '', '', 'x', '0001-01-01', '1999-12-31 23:59:59', '1970-01-01 00:00:00+00', '00:00:00', NULL, '::1', 'null', '{}', '\x61', 'sad', '', '2 mons'),
                (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            CREATE TABLE child (p int NOT NULL REFERENCES "Parent" (id) ON DELETE CASCADE, k text NOT NULL, PRIMARY KEY (p, k)); INSERT INTO child VALUES (1, 'a'), (1, 'b'), (3, '');
            CREATE TABLE parts (day date, v int) PARTITION BY RANGE (day); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); INSERT INTO parts VALUES ('2024-05-05', 7);
            CREATE INDEX ix ON child (k); CREATE UNIQUE INDEX ux ON "Parent" (big DESC, small); CREATE UNIQUE INDEX part ON "Parent" (n) WHERE n > 0; COMMENT ON TABLE child IS 'a child''s'; CREATE VIEW seen AS SELECT 1 AS one;
            """, Ct);
        using var load = await servers.OpenAsync(Ct);
        var command = $"LOAD DATABASE FROM {source.Uri} INTO {load.Uri} {options} DISTRIBUTE {load.Table}.child USING p ALTER SCHEMA 'public' RENAME TO '{load.Table}';";
        var plan = await load.PlanAsync(command, Ct);
        Assert.Contains("2 indexes are not created: Redshift has none", plan, StringComparison.Ordinal);
        Assert.Contains("view public.seen", plan, StringComparison.Ordinal);
        Assert.Contains("check public.\"Parent\".positive: Redshift has none", plan, StringComparison.Ordinal);
        Assert.Contains("public.parts is partitioned: Redshift has no partitions, its rows are in the tables that its partitions become", plan, StringComparison.Ordinal);
        var result = await load.RunAsync(command, Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Empty(await load.StagedAsync(Ct));
        foreach (var (table, columns) in new[]
        {
            ("parent", "id, big, small, b, n, plain, t, v, c, day, ts, tm, u, m, s"),
            ("child", "p, k"),
            ("parts_1", "day, v"),
        })
        {
            var name = table == "parent" ? "\"Parent\"" : table;
            Assert.Equal(
                (await source.QueryAsync($"SELECT {columns.Replace("plain", "plain::numeric(38,18)", StringComparison.Ordinal)} FROM {name} ORDER BY 1, 2", Ct)),
                await load.QueryAsync($"SELECT {columns} FROM {load.Table}.{table} ORDER BY 1, 2", Ct));
        }

        Assert.Equal("1|1.5|0.1|2024-02-29 10:34:56.5+00|192.168.0.1/24|{\"a\": 1}|[1, \"ä\"]|00ff10", await load.QueryAsync($"SELECT id, r, d, tz, ip, j, jb, \"by\" FROM {load.Table}.parent WHERE id = 1", Ct));
        await load.ExecuteAsync($"INSERT INTO {load.Table}.parent (id) VALUES (9)", Ct);
        Assert.Equal("t|it's|-7|\\N", await load.QueryAsync($"SELECT made IS NOT NULL, said, low, odd FROM {load.Table}.parent WHERE id = 9", Ct));
        Assert.Equal("f|1\np|2\nu|1", await load.QueryAsync(
            $"SELECT k.contype, count(*) FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = '{load.Table}' GROUP BY 1 ORDER BY 1", Ct));
    }
}
