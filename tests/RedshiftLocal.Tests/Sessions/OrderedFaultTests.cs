using System.Text;
using Npgsql;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>Faults that are ordered for sessions.</summary>
public sealed class OrderedFaultTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("57P01", "FATAL", false)]
    [InlineData("53100", "ERROR", true)]
    [InlineData("XX000", "ERROR", true)]
    public async Task A_statement_ends_with_the_error_that_was_ordered(string code, string severity, bool goesOn)
    {
        await using var server = await StartAsync($$"""{"point": "statement", "contains": "unlucky", "kind": "error", "code": "{{code}}"}""");
        await using var client = await RawClient.LogInAsync(server, Ct);
        await client.SendQueryAsync("select 1 as unlucky", Ct);

        var answer = await client.ReadAsync(Ct);

        Assert.Equal(('E', code, severity), (answer.Type, answer.Error.SqlState, answer.Error.Severity));
        Assert.Equal(goesOn ? 'Z' : '\0', (await client.ReadAsync(Ct)).Type);
    }

    [Fact]
    public async Task A_delay_comes_before_the_error_it_is_ordered_with()
    {
        await using var server = await StartAsync("""{"point": "statement", "contains": "unlucky", "kind": "error", "code": "53100", "delayMs": 400}""");
        await using var client = await RawClient.LogInAsync(server, Ct);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var answer = (await client.QueryAsync("select 1 as unlucky", Ct))[0];

        Assert.Equal('E', answer.Type);
        Assert.True(clock.ElapsedMilliseconds >= 390, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task A_serialization_failure_reads_as_Redshifts()
    {
        await using var server = await StartAsync("""{"point": "statement", "contains": "unlucky", "kind": "error", "code": "XX000"}""");
        await using var client = await RawClient.LogInAsync(server, Ct);

        var error = (await client.QueryAsync("select 1 as unlucky", Ct))[0].Error;

        Assert.Equal("1023", error.Message);
        Assert.StartsWith("Serializable isolation violation on table", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_is_dropped_without_a_word()
    {
        await using var server = await StartAsync("""{"point": "connect", "nth": 1, "kind": "drop"}""");
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct);

        Assert.Equal(-1, await client.ReadByteAsync(Ct));
        await using var next = await RawClient.LogInAsync(server, Ct);
    }

    [Fact]
    public async Task A_connection_dropped_before_the_commit_leaves_nothing()
    {
        await using var server = await StartAsync("""{"point": "beforeCommit", "kind": "drop"}""");
        await CommitAsync(server);

        await using var after = await RawClient.LogInAsync(server, Ct);
        Assert.Equal("0", (await after.QueryAsync("select count(*) from dropped", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task A_connection_dropped_after_the_commit_leaves_the_rows()
    {
        await using var server = await StartAsync("""{"point": "afterCommit", "kind": "drop"}""");
        await CommitAsync(server);

        await using var after = await RawClient.LogInAsync(server, Ct);
        Assert.Equal("1", (await after.QueryAsync("select count(*) from dropped", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task Faults_are_ordered_over_HTTP_and_statements_are_listed_there()
    {
        await using var server = await fixture.StartOwnAsync(options => options with { FaultPort = 0 }, Ct);
        using var http = new HttpClient();
        using var order = new StringContent("""{"point": "statement", "contains": "unlucky", "nth": 1, "kind": "error", "code": "42501"}""", Encoding.UTF8);
        (await http.PostAsync(server.FaultAddress, order, Ct)).EnsureSuccessStatusCode();
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint));
        await connection.OpenAsync(Ct);

        Assert.Equal("42501", (await connection.ErrorAsync("select 1 as unlucky", Ct)).SqlState);
        Assert.Equal("1", await connection.ScalarAsync("select 1 as unlucky", Ct));
        Assert.Contains("select 1 as unlucky", await http.GetStringAsync(new Uri(server.FaultAddress!, "/statements"), Ct), StringComparison.Ordinal);
    }

    private static async Task CommitAsync(LocalRedshift server)
    {
        await using var client = await RawClient.LogInAsync(server, Ct);
        await client.QueryAsync("create table dropped (a int)", Ct);
        await client.QueryAsync("begin; insert into dropped values (1)", Ct);
        await client.SendQueryAsync("commit", Ct);
        Assert.Equal(-1, await client.ReadByteAsync(Ct));
    }

    private async Task<LocalRedshift> StartAsync(string rule)
    {
        var file = fixture.NewFolder();
        await File.WriteAllTextAsync(file, $$"""{"faults": [{{rule}}]}""", Ct);
        return await fixture.StartOwnAsync(options => options with { FaultsFile = file }, Ct);
    }
}
