using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Fixed-width and COPY files through the bucket.</summary>
public sealed class RedshiftTextFilesTests(RedshiftServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Relayed_rows_of_a_COPY_file_arrive_as_they_were_meant()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer not null, name varchar(40))", Ct);
        load.With("data.copy", "1\tone, \"two\"\n2\t\\N\n3\ta\\\\b\\tc\n4\t\\x41\nx\tbad\n5\té\r\n\\.\n");
        var result = await load.RunAsync($"LOAD COPY FROM '{load.Path("data.copy")}' INTO {load.Uri} TARGET TABLE {load.Table};", Ct);
        Assert.True(result.ExitCode == ExitCode.RowsRejected, load.Everything);
        Assert.Equal("1|one, \"two\"\n2|\\N\n3|a\\b\tc\n4|A\n5|é", await load.QueryAsync($"SELECT * FROM {load.Table} ORDER BY id", Ct));
    }

    [Fact]
    public async Task Fixed_fields_arrive()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, name varchar(40))", Ct);
        load.With("data.txt", "id  name\n1   Zoë \n22  \n");
        var result = await load.RunAsync($"LOAD FIXED FROM '{load.Path("data.txt")}' INTO {load.Uri} TARGET TABLE {load.Table} WITH fixed header;", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("1|Zoë\n22|\\N", await load.QueryAsync($"SELECT * FROM {load.Table} ORDER BY id", Ct));
    }
}
