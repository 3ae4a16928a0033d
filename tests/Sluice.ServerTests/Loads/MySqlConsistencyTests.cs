using System.Globalization;
using MySqlConnector;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>One moment for all readers, while money moves between accounts.</summary>
public sealed class MySqlConsistencyTests(PostgresServer server, MySqlServer mysql)
{
    private const int Accounts = 400;
    private const string Teller = "Te11er-pass";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "began while no one could write")]
    [InlineData(false, "began at the same position of the binary log")]
    public async Task Sums_agree_while_transfers_go_on(bool mayLock, string how)
    {
        await mysql.InstanceAsync();
        await using var instance = await MySqlInstance.StartAsync(Ct, "--log-bin=binlog", "--server-id=1");
        await using var source = new MySqlDatabase(instance, "bank");
        await source.CreateAsync(Ct);
        await source.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                CREATE TABLE a (id INT PRIMARY KEY, money INT NOT NULL, pad CHAR(200) DEFAULT ''); CREATE TABLE b LIKE a;
                INSERT INTO a (id, money) WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < {Accounts}) SELECT n, 100 FROM s; INSERT INTO b SELECT * FROM a; ANALYZE TABLE a, b;
                CREATE USER teller@'127.0.0.1' IDENTIFIED BY '{Teller}'; GRANT SELECT ON bank.* TO teller@'127.0.0.1'; GRANT REPLICATION CLIENT ON *.* TO teller@'127.0.0.1';
                """), Ct);
        await using var target = await server.CreateDatabaseAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var transfers = Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => TransferAsync(source, i, mayLock ? 0 : 60, stop.Token), Ct)));
        try
        {
            for (var round = 0; round < 3; round++)
            {
                using var folder = new LoadFolder();
                (await folder.RunAsync(
                    ["--require-consistent", "--with", "workers = 3, batch rows = 100, batch size = 64 kB", mayLock ? source.Uri : source.UriOf("teller", Teller), target.Uri], Ct)).ExitsWith(0).Says(how);
                Assert.Equal(
                    string.Create(CultureInfo.InvariantCulture, $"{2 * Accounts}|{200 * Accounts}"),
                    await target.QueryAsync("SELECT count(*), sum(money) FROM (SELECT money FROM bank.a UNION ALL SELECT money FROM bank.b) t", Ct));
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        Assert.True((await transfers).Sum() > 0);
    }

    // From one table to the other, each in a transaction. Returns how many there were.
    private static async Task<int> TransferAsync(MySqlDatabase source, int seed, int pause, CancellationToken ct)
    {
        var random = new Random(seed);
        var count = 0;
        await using var connection = await source.OpenAsync(Ct);
        while (!ct.IsCancellationRequested)
        {
            var (from, to, sum) = (random.Next(1, Accounts + 1), random.Next(1, Accounts + 1), random.Next(-50, 50));
            await using var command = new MySqlCommand(
                string.Create(CultureInfo.InvariantCulture, $"START TRANSACTION; UPDATE a SET money = money - {sum} WHERE id = {from}; UPDATE b SET money = money + {sum} WHERE id = {to}; COMMIT"), connection);
            await command.ExecuteNonQueryAsync(Ct);
            count++;
            if (pause > 0)
            {
                await Task.Delay(pause, Ct);
            }
        }

        return count;
    }
}
