using System.Text;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>Parse, Bind, Describe, Execute, Close and Sync, as Npgsql and the JDBC driver send them.</summary>
public sealed class ExtendedQueryTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pipelined_statements_are_answered_in_order()
    {
        await using var client = await LogInAsync();
        Unnamed(client, "select 1");
        Unnamed(client, "select 2");
        client.Writer.Message('S');

        var answers = await SendAsync(client);

        Assert.Equal("12TDC12TDCZ", Letters(answers));
        Assert.Equal("SELECT", answers[4].Tag);
    }

    [Fact]
    public async Task After_an_error_everything_up_to_the_sync_is_passed_over()
    {
        await using var client = await LogInAsync();
        Unnamed(client, "select * from no_such_table");
        Unnamed(client, "select 2");
        client.Writer.Message('S');
        Unnamed(client, "select 3");
        client.Writer.Message('S');

        Assert.Equal("EZ", Letters(await SendAsync(client)));
        Assert.Equal("12TDCZ", Letters(await client.ReadToReadyAsync(Ct)));
    }

    [Fact]
    public async Task Statements_before_an_error_are_undone_with_it()
    {
        await using var client = await LogInAsync();
        await client.QueryAsync("create temp table pipelined (a int)", Ct);
        Unnamed(client, "insert into pipelined values (1)");
        Unnamed(client, "select 1/0");
        client.Writer.Message('S');

        await SendAsync(client);

        Assert.Equal("0", (await client.QueryAsync("select count(*) from pipelined", Ct))[1].Values[0]);
    }

    [Fact]
    public async Task The_row_limit_of_execute_is_passed_over()
    {
        await using var client = await LogInAsync();
        await client.QueryAsync("create temp table ten (a int); insert into ten values (1), (2), (3), (4), (5)", Ct);
        Parse(client, "", "select a from ten");
        Bind(client, "", "");
        client.Writer.Begin('E').Text("").Int32(2).End();
        client.Writer.Message('S');

        Assert.Equal("12DDDDDCZ", Letters(await SendAsync(client)));
    }

    [Fact]
    public async Task A_named_statement_runs_again_and_again_until_it_is_closed()
    {
        await using var client = await LogInAsync();
        Parse(client, "again", "select $1::int + 1", 23);
        client.Writer.Begin('D').Byte((byte)'S').Text("again").End();
        foreach (var value in (string[])["1", "41"])
        {
            Bind(client, "", "again", value);
            client.Writer.Begin('E').Text("").Int32(0).End();
        }

        client.Writer.Begin('C').Byte((byte)'S').Text("again").End();
        Bind(client, "", "again", "1");
        client.Writer.Message('S');

        var answers = await SendAsync(client);

        Assert.Equal("1tT2DC2DC3EZ", Letters(answers));
        Assert.Equal("42", answers[7].Values[0]);
        Assert.Equal("26000", answers[^2].Error.SqlState);
    }

    [Fact]
    public async Task A_name_cannot_be_given_twice()
    {
        await using var client = await LogInAsync();
        Parse(client, "twice", "select 1");
        Parse(client, "twice", "select 2");
        client.Writer.Message('S');

        Assert.Equal("42P05", (await SendAsync(client))[1].Error.SqlState);
    }

    [Fact]
    public async Task Several_commands_cannot_be_prepared_in_one()
    {
        await using var client = await LogInAsync();
        Parse(client, "", "select 1; select 2");
        client.Writer.Message('S');

        var error = (await SendAsync(client))[0].Error;

        Assert.Equal(("42601", "cannot insert multiple commands into a prepared statement"), (error.SqlState, error.Message));
    }

    [Fact]
    public async Task More_than_32767_parameters_are_refused()
    {
        await using var client = await LogInAsync();
        Parse(client, "", "select 1");
        client.Writer.Begin('B').Text("").Text("").Int16(0).Int16(40000);
        for (var i = 0; i < 40000; i++)
        {
            client.Writer.Int32(-1);
        }

        client.Writer.Int16(0).End();
        client.Writer.Message('S');

        Assert.Equal("54023", (await SendAsync(client))[1].Error.SqlState);
    }

    [Theory]
    [InlineData("begin", "12nCZ", "T")]
    [InlineData("set query_group to 'etl'", "12nCZ", "I")]
    [InlineData("show query_group", "12TDCZ", "I")]
    [InlineData("create temp table by_parse (a int)", "12nCZ", "I")]
    [InlineData("", "12nIZ", "I")]
    public async Task Every_kind_of_statement_comes_through_parse(string sql, string letters, string status)
    {
        await using var client = await LogInAsync();
        Unnamed(client, sql);
        client.Writer.Message('S');

        var answers = await SendAsync(client);

        Assert.Equal(letters, Letters(answers));
        Assert.Equal(status, Encoding.ASCII.GetString(answers[^1].Payload));
    }

    [Fact]
    public async Task A_failed_block_refuses_binds_too()
    {
        await using var client = await LogInAsync();
        Parse(client, "kept", "select 1");
        client.Writer.Message('S');
        await SendAsync(client);
        await client.QueryAsync("begin; select * from no_such_table", Ct);
        Bind(client, "", "kept");
        client.Writer.Message('S');

        Assert.Equal("25P02", (await SendAsync(client))[0].Error.SqlState);
    }

    [Theory]
    [InlineData('D', "X")]
    [InlineData('E', "nowhere\0\0\0\0\0")]
    [InlineData('D', "Snowhere\0")]
    [InlineData('B', "")]
    [InlineData('P', "no end")]
    public async Task A_malformed_or_aimless_message_is_an_error_and_the_session_goes_on(char type, string payload)
    {
        await using var client = await LogInAsync();
        client.Writer.Message(type, Encoding.ASCII.GetBytes(payload));
        client.Writer.Message('S');

        Assert.Equal("EZ", Letters(await SendAsync(client)));
        Assert.Equal("TDCZ", Letters(await client.QueryAsync("select 1", Ct)));
    }

    private async Task<RawClient> LogInAsync() => await RawClient.LogInAsync(await fixture.StartAsync(Ct), Ct);

    private static void Unnamed(RawClient client, string sql)
    {
        Parse(client, "", sql);
        Bind(client, "", "");
        client.Writer.Begin('D').Byte((byte)'P').Text("").End();
        client.Writer.Begin('E').Text("").Int32(0).End();
    }

    private static void Parse(RawClient client, string name, string sql, params int[] types)
    {
        client.Writer.Begin('P').Text(name).Text(sql).Int16(types.Length);
        foreach (var type in types)
        {
            client.Writer.Int32(type);
        }

        client.Writer.End();
    }

    private static void Bind(RawClient client, string portal, string statement, params string[] values)
    {
        client.Writer.Begin('B').Text(portal).Text(statement).Int16(0).Int16(values.Length);
        foreach (var value in values)
        {
            client.Writer.Int32(value.Length).Bytes(Encoding.ASCII.GetBytes(value));
        }

        client.Writer.Int16(0).End();
    }

    private static async Task<IReadOnlyList<Received>> SendAsync(RawClient client)
    {
        await client.Writer.FlushAsync(Ct);
        return await client.ReadToReadyAsync(Ct);
    }

    private static string Letters(IEnumerable<Received> messages) => string.Concat(messages.Select(message => message.Type));
}
