using Sluice.ServerTests.Loads;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>MySQL databases into the stand-in.</summary>
public sealed class RedshiftMySqlTests(RedshiftServers servers, MySqlServer mysql)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tables_arrive_with_keys_and_values()
    {
        await using var source = await mysql.CreateDatabaseAsync(
            """
            CREATE TABLE parent (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20), e ENUM('a', 'b c'), s SET('x', 'y'), active TINYINT(1), money DECIMAL(10,2), d DATETIME(3), raw VARBINARY(10), big BIGINT UNSIGNED, doc TEXT,
              doubled INT AS (money * 2) VIRTUAL, CHECK (money > 0));
            INSERT INTO parent (name, e, s, active, money, d, raw, big, doc) VALUES ('é', 'b c', 'x,y', 1, 1.50, '2024-02-03 04:05:06.789', 0x00ff, 18446744073709551615, 'text'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id)); INSERT INTO child VALUES (1, 2), (2, NULL);
            """, Ct);
        using var migration = new MigrationCase(await servers.OpenAsync(Ct), "");
        using var folder = new LoadFolder();
        (await folder.With("test.load", $"LOAD DATABASE FROM {source.Uri} INTO {migration.Load.Uri} ALTER SCHEMA '{source.Name}' RENAME TO '{migration.Schema}';")
            .RunAsync(["test.load"], Ct, null, migration.Load.ProgramEnvironment())).ExitsWith(0).Says("read 4 = loaded 4 + rejected 0 + skipped 0");
        Assert.Equal("1|é|b c|x,y|t|1.50|18446744073709551615.000000000000000000|text|3", await migration.QueryAsync("SELECT id, name, e, s, active, money, big, doc, doubled FROM SCHEMA.parent WHERE id = 1", Ct));
        Assert.Equal("f|1\np|2", await migration.QueryAsync("SELECT k.contype, count(*) FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = 'SCHEMA' GROUP BY 1 ORDER BY 1", Ct));
        Assert.Empty(await migration.Load.StagedAsync(Ct));
    }
}
