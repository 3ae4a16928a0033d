using System.Diagnostics;
using System.Globalization;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>A database that pgbench writes to while it is copied.</summary>
public sealed class PostgresBankTests(PostgresServer server)
{
    private const int Rounds = 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_of_twenty_copies_is_one_state_of_a_database_that_pgbench_writes_to()
    {
        await using var source = await server.CreateDatabaseAsync();
        await using var target = await server.CreateDatabaseAsync();
        var pgbench = PostgresInstallation.Find()!.Program("pgbench") ?? Shell.Find("pgbench");
        Assert.SkipWhen(pgbench is null, "needs pgbench");
        var admin = server.Admin(source.Name);
        string[] connection = ["-h", admin.Host!, "-p", admin.Port.ToString(CultureInfo.InvariantCulture), "-U", admin.Username!, source.Name];
        await Shell.RunAsync(pgbench, ["-i", "-q", "-s", "5", .. connection], Ct);
        using var folder = new LoadFolder();
        using var bank = Process.Start(new ProcessStartInfo(pgbench, ["-n", "-c", "2", "-R", "200", "-T", "600", .. connection])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var sums = new HashSet<string>();
            for (var round = 0; round < Rounds; round++)
            {
                (await folder.RunReleaseAsync(["--require-consistent", source.Uri, target.Uri], Ct)).ExitsWith(0);

                // Each transaction adds one amount to an account, a teller and a branch, and writes it down in the history.
                var states = (await target.QueryAsync(
                    "SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(tbalance) FROM pgbench_tellers), (SELECT sum(bbalance) FROM pgbench_branches),"
                    + " (SELECT coalesce(sum(delta), 0) FROM pgbench_history), (SELECT count(*) FROM pgbench_accounts)", Ct)).Split('|');
                Assert.True(states[..4].Distinct().Count() == 1, $"round {round + 1}: {string.Join(' ', states)}");
                Assert.Equal("500000", states[4]);
                sums.Add(states[0]);
            }

            Assert.False(bank.HasExited);
            Assert.True(sums.Count > 1, "pgbench changed nothing while the copies ran");
        }
        finally
        {
            bank.Kill();
            await bank.WaitForExitAsync(CancellationToken.None);
        }
    }
}
