using System.Diagnostics;
using System.Text;
using Npgsql;
using RedshiftLocal.Copy;
using RedshiftLocal.Tests.Sessions;

namespace RedshiftLocal.Tests.Copy;

/// <summary>Faults to order, as loaders meet them: https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html and issue threads.</summary>
public sealed class CopyFaultTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ordered_faults_meet_the_copy_and_the_next_one_succeeds()
    {
        await using var own = await server.StartOwnAsync(options => options with { FaultPort = 0 }, Ct);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        await copy.PutAsync("f.csv", "1,a\n2,b\n");

        await OrderAsync(own, """{"point": "copy", "nth": 1, "kind": "error", "code": "1023"}""");
        var conflict = await copy.FailAsync("f.csv", "csv");
        Assert.Equal(("XX000", "1023"), (conflict.SqlState, conflict.MessageText));
        Assert.StartsWith("Serializable isolation violation on table", conflict.Detail, StringComparison.Ordinal);

        await OrderAsync(own, """{"point": "copy", "kind": "drop", "count": 1}""");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => copy.CopyAsync("f.csv", "csv"));
        await copy.ReconnectAsync();
        Assert.Equal("", await copy.RowsAsync());

        await copy.CopyAsync("f.csv", "csv");
        Assert.Equal("1|a;2|b", await copy.RowsAsync());
    }

    [Fact]
    public async Task Slow_down_and_cut_bodies_are_overcome_and_a_wrong_checksum_is_not()
    {
        await using var own = await server.StartOwnAsync(options => options with { FaultPort = 0 }, Ct);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        await copy.PutAsync("f.csv", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},text\n")));
        await copy.PutAsync("f.gz", CopyTester.Gzip(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},text\n"))));

        await OrderAsync(own, """{"point": "storeRequest", "contains": "GET", "kind": "error", "code": "SlowDown", "count": 2}""");
        await copy.CopyAsync("f.csv", "csv");
        Assert.Equal("50000", await CountAsync(copy));

        await OrderAsync(own, """{"point": "storeRequest", "contains": "f.csv", "kind": "truncate", "bytes": 100000, "count": 2}""");
        await copy.CopyAsync("f.csv", "csv");
        Assert.Equal("100000", await CountAsync(copy));

        await OrderAsync(own, """{"point": "storeRequest", "contains": "f.gz", "kind": "truncate", "bytes": 1000}""");
        Assert.Contains("Error IncompleteBody", (await copy.FailAsync("f.gz", "csv gzip")).MessageText, StringComparison.Ordinal);

        await ClearAsync(own);
        await OrderAsync(own, """{"point": "storeRequest", "contains": "f.csv", "kind": "wrongChecksum"}""");
        Assert.Contains("Error BadDigest", (await copy.FailAsync("f.csv", "csv")).MessageText, StringComparison.Ordinal);

        await ClearAsync(own);
        await OrderAsync(own, """{"point": "storeRequest", "contains": "GET", "kind": "error", "code": "SlowDown"}""");
        Assert.Contains("Status 503,Error SlowDown", (await copy.FailAsync("f.csv", "csv")).MessageText, StringComparison.Ordinal);
        await ClearAsync(own);
        Assert.Equal("100000", await CountAsync(copy));
    }

    [Fact]
    public async Task Error_rows_may_come_late()
    {
        await using var own = await server.StartOwnAsync(options => options with { FaultPort = 0 }, Ct);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        await copy.PutAsync("f.csv", "x,a\n");
        await OrderAsync(own, """{"point": "errorRows", "contains": "load_errors", "kind": "delay", "delayMs": 1500}""");
        var watch = Stopwatch.StartNew();
        await copy.FailAsync("f.csv", "csv");
        var early = await copy.ErrorsAsync();
        var asked = watch.ElapsedMilliseconds;
        while (await copy.ErrorsAsync() != "1|id|1207")
        {
            Assert.True(watch.ElapsedMilliseconds < 20_000);
            await Task.Delay(100, Ct);
        }

        Assert.True(early.Length == 0 || asked > 1500);
        Assert.True(watch.ElapsedMilliseconds >= 1500);
    }

    [Fact]
    public async Task A_copy_that_waits_for_the_store_is_canceled_at_once_and_the_session_goes_on()
    {
        await using var own = await server.StartOwnAsync(options => options with { FaultPort = 0 }, Ct);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        await copy.PutAsync("f.csv", "1,a\n");
        await OrderAsync(own, """{"point": "storeRequest", "contains": "f.csv", "kind": "delay", "delayMs": 60000, "count": 1}""");
        var watch = Stopwatch.StartNew();
        await using (var command = new NpgsqlCommand(copy.CopySql("f.csv", "csv"), copy.Connection))
        {
            var running = command.ExecuteNonQueryAsync(Ct);
            await Task.Delay(500, Ct);
            command.Cancel();
            var canceled = await Assert.ThrowsAsync<OperationCanceledException>(() => running);
            Assert.Equal("57014", (canceled.InnerException?.InnerException as PostgresException ?? canceled.InnerException as PostgresException)?.SqlState);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        if (copy.Connection.State != System.Data.ConnectionState.Open)
        {
            await copy.ReconnectAsync();
        }

        await copy.CopyAsync("f.csv", "csv");
        Assert.Equal("1|a", await copy.RowsAsync());
    }

    [Fact]
    public async Task Keys_that_have_expired_or_may_not_list_are_told_so()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            $$$"""
            {"credentials": [
              {"accessKey": "AKIAOLDTOKEN", "secretKey": "old-secret-key", "sessionToken": "old-token", "expires": "2020-01-01T00:00:00Z"},
              {"accessKey": "AKIAREADONLY", "secretKey": "read-secret-key", "rights": {"{{{RedshiftLocalServer.Bucket}}}": ["read"]}}
            ]}
            """,
            Ct);
        await using var own = await server.StartOwnAsync(options => options with { CredentialsFile = file }, Ct);
        File.Delete(file);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        await copy.PutAsync("f.csv", "1,a\n");

        var expired = await copy.FailAsync("f.csv", "csv", "access_key_id 'AKIAOLDTOKEN' secret_access_key 'old-secret-key' session_token 'old-token'");
        var denied = await copy.FailAsync("f.csv", "csv", "access_key_id 'AKIAREADONLY' secret_access_key 'read-secret-key'");

        Assert.Contains("Error ExpiredToken", expired.MessageText, StringComparison.Ordinal);
        Assert.StartsWith("S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid ", denied.MessageText, StringComparison.Ordinal);
        Assert.Contains("Listing bucket=", denied.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serverless_workgroup_names_its_own_view()
    {
        await using var own = await server.StartOwnAsync(options => options with { Serverless = true, LineNumbers = LineNumbering.Records }, Ct);
        await using var copy = await CopyTester.CreateAsync(own, "id int, a varchar(20)", Ct);
        await copy.PutAsync("f.csv", "1,\"a\nb\"\nx,a\n");
        var error = await copy.FailAsync("f.csv", "csv");
        var row = (await copy.Connection.RowsAsync($"select line_number, error_code from sys_load_error_detail where file_name like '%{copy.Prefix}%'", Ct))[0];

        Assert.Equal($"Load into table '{copy.Table}' failed.  Check 'sys_load_error_detail' system table for details.", error.MessageText);
        Assert.Equal("2|1207", string.Join('|', row));
    }

    [Fact]
    public async Task Counters_answer_in_the_same_session_after_a_failure()
    {
        var running = await server.StartAsync(Ct);
        await using var copy = await CopyTester.CreateAsync(running, "id int, a varchar(20)", Ct);
        await copy.PutAsync("good", "1,a\n2,b\n");
        await copy.PutAsync("bad", "x,a\n");
        await using var client = await RawClient.LogInAsync(running, Ct);

        Assert.Equal("0|-1", await CountersAsync(client));
        var answers = await client.QueryAsync(copy.CopySql("good", "csv"), Ct);
        Assert.Equal("COPY", answers.Single(answer => answer.Type == 'C').Tag);
        Assert.Equal("INFO", answers.Single(answer => answer.Type == 'N').Error.Severity);
        var first = await CountersAsync(client);
        Assert.StartsWith("2|", first, StringComparison.Ordinal);

        await client.QueryAsync("begin", Ct);
        await client.QueryAsync(copy.CopySql("bad", "csv"), Ct);
        await client.QueryAsync("rollback", Ct);
        var second = await CountersAsync(client);
        Assert.StartsWith("0|", second, StringComparison.Ordinal);
        Assert.NotEqual(first.Split('|')[1], second.Split('|')[1]);
        var errors = await client.QueryAsync("select err_code from stl_load_errors where query = pg_last_copy_id()", Ct);
        Assert.Equal("1207", errors.Single(answer => answer.Type == 'D').Values[0]);

        await client.QueryAsync("copy " + copy.Table + " from 's3://b/k' csv csv", Ct);
        await client.QueryAsync(copy.CopySql("good", "csv", "access_key_id 'AKIANOBODY' secret_access_key 'none'"), Ct);
        Assert.Equal(second, await CountersAsync(client));
    }

    private static async Task<string> CountersAsync(RawClient client) => string.Join(
        '|', (await client.QueryAsync("select pg_last_copy_count(), pg_last_copy_id()", Ct)).Single(answer => answer.Type == 'D').Values);

    private static async Task<string?> CountAsync(CopyTester copy) => await copy.Connection.ScalarAsync($"select count(*) from {copy.Table}", Ct);

    private static async Task OrderAsync(LocalRedshift own, string fault)
    {
        using var http = new HttpClient();
        using var content = new StringContent(fault, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(own.FaultAddress, content, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task ClearAsync(LocalRedshift own)
    {
        using var http = new HttpClient();
        using var answer = await http.DeleteAsync(own.FaultAddress, Ct);
        Assert.True(answer.IsSuccessStatusCode);
    }
}
