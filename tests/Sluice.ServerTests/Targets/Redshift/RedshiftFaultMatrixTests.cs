using System.Globalization;
using Sluice.Diagnostics;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// Each kind of fault at each step that <see cref="RedshiftFaultTests"/> leaves out: before the load, put, parts, completion, COPY, COMMIT, the
/// search for refused rows, clean-up. The table then holds each good row once or none of the load, rejects are exact, and the bucket is empty.
/// The tests of this class share a server and follow one another: faults are the server's.
/// </summary>
public sealed class RedshiftFaultMatrixTests(RedshiftServers servers)
{
    private const int Rows = 60;
    private const string Batches = "copy per batch, batch rows = 20";
    private static readonly int[] Bad = [1, 30, 31, 60];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, bool> Cases => new()
    {
        // Before the load.
        { "connect: dropped", "", """{"point":"connect","nth":1,"kind":"drop"}""", false },
        { "connect: refused", "", """{"point":"connect","kind":"error","code":"28000"}""", false },
        { "list: slow down once", "", """{"point":"storeRequest","regex":"^GET /[^/]+/?$","nth":1,"kind":"error","code":"SlowDown"}""", true },
        { "list: dropped once", "", """{"point":"storeRequest","regex":"^GET /[^/]+/?$","nth":1,"kind":"drop"}""", true },
        { "probe: put dropped once", "", """{"point":"storeRequest","regex":"^PUT .*probe","nth":1,"kind":"drop"}""", true },
        { "probe: read cut off once", "", """{"point":"storeRequest","regex":"^GET .*probe","nth":1,"kind":"truncate","bytes":5}""", true },
        { "probe: read cut off for good", "", """{"point":"storeRequest","regex":"^GET .*probe","kind":"truncate","bytes":5}""", false },
        { "probe: deletion refused once", "", """{"point":"storeRequest","regex":"^(DELETE .*probe|POST )","nth":1,"kind":"error","code":"InternalError"}""", true },

        // Put.
        { "put: late", "", """{"point":"storeRequest","regex":"^PUT .*csv","kind":"delay","delayMs":300}""", true },
        { "put: late, then dropped", "", """{"point":"storeRequest","regex":"^PUT .*csv","nth":1,"kind":"drop","delayMs":200}""", true },
        { "put of a batch: dropped", Batches, """{"point":"storeRequest","regex":"^PUT .*csv","nth":3,"kind":"drop"}""", true },
        { "manifest: dropped once", "", """{"point":"storeRequest","regex":"^PUT .*manifest","nth":1,"kind":"drop"}""", true },
        { "manifest: token expires", "", """{"point":"storeRequest","regex":"^PUT .*manifest","kind":"error","code":"ExpiredToken"}""", false },

        // COPY reads.
        { "read: dropped once", "", """{"point":"storeRequest","regex":"^GET .*csv","nth":1,"kind":"drop"}""", true },
        { "read: wrong checksum", "", """{"point":"storeRequest","regex":"^GET .*csv","nth":1,"kind":"wrongChecksum"}""", false },
        { "read: late", "", """{"point":"storeRequest","regex":"^GET .*csv","kind":"delay","delayMs":200}""", true },
        { "read: cut off for good", "", """{"point":"storeRequest","regex":"^GET .*csv","kind":"truncate","bytes":10}""", false },
        { "read: token expires", "", """{"point":"storeRequest","regex":"^GET .*csv","kind":"error","code":"ExpiredToken"}""", false },
        { "read of the manifest: denied", "", """{"point":"storeRequest","regex":"^GET .*manifest","kind":"error","code":"AccessDenied"}""", false },
        { "read of the manifest: gone", "", """{"point":"storeRequest","regex":"^GET .*manifest","kind":"error","code":"NoSuchKey"}""", false },

        // COPY.
        { "copy: late", "", """{"point":"copy","kind":"delay","delayMs":300}""", true },
        { "copy: dropped, and the next connection too", "", """{"faults":[{"point":"copy","nth":1,"kind":"drop"},{"point":"connect","nth":2,"kind":"drop"}]}""", true },
        { "copy: out of memory", "", """{"point":"copy","kind":"error","code":"53200"}""", false },
        { "copy: denied", "", """{"point":"copy","kind":"error","code":"42501","message":"permission denied"}""", false },
        { "copy: gone after the rows, twice", "", """{"point":"beforeCommit","regex":"^COPY","count":2,"kind":"drop"}""", true },
        { "copy of a batch: shut down", Batches, """{"point":"copy","nth":2,"kind":"error","code":"57P01"}""", true },
        { "copy of a batch: 1023 for good", Batches, """{"point":"copy","kind":"error","code":"1023"}""", false },
        { "numbers: shut down", "", """{"point":"statement","contains":"pg_last_copy_id","nth":1,"kind":"error","code":"57P01"}""", true },

        // COMMIT.
        { "commit: late", "", """{"point":"beforeCommit","regex":"^COMMIT","nth":1,"kind":"delay","delayMs":300}""", true },
        { "commit: late, then dropped", "", """{"point":"afterCommit","regex":"^COMMIT","nth":1,"kind":"drop","delayMs":200}""", true },
        { "commit: shut down before", "", """{"point":"beforeCommit","regex":"^COMMIT","nth":1,"kind":"error","code":"57P01"}""", true },
        { "commit: shut down after", "", """{"point":"afterCommit","regex":"^COMMIT","nth":1,"kind":"error","code":"57P01"}""", true },
        { "commit: 1023 refused", "", """{"point":"beforeCommit","regex":"^COMMIT","nth":1,"kind":"error","code":"40001"}""", true },
        { "commit: dropped, and the question too", "", """{"faults":[{"point":"afterCommit","regex":"^COMMIT","nth":1,"kind":"drop"},{"point":"connect","nth":3,"kind":"drop"}]}""", true },
        { "commit of a batch: shut down after", Batches, """{"point":"afterCommit","regex":"^COMMIT","nth":2,"kind":"error","code":"57P01"}""", true },

        // The search for refused rows.
        { "errors: connection dropped", "", """{"point":"connect","nth":2,"kind":"drop"}""", true },
        { "errors: both views refused", "", """{"point":"statement","contains":"load_error","kind":"error","code":"42501","message":"permission denied"}""", true },
        { "errors: a trial is dropped", "", """{"faults":[{"point":"errorRows","kind":"delay","delayMs":3600000},{"point":"copy","nth":2,"kind":"drop"}]}""", true },
        { "errors: a trial fails with 1023", "", """{"faults":[{"point":"errorRows","kind":"delay","delayMs":3600000},{"point":"copy","nth":3,"kind":"error","code":"1023"}]}""", true },
        { "errors: a trial is denied", "", """{"faults":[{"point":"errorRows","kind":"delay","delayMs":3600000},{"point":"copy","nth":2,"kind":"error","code":"42501","message":"permission denied"}]}""", false },
        { "errors of a batch: late", Batches, """{"point":"errorRows","kind":"delay","delayMs":300}""", true },
        { "errors: reading staged rows is dropped", "", """{"point":"storeRequest","regex":"^GET .*csv","nth":3,"kind":"drop"}""", true },
        { "errors: reading staged rows breaks off", "", """{"point":"storeRequest","regex":"^GET .*csv","nth":3,"kind":"truncate","bytes":30}""", true },
        { "errors of a batch: reading staged rows breaks off", Batches, """{"faults":[{"point":"errorRows","kind":"delay","delayMs":3600000},{"point":"storeRequest","regex":"^GET .*csv","nth":3,"kind":"truncate","bytes":30}]}""", true },

        // Clean-up.
        { "clean-up: dropped once", "", """{"point":"storeRequest","regex":"^(POST|DELETE) ","nth":2,"kind":"drop"}""", true },
        { "clean-up: slow down twice", "", """{"point":"storeRequest","regex":"^(POST|DELETE) ","nth":2,"count":2,"kind":"error","code":"SlowDown"}""", true },
        { "clean-up: late", "", """{"point":"storeRequest","regex":"^(POST|DELETE) ","kind":"delay","delayMs":200}""", true },
        { "clean-up after a failure: once", "", """{"faults":[{"point":"copy","kind":"error","code":"53100"},{"point":"storeRequest","regex":"^(POST|DELETE) ","nth":2,"kind":"error","code":"InternalError"}]}""", false },
    };

    public static TheoryData<string, string, bool> Parts => new()
    {
        { "begin: dropped once", """{"point":"storeRequest","regex":"^POST .*csv","nth":1,"kind":"drop"}""", true },
        { "begin: token expires", """{"point":"storeRequest","regex":"^POST .*csv","kind":"error","code":"ExpiredToken"}""", false },
        { "part: late, then dropped", """{"point":"storeRequest","regex":"^PUT .*csv","nth":2,"kind":"drop","delayMs":200}""", true },
        { "part: slow down", """{"point":"storeRequest","regex":"^PUT .*csv","every":2,"count":3,"kind":"error","code":"SlowDown"}""", true },
        { "part: denied", """{"point":"storeRequest","regex":"^PUT .*csv","nth":2,"kind":"error","code":"AccessDenied"}""", false },
        { "complete: dropped once", """{"point":"storeRequest","regex":"^POST .*csv","nth":2,"kind":"drop"}""", true },
        { "complete: denied", """{"point":"storeRequest","regex":"^POST .*csv","nth":2,"kind":"error","code":"AccessDenied"}""", false },
        { "abort: refused once", """{"faults":[{"point":"storeRequest","regex":"^PUT .*csv","nth":2,"kind":"error","code":"AccessDenied"},{"point":"storeRequest","regex":"^DELETE .*csv","nth":1,"kind":"error","code":"InternalError"}]}""", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_is_lost_doubled_or_left(string step, string options, string faults, bool isLoaded)
    {
        using var load = await servers.OpenAsync(Ct, "fault-matrix");
        load.Time = new HurriedTime(60);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, day date, note varchar(20)); INSERT INTO {load.Table} VALUES (0, '2000-01-01', 'was there')", Ct);
        load.With("data.csv", string.Concat(Enumerable.Range(1, Rows).Select(Line)));
        await load.FaultAsync(faults, Ct);
        var result = await load.LoadAsync(options, Ct);
        var fired = await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == (isLoaded ? ExitCode.RowsRejected : ExitCode.LoadFailed) && !fired.Contains("\"fired\":0", StringComparison.Ordinal), $"{step}: {fired}\n{load.Everything}");
        var expected = isLoaded ? Enumerable.Range(1, Rows).Except(Bad).Prepend(0) : [0];
        Assert.Equal(string.Join('\n', expected), await load.QueryAsync($"SELECT id FROM {load.Table} ORDER BY id", Ct));
        var rejects = load.Rejects("dat").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line.Split('\t')[0], CultureInfo.InvariantCulture)).Order();
        Assert.True(!isLoaded || rejects.SequenceEqual(Bad), load.Rejects("dat"));
        Assert.Empty(await load.StagedAsync(Ct));
        Assert.DoesNotContain(RedshiftServers.SecretKey, load.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(RedshiftServers.Password, load.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Files_in_parts_arrive_whole_or_leave_nothing(string step, string faults, bool isLoaded)
    {
        using var load = await servers.OpenAsync(Ct, "fault-matrix-parts", options => options with { Slices = 1 });
        load.Time = new HurriedTime(60);
        await load.ExecuteAsync($"CREATE TABLE {load.Table} (id integer, filler varchar(60000))", Ct);
        var filler = new string('x', 60_000);
        load.With("data.csv", string.Concat(Enumerable.Range(1, 220).Select(id => $"{id},{filler}\n")));
        await load.FaultAsync(faults, Ct);
        var result = await load.LoadAsync("compress = none, batch size = 4MB", Ct);
        var fired = await load.ClearFaultsAsync(Ct);
        Assert.True(result.ExitCode == (isLoaded ? ExitCode.Success : ExitCode.LoadFailed) && !fired.Contains("\"fired\":0", StringComparison.Ordinal), $"{step}: {fired}\n{load.Everything}");
        Assert.Equal(isLoaded ? "220|24310|60000" : "0|\\N|\\N", await load.QueryAsync($"SELECT count(*), sum(id), min(length(filler)) FROM {load.Table}", Ct));
        Assert.Empty(await load.StagedAsync(Ct));
    }

    private static string Line(int id) => $"{id},{(Bad.Contains(id) ? "31/31/2024x" : "2024-01-01")},{(id % 7 == 0 ? "\"two\nlines\"" : "one")}\n";
}
