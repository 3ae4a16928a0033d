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

    [Fact]
    public async Task The_number_of_files_is_a_multiple_of_the_slices_and_they_are_about_as_large()
    {
        using var load = await servers.OpenAsync(Ct);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, filler varchar(20000))", Ct);
        var filler = new string('x', 16_000);
        load.With("data.csv", string.Concat(Enumerable.Range(1, 900).Select(id => $"{id},{filler}\n")));
        var result = await load.LoadAsync("compress = none, part size = 2MB, batch size = 256kB, keep staged files", Ct);
        Assert.True(result.ExitCode == ExitCode.Success, load.Everything);
        Assert.Equal("900", await load.CountAsync(Ct));
        var files = (await load.StagedAsync(Ct)).Where(key => key.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        Assert.Equal((8, 0), (files.Count, files.Count % 4));
    }
}
