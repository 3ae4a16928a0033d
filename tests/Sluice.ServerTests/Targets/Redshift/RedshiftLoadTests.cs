using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Whole loads into the stand-in: what is in the table afterwards, and what is left in the bucket.</summary>
public sealed class RedshiftLoadTests(RedshiftServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_go_through_the_bucket_into_the_table()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer not null, name varchar(20))", Ct);
        var result = await load.With("data.csv", "1,one\n2,two\n3,\n4,\"x,\"\"y\"\"\"\n").LoadAsync("", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("1|one\n2|two\n3|\\N\n4|x,\"y\"", await load.QueryAsync($"SELECT * FROM {load.Table} ORDER BY id", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
        Assert.DoesNotContain(RedshiftServers.SecretKey, load.Everything, StringComparison.Ordinal);
    }
}
