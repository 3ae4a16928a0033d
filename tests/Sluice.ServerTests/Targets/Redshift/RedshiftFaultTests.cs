using System.Globalization;
using System.Text;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// A fault at every step. Afterwards the table holds all good rows once, or none of the load; rejects are exact when it is loaded; nothing is
/// left in the bucket; no secret shows. The tests of this class share a server and follow one another: faults are the server's.
/// </summary>
public sealed class RedshiftFaultTests(RedshiftServers servers)
{
    private const string ServerRefuses = "31/31/2024x";
    private const int Rows = 300;
    private static readonly int[] Bad = [1, 50, 151, 152, 300];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("put, once", """{"point":"storeRequest","regex":"^PUT .*csv","nth":1,"kind":"error","code":"SlowDown"}""", true)]
    [InlineData("put, dropped once", """{"point":"storeRequest","regex":"^PUT .*csv","nth":1,"kind":"drop"}""", true)]
    [InlineData("put, always", """{"point":"storeRequest","regex":"^PUT .*csv","kind":"error","code":"InternalError"}""", false)]
    [InlineData("put, denied", """{"point":"storeRequest","regex":"^PUT .*csv","kind":"error","code":"AccessDenied"}""", false)]
    [InlineData("put, token expires", """{"point":"storeRequest","regex":"^PUT .*csv","kind":"error","code":"ExpiredToken"}""", false)]
    [InlineData("manifest, once", """{"point":"storeRequest","regex":"^PUT .*manifest","nth":1,"kind":"error","code":"InternalError"}""", true)]
    [InlineData("manifest, denied", """{"point":"storeRequest","regex":"^PUT .*manifest","kind":"error","code":"AccessDenied"}""", false)]
    [InlineData("server reads: slow down", """{"point":"storeRequest","regex":"^GET .*csv","nth":1,"kind":"error","code":"SlowDown"}""", true)]
    [InlineData("server reads: cut off", """{"point":"storeRequest","regex":"^GET .*csv","nth":1,"kind":"truncate","bytes":20}""", true)]
    [InlineData("server reads: denied", """{"point":"storeRequest","regex":"^GET .*csv","kind":"error","code":"AccessDenied"}""", false)]
    [InlineData("server reads: wrong checksum always", """{"point":"storeRequest","regex":"^GET .*csv","kind":"wrongChecksum"}""", false)]
    [InlineData("begin: dropped", """{"point":"statement","regex":"^BEGIN","nth":1,"kind":"drop"}""", true)]
    [InlineData("begin: shut down", """{"point":"statement","regex":"^BEGIN","nth":1,"kind":"error","code":"57P01"}""", true)]
    [InlineData("copy: dropped before", """{"point":"statement","regex":"^COPY","nth":1,"kind":"drop"}""", true)]
    [InlineData("copy: dropped", """{"point":"copy","nth":1,"kind":"drop"}""", true)]
    [InlineData("copy: dropped after the rows", """{"point":"beforeCommit","regex":"^COPY","nth":1,"kind":"drop"}""", true)]
    [InlineData("copy: shut down", """{"point":"copy","nth":1,"kind":"error","code":"57P01"}""", true)]
    [InlineData("copy: 1023", """{"point":"copy","nth":1,"kind":"error","code":"1023"}""", true)]
    [InlineData("copy: 1023 twice", """{"point":"copy","count":2,"kind":"error","code":"1023"}""", true)]
    [InlineData("copy: deadlock", """{"point":"copy","nth":1,"kind":"error","code":"40P01"}""", true)]
    [InlineData("copy: 1023 for ever", """{"point":"copy","kind":"error","code":"1023"}""", false)]
    [InlineData("copy: dropped for ever", """{"point":"copy","kind":"drop"}""", false)]
    [InlineData("copy: 1018", """{"point":"copy","kind":"error","code":"1018"}""", false)]
    [InlineData("copy: time limit", """{"point":"copy","kind":"error","code":"57014","message":"Query cancelled on user's request"}""", false)]
    [InlineData("copy: disk full", """{"point":"copy","kind":"error","code":"53100"}""", false)]
    [InlineData("count: dropped", """{"point":"statement","contains":"pg_last_copy_count","nth":1,"kind":"drop"}""", true)]
    [InlineData("commit: dropped before", """{"point":"beforeCommit","regex":"^COMMIT","nth":1,"kind":"drop"}""", true)]
    [InlineData("commit: dropped after", """{"point":"afterCommit","regex":"^COMMIT","nth":1,"kind":"drop"}""", true)]
    [InlineData("commit: statement dropped", """{"point":"statement","regex":"^COMMIT","nth":1,"kind":"drop"}""", true)]
    [InlineData("commit: 1023", """{"point":"beforeCommit","regex":"^COMMIT","nth":1,"kind":"error","code":"XX000"}""", true)]
    [InlineData("commit: dropped twice", """{"point":"beforeCommit","regex":"^COMMIT","count":2,"kind":"drop"}""", true)]
    [InlineData("errors: late", """{"point":"errorRows","kind":"delay","delayMs":1500}""", true)]
    [InlineData("errors: SYS refused", """{"point":"statement","contains":"sys_load_error_detail","kind":"error","code":"42501","message":"permission denied"}""", true)]
    [InlineData("errors: both dropped once", """{"point":"statement","contains":"load_error","count":2,"kind":"drop"}""", true)]
    [InlineData("errors: never", """{"point":"errorRows","kind":"delay","delayMs":3600000}""", true)]
    [InlineData("analyze: refused", """{"point":"statement","regex":"^ANALYZE","kind":"error","code":"42501","message":"permission denied"}""", true)]
    [InlineData("analyze: dropped", """{"point":"statement","regex":"^ANALYZE","kind":"drop"}""", true)]
    [InlineData("clean-up: once", """{"point":"storeRequest","regex":"^(POST|DELETE) .*","nth":2,"kind":"error","code":"InternalError"}""", true)]
    public async Task Copy_per_table_is_exact(string step, string fault, bool isLoaded)
    {
        using var load = await OpenAsync();
        var result = await LoadAsync(load, fault, "");
        Assert.True(result.ExitCode == (isLoaded ? ExitCode.RowsRejected : ExitCode.LoadFailed), $"{step}: {load.Everything}");
        await HoldsAsync(load, isLoaded);
    }

    [Theory]
    [InlineData("copy: dropped", """{"point":"copy","nth":2,"kind":"drop"}""", true)]
    [InlineData("copy: 1023", """{"point":"copy","nth":2,"kind":"error","code":"1023"}""", true)]
    [InlineData("commit: dropped before", """{"point":"beforeCommit","regex":"^COMMIT","nth":2,"kind":"drop"}""", true)]
    [InlineData("commit: dropped after", """{"point":"afterCommit","regex":"^COMMIT","nth":2,"kind":"drop"}""", true)]
    [InlineData("put, once", """{"point":"storeRequest","regex":"^PUT .*csv","nth":2,"kind":"error","code":"SlowDown"}""", true)]
    [InlineData("clean-up: once", """{"point":"storeRequest","regex":"^(POST|DELETE) .*","nth":2,"kind":"error","code":"AccessDenied"}""", true)]
    public async Task Copy_per_batch_is_exact(string step, string fault, bool isLoaded)
    {
        using var load = await OpenAsync();
        var result = await LoadAsync(load, fault, "copy per batch, batch rows = 100, batch size = 1MB");
        Assert.True(result.ExitCode == (isLoaded ? ExitCode.RowsRejected : ExitCode.LoadFailed), $"{step}: {load.Everything}");
        await HoldsAsync(load, isLoaded);
    }

    [Theory]
    [InlineData("begin", """{"point":"storeRequest","regex":"^POST .*csv","nth":1,"kind":"error","code":"SlowDown"}""", true)]
    [InlineData("part, once", """{"point":"storeRequest","regex":"^PUT .*csv","nth":2,"kind":"error","code":"InternalError"}""", true)]
    [InlineData("part, dropped", """{"point":"storeRequest","regex":"^PUT .*csv","nth":2,"kind":"drop"}""", true)]
    [InlineData("part, always", """{"point":"storeRequest","regex":"^PUT .*csv","kind":"error","code":"InternalError"}""", false)]
    [InlineData("complete, once", """{"point":"storeRequest","regex":"^POST .*csv","nth":3,"kind":"error","code":"InternalError"}""", true)]
    [InlineData("begin, denied", """{"point":"storeRequest","regex":"^POST .*csv","kind":"error","code":"AccessDenied"}""", false)]
    public async Task Large_files_are_uploaded_in_parts_or_leave_nothing(string step, string fault, bool isLoaded)
    {
        using var load = await servers.OpenAsync(Ct, "faults");
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, filler varchar(20000))", Ct);
        var filler = new string('x', 16_000);
        load.With("data.csv", string.Concat(Enumerable.Range(1, 2000).Select(id => $"{id},{filler}\n")));
        await load.FaultAsync(fault, Ct);
        var result = await load.LoadAsync("compress = none, batch size = 4MB, batch rows = 1000", Ct);
        var fired = await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == (isLoaded ? ExitCode.Success : ExitCode.LoadFailed), $"{step}: {load.Shown} {fired}");
        Assert.DoesNotContain("\"fired\":0", fired, StringComparison.Ordinal);
        Assert.Equal(isLoaded ? "2000|2001000" : "0|\\N", await load.QueryAsync($"SELECT count(*), sum(id) FROM {load.Table}", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    [Fact]
    public async Task Within_a_single_transaction_a_lost_connection_loads_nothing()
    {
        using var load = await OpenAsync();
        var result = await LoadAsync(load, """{"point":"beforeCommit","regex":"^COPY","nth":1,"kind":"drop"}""", "single transaction");
        Assert.True(result.ExitCode == ExitCode.LoadFailed, load.Everything);
        Assert.Contains("within the single transaction, nothing was loaded", load.Shown, StringComparison.Ordinal);
        await HoldsAsync(load, isLoaded: false);
    }

    [Fact]
    public async Task Staged_files_that_cannot_be_deleted_are_named()
    {
        using var load = await OpenAsync();
        // The first deletion is that of the probe.
        var result = await LoadAsync(load, """{"point":"storeRequest","regex":"^(POST|DELETE) .*","nth":2,"kind":"error","code":"AccessDenied"}""", "");
        Assert.True(result.ExitCode is ExitCode.RowsRejected or ExitCode.LoadFailed, load.Everything);
        Assert.Contains($"s3://{load.Bucket}/", load.Everything, StringComparison.Ordinal);
    }

    private async Task<RedshiftCase> OpenAsync()
    {
        var load = await servers.OpenAsync(Ct, "faults");
        load.Time = new HurriedTime();
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date, note varchar(20))", Ct);
        await load.ExecuteAsync($"INSERT INTO {load.Table} VALUES (0, '2000-01-01', 'was there')", Ct);
        var csv = new StringBuilder();
        for (var id = 1; id <= Rows; id++)
        {
            var (key, day) = id == 151 ? ("x151", "2024-01-01") : (id.ToString(CultureInfo.InvariantCulture), Bad.Contains(id) ? ServerRefuses : "2024-01-01");
            csv.Append(CultureInfo.InvariantCulture, $"{key},{day},{(id % 7 == 0 ? "\"two\nlines\"" : "one")}\n");
        }

        return load.With("data.csv", csv.ToString());
    }

    private static async Task<RunResult> LoadAsync(RedshiftCase load, string fault, string options)
    {
        await load.FaultAsync(fault, Ct);
        var result = await load.LoadAsync(options, Ct);
        var fired = await load.ClearFaultsAsync(Ct);
        Assert.True(!fired.Contains("\"fired\":0", StringComparison.Ordinal), $"{fired} {load.Everything}");
        return result;
    }

    private static async Task HoldsAsync(RedshiftCase load, bool isLoaded)
    {
        var expected = isLoaded ? Enumerable.Range(1, Rows).Except(Bad).Prepend(0) : [0];
        Assert.Equal(string.Join('\n', expected), await load.QueryAsync($"SELECT id FROM {load.Table} ORDER BY id", Ct));
        if (isLoaded)
        {
            Assert.Equal(
                Bad, load.Rejects("dat").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line.Split('\t')[0].TrimStart('x'), CultureInfo.InvariantCulture)).Order());
        }

        Assert.Empty(await load.StagedAsync(Ct));
        Assert.DoesNotContain(RedshiftServers.SecretKey, load.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(RedshiftServers.Password, load.Everything, StringComparison.Ordinal);
    }
}
