using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;
using Sluice.ServerTests.Targets.Redshift;

namespace Sluice.ServerTests.Loads;

/// <summary>What goes wrong while Redshift is read: a clear error, the right exit code, nothing left in the bucket, no secret shown.</summary>
public sealed class RedshiftSourceFaultTests(RedshiftServers servers, PostgresServer postgres)
{
    private const string Tables =
        """
        CREATE TABLE SCHEMA.first_one (id integer, v varchar(100));;
        INSERT INTO SCHEMA.first_one VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e');;
        CREATE TABLE SCHEMA.second_one (id integer);;
        INSERT INTO SCHEMA.second_one VALUES (1), (2)
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unload_that_fails_fails_its_table_alone_and_what_it_wrote_is_deleted()
    {
        using var load = await CreateAsync();
        await load.Source.FaultAsync($$"""{"point": "unload", "contains": "first_one", "kind": "error", "code": "1023"}""", Ct);
        await load.MustAsync(ExitCode.LoadFailed, Ct, "WITH unload");
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Contains("table " + load.Schema + ".first_one: ", load.Source.Shown, StringComparison.Ordinal);
        Assert.Contains("are of a later point in time", load.Source.Shown, StringComparison.Ordinal);
        Assert.Equal("2", await load.QueryAsync("SELECT count(*) FROM SCHEMA.second_one", Ct));
    }

    [Fact]
    public async Task A_store_that_refuses_the_files_of_an_unload_is_told_of()
    {
        using var load = await CreateAsync();
        await load.Source.FaultAsync($$"""{"point": "storeRequest", "regex": "PUT /{{load.Source.Bucket}}/.*first_one/", "kind": "error", "code": "AccessDenied"}""", Ct);
        await load.MustAsync(ExitCode.LoadFailed, Ct, "WITH unload");
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Contains("S3ServiceException", load.Source.Shown, StringComparison.Ordinal);
        Assert.Contains("UNLOAD writes with the rights it was given", load.Source.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        using var load = await CreateAsync();
        await load.ExecuteAsync($"INSERT INTO SCHEMA.first_one VALUES {string.Join(", ", Enumerable.Range(6, 600).Select(i => $"({i}, '{Guid.NewGuid()}')"))}", Ct);
        await load.Source.FaultAsync($$"""{"point": "storeRequest", "regex": "GET /{{load.Source.Bucket}}/.*first_one/[0-9]", "count": 2, "kind": "truncate", "bytes": 300}""", Ct);
        await load.MustAsync(ExitCode.Success, Ct, "WITH unload, compress none");
        Assert.Contains("\"fired\":2", (await load.Source.ClearFaultsAsync(Ct)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("605|183315", await load.QueryAsync("SELECT count(*), sum(id) FROM SCHEMA.first_one", Ct));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_to_its_end_fails_the_table()
    {
        using var load = await CreateAsync();
        await load.Source.FaultAsync($$"""{"point": "storeRequest", "regex": "GET /{{load.Source.Bucket}}/.*first_one/[0-9]", "kind": "truncate", "bytes": 0}""", Ct);
        await load.MustAsync(ExitCode.LoadFailed, Ct, "WITH unload");
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Contains($"The source, table {load.Schema}.first_one: Cannot read s3://{load.Source.Bucket}/sluice/", load.Source.Shown, StringComparison.Ordinal);
        Assert.Equal("2", await load.QueryAsync("SELECT count(*) FROM SCHEMA.second_one", Ct));
    }

    [Fact]
    public async Task A_file_that_arrives_changed_fails_the_table()
    {
        using var load = await CreateAsync();
        await load.Source.FaultAsync($$"""{"point": "storeRequest", "regex": "GET /{{load.Source.Bucket}}/.*first_one/[0-9]", "kind": "wrongChecksum"}""", Ct);
        await load.MustAsync(ExitCode.LoadFailed, Ct, "WITH unload");
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Contains($"The source, table {load.Schema}.first_one: Cannot read s3://{load.Source.Bucket}/", load.Source.Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WITH unload", "UNLOAD")]
    [InlineData("", "SELECT \"id\"")]
    public async Task A_connection_that_is_lost_is_told_of(string clauses, string statement)
    {
        using var load = await CreateAsync();
        await load.Source.FaultAsync($$"""{"point": "statement", "regex": "^{{statement.Replace("\"", "\\\"", StringComparison.Ordinal)}}.*first_one", "kind": "drop"}""", Ct);
        await load.MustAsync(ExitCode.LoadFailed, Ct, clauses);
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Contains($"table {load.Schema}.first_one: ", load.Source.Shown, StringComparison.Ordinal);
        Assert.Contains("the connection, and with it the point in time, is gone: load again", load.Source.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_at_once_leaves_nothing()
    {
        using var load = await CreateAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await load.Source.FaultAsync($$"""{"point": "storeRequest", "regex": "GET /{{load.Source.Bucket}}/.*one/[0-9]", "kind": "delay", "delayMs": 60000}""", Ct);
        var run = load.Source.RunAsync(load.Command("WITH unload"), stop.Token);
        while (!run.IsCompleted && !(await load.Source.StagedAsync(Ct)).Any(key => key.EndsWith("manifest", StringComparison.Ordinal)))
        {
            await Task.Delay(20, Ct);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Empty(await load.Source.StagedAsync(Ct));
    }

    [Fact]
    public async Task Rights_that_lack_are_named()
    {
        using var load = await CreateAsync();
        await load.Source.FaultAsync($$"""{"point": "statement", "regex": "^SELECT .*first_one", "kind": "error", "code": "42501", "message": "permission denied for relation first_one"}""", Ct);
        await load.MustAsync(ExitCode.LoadFailed, Ct);
        await load.Source.ClearFaultsAsync(Ct);
        Assert.Contains("permission denied for relation first_one [42501]", load.Source.Shown, StringComparison.Ordinal);
        Assert.Contains("grant the user SELECT", load.Source.Shown, StringComparison.Ordinal);
    }

    private Task<RedshiftSourceCase> CreateAsync() => RedshiftSourceCase.CreateAsync(servers, postgres, Tables, Ct, "source-faults");
}
