using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>Whatever comes in, the server answers or drops it, and goes on serving others.</summary>
public sealed class BadInputTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /x HTTP/1.1\r\n\r\n")]
    public async Task An_http_client_is_told_what_this_port_speaks(string request)
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.SendAsync(Encoding.ASCII.GetBytes(request), Ct);

        var answer = new StringBuilder();
        while (await client.ReadByteAsync(Ct) is var value and >= 0)
        {
            answer.Append((char)value);
        }

        Assert.StartsWith("HTTP/1.1 400 ", answer.ToString(), StringComparison.Ordinal);
        await StillServesAsync();
    }

    [Fact]
    public async Task A_TLS_hello_without_a_request_for_TLS_is_dropped()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.SendAsync([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01], Ct);

        Assert.Equal(-1, await client.ReadByteAsync(Ct));
    }

    [Fact]
    public async Task Random_bytes_are_dropped_or_answered()
    {
        var server = await fixture.StartAsync(Ct);
        var random = new Random(4711);
        for (var i = 0; i < 60; i++)
        {
            await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // A plausible length, so that the rest is read as a start-up packet.
                bytes = [0, 0, 0, (byte)Math.Min(8 + bytes.Length, 250), 0, 3, 0, 0, .. bytes];
            }

            await client.SendAsync(bytes, Ct);
        }

        await StillServesAsync();
    }

    [Fact]
    public async Task Random_messages_after_the_login_end_no_more_than_their_own_session()
    {
        var server = await fixture.StartAsync(Ct);
        var random = new Random(815);
        for (var i = 0; i < 30; i++)
        {
            await using var client = await RawClient.LogInAsync(server, Ct);
            for (var message = 0; message < 20; message++)
            {
                var payload = new byte[random.Next(0, 60)];
                random.NextBytes(payload);
                client.Writer.Message("QPBDECHSFdcfp"[random.Next(13)], payload);
            }

            client.Writer.Message('S');
            client.Writer.Message('X');
            await client.Writer.FlushAsync(Ct);
            while (await client.ReadByteAsync(Ct) >= 0)
            {
            }
        }

        await StillServesAsync();
    }

    [Fact]
    public async Task An_unknown_message_type_ends_the_session_with_an_error()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        client.Writer.Message('!');
        await client.Writer.FlushAsync(Ct);

        Assert.Equal(("FATAL", "08P01"), Severity((await client.ReadAsync(Ct)).Error));
        Assert.Equal(-1, await client.ReadByteAsync(Ct));
    }

    [Fact]
    public async Task A_message_that_claims_a_gigabyte_ends_the_session_at_once()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        await client.SendAsync([(byte)'Q', 0x40, 0, 0, 0], Ct);

        Assert.Equal(("FATAL", "54000"), Severity((await client.ReadAsync(Ct)).Error));
    }

    [Fact]
    public async Task A_statement_over_16_MB_is_refused_and_the_session_goes_on()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

        var answers = await client.QueryAsync("select '" + new string('x', 16 * 1024 * 1024) + "'", Ct);

        Assert.Equal("54000", answers[0].Error.SqlState);
        Assert.Equal("SELECT", (await client.QueryAsync("select 1", Ct))[^2].Tag);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_is_an_error()
    {
        await using var client = await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);
        client.Writer.Message('Q', [(byte)'s', 0xff, 0xfe, 0]);
        await client.Writer.FlushAsync(Ct);

        Assert.Equal("22021", (await client.ReadToReadyAsync(Ct))[0].Error.SqlState);
    }

    [Fact]
    public async Task A_client_that_sends_half_a_start_up_packet_is_dropped_in_time()
    {
        await using var server = await fixture.StartOwnAsync(options => options with { StartupTimeout = TimeSpan.FromSeconds(4) }, Ct);
        await using var half = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await half.SendAsync([0, 0, 0, 50, 0, 3], Ct);
        await using var mute = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await using var undecided = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await undecided.StartAsync(Ct);
        Assert.Equal('R', (await undecided.ReadAsync(Ct)).Type);

        Assert.Equal(-1, await half.ReadByteAsync(Ct));
        Assert.Equal(-1, await mute.ReadByteAsync(Ct));
        Assert.Equal(-1, await undecided.ReadByteAsync(Ct));
    }

    [Fact]
    public async Task An_idle_session_and_one_that_does_not_complete_its_message_are_ended()
    {
        await using var server = await fixture.StartOwnAsync(
            options => options with { IdleTimeout = TimeSpan.FromSeconds(1), MessageTimeout = TimeSpan.FromSeconds(1) }, Ct);
        await using var idle = await RawClient.LogInAsync(server, Ct);
        await using var slow = await RawClient.LogInAsync(server, Ct);
        await slow.SendAsync([(byte)'Q', 0, 0, 1, 0, (byte)'s'], Ct);

        Assert.Equal(("FATAL", "57P01"), Severity((await idle.ReadAsync(Ct)).Error));
        Assert.Equal(("FATAL", "57P01"), Severity((await slow.ReadAsync(Ct)).Error));
    }

    [Fact]
    public async Task Of_a_thousand_connections_those_within_the_limit_are_served()
    {
        await using var server = await fixture.StartOwnAsync(options => options with { MaxConnections = 20 }, Ct);
        var clients = new List<RawClient>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                clients.Add(await RawClient.LogInAsync(server, Ct));
            }

            await using var refused = await RawClient.ConnectAsync(server.EndPoint, Ct);
            await refused.StartAsync(Ct);
            await refused.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);
            var error = (await refused.ReadAsync(Ct)).Error;
            Assert.Equal(("53300", "connection limit \"20\" exceeded for non-bootstrap users"), (error.SqlState, error.Message));

            var crowd = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => RawClient.ConnectAsync(server.EndPoint, Ct)));
            Assert.Equal("SELECT", (await clients[0].QueryAsync("select 1", Ct))[^2].Tag);
            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }

            await clients[0].DisposeAsync();
            clients.RemoveAt(0);
            await LogInWithinAsync(server);
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task LogInWithinAsync(LocalRedshift server)
    {
        for (var attempt = 0; ; attempt++)
        {
            await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
            await client.StartAsync(Ct);
            await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);
            if ((await client.ReadAsync(Ct)).Type == 'R')
            {
                return;
            }

            Assert.True(attempt < 50, "The place of a session that ended was not given to another");
            await Task.Delay(100, Ct);
        }
    }

    private static (string Severity, string State) Severity(ServerError error) => (error.Severity, error.SqlState);

    private async Task StillServesAsync()
    {
        await using var connection = await fixture.ConnectAsync(Ct);
        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
    }
}
