using MySqlConnector;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>What happens to the source while its rows are on the way: the target is made to wait by a lock on the table that is loaded first.</summary>
public sealed class MySqlMidRunTests(PostgresServer server, MySqlServer mysql)
{
    private const string Tables =
        "CREATE TABLE seqs (n INT PRIMARY KEY); INSERT INTO seqs WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < 1000) SELECT n FROM s;"
        + "CREATE TABLE big (id INT PRIMARY KEY, v VARCHAR(2000)); INSERT INTO big SELECT 1000 * a.n + b.n, REPEAT('x', 1500) FROM seqs a, seqs b WHERE a.n <= 12; DROP TABLE seqs;"
        + "CREATE TABLE small (a INT); INSERT INTO small VALUES (1); ANALYZE TABLE big, small;";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("DROP TABLE small")]
    [InlineData("ALTER TABLE small ADD COLUMN b INT FIRST, DROP COLUMN a")]
    public async Task A_table_that_changes_before_its_turn_fails_alone(string change)
    {
        await using var source = await mysql.CreateDatabaseAsync(Tables, Ct);
        await using var target = await server.CreateDatabaseAsync();
        (await LoadAsync(source, target, () => source.ExecuteAsync(change, Ct))).ExitsWith(1).Says("table small: ").Says("it was dropped or altered while it was read: load again");
        Assert.Equal("12000|0", await target.QueryAsync("SELECT (SELECT count(*) FROM big), (SELECT count(*) FROM small)", Ct));
    }

    [Fact]
    public async Task A_target_that_takes_its_time_is_waited_for_longer_than_the_server_would_wait()
    {
        await mysql.InstanceAsync();
        await using var instance = await MySqlInstance.StartAsync(Ct, "--wait-timeout=2", "--net-write-timeout=1", "--net-read-timeout=1");
        await using var source = new MySqlDatabase(instance, "slow");
        await source.CreateAsync(Ct);
        await source.ExecuteAsync(Tables, Ct);
        await using var target = await server.CreateDatabaseAsync();

        // By the server's own clock every limit has passed by then.
        var result = (await LoadAsync(source, target, () => WaitAsync(source, "TIME >= 4"))).ExitsWith(0);
        Assert.DoesNotContain("was lost", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Equal("12000|1", await target.QueryAsync("SELECT (SELECT count(*) FROM big), (SELECT count(*) FROM small)", Ct));
    }

    // While the target's table is locked, the source's is being read.
    private static async Task<ProgramResult> LoadAsync(MySqlDatabase source, TestDatabase target, Func<Task> meanwhile)
    {
        await target.ExecuteAsync("CREATE TABLE big (id bigint PRIMARY KEY, v text); CREATE TABLE small (a int)", Ct);
        await using var blocker = await target.OpenAsync(Ct);
        await using (var locking = new NpgsqlCommand("BEGIN; LOCK TABLE big IN SHARE MODE", blocker))
        {
            await locking.ExecuteNonQueryAsync(Ct);
        }

        using var folder = new LoadFolder();
        using var process = folder.With(
            "test.load", $"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} WITH data only, workers = 1, batch rows = 500, batch size = 64 kB ALTER SCHEMA '{source.Name}' RENAME TO 'public';")
            .Start(["--root-dir", folder.Root, "test.load"]);
        await WaitAsync(source, "TIME >= 0");
        await meanwhile();
        await using (var release = new NpgsqlCommand("ROLLBACK", blocker))
        {
            await release.ExecuteNonQueryAsync(Ct);
        }

        return await LoadFolder.FinishAsync(process, null, Ct);
    }

    // Until the query that reads the large table is there, and so.
    private static async Task WaitAsync(MySqlDatabase source, string condition)
    {
        await using var admin = await source.OpenAsync(Ct);
        while (true)
        {
            await using var find = new MySqlCommand(
                $"SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '{source.Name}' AND INFO LIKE 'SELECT %FROM `big`%' AND ID <> CONNECTION_ID() AND {condition}", admin);
            if (Convert.ToInt64(await find.ExecuteScalarAsync(Ct), System.Globalization.CultureInfo.InvariantCulture) > 0)
            {
                return;
            }

            await Task.Delay(20, Ct);
        }
    }
}
