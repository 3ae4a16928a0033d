using RedshiftLocal.Protocol;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>Cancel requests come on a connection of their own.</summary>
public sealed class CancelTests(RedshiftLocalServer fixture)
{
    private const string Slow =
        "with t as (select 1 as a union all select 2), u as (select a.a from t a, t b, t c, t d, t e, t f, t g, t h) select count(*) from u a, u b, u c, u d";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_statement_is_cancelled_and_the_session_goes_on()
    {
        var server = await fixture.StartAsync(Ct);
        var (client, processId, secret) = await LogInAsync(server);
        await using var closing = client;
        await client.SendQueryAsync(Slow, Ct);
        var answering = client.ReadToReadyAsync(Ct);

        // A request that arrives before the statement runs is passed over, so it is sent again.
        while (!answering.IsCompleted)
        {
            await CancelAsync(server, processId, secret);
            await Task.Delay(100, Ct);
        }

        var answers = await answering;
        Assert.Equal("57014", answers.Single(answer => answer.Type == 'E').Error.SqlState);
        Assert.Equal("SELECT", (await client.QueryAsync("select 1", Ct))[^2].Tag);
    }

    [Fact]
    public async Task A_cancel_request_with_a_wrong_secret_does_nothing()
    {
        var server = await fixture.StartAsync(Ct);
        var (client, processId, secret) = await LogInAsync(server);
        await using var closing = client;

        await CancelAsync(server, processId, secret ^ 1);

        Assert.Equal("SELECT", (await client.QueryAsync("select 1", Ct))[^2].Tag);
    }

    [Fact]
    public async Task A_cancel_request_between_statements_does_not_hit_the_next_one()
    {
        var server = await fixture.StartAsync(Ct);
        var (client, processId, secret) = await LogInAsync(server);
        await using var closing = client;

        await CancelAsync(server, processId, secret);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("SELECT", (await client.QueryAsync("select 1", Ct))[^2].Tag);
        }
    }

    private static async Task<(RawClient Client, int ProcessId, int Secret)> LogInAsync(LocalRedshift server)
    {
        var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct);
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);
        var key = (await client.ReadToReadyAsync(Ct)).Single(message => message.Type == 'K');
        return (client, Field(key, 0), Field(key, 4));
    }

    private static int Field(Received key, int offset) => new PayloadReader(key.Payload.AsSpan(offset)).Int32();

    private static async Task CancelAsync(LocalRedshift server, int processId, int secret)
    {
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(ProtocolCodes.CancelRequest).Int32(processId).Int32(secret).End();
        await client.Writer.FlushAsync(Ct);
        Assert.Equal(-1, await client.ReadByteAsync(Ct));
    }
}
