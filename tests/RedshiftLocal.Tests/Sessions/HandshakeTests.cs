using System.Text;
using Npgsql;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>What happens before a session runs. Start-up parameters and reported settings: JDBC driver logs, npgsql#163, npgsql#1109, npgsql#6416.</summary>
public sealed class HandshakeTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_reported_parameters_are_Redshifts_in_its_order()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct);
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);

        var messages = await client.ReadToReadyAsync(Ct);

        var parameters = messages.Where(message => message.Type == 'S').Select(Parameter).ToList();
        Assert.Equal(
            [
                "application_name", "case_sensitive", "client_encoding", "datestyle", "integer_datetimes", "is_superuser", "server_encoding", "server_version",
                "session_authorization", "TimeZone", "timezone_abbreviations", "padb_version", "padb_revision", "max_numeric_precision", "max_varchar_size",
                "datashare_enabled", "session_id", "server_protocol_version",
            ],
            parameters.Select(parameter => parameter.Name));
        Assert.Contains(("server_version", "8.0.2"), parameters);
        Assert.Contains(("integer_datetimes", "on"), parameters);
        Assert.Contains(("client_encoding", "UNICODE"), parameters);
        Assert.Contains(("application_name", "unset"), parameters);
        Assert.Contains(("server_protocol_version", "0"), parameters);
        Assert.Contains(messages, message => message.Type == 'K');
        Assert.Equal("I", Encoding.ASCII.GetString(messages[^1].Payload));
    }

    [Fact]
    public async Task A_client_that_asks_for_UTF8_is_told_UTF8()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct, ("user", RedshiftLocalServer.User), ("database", "dev"), ("client_encoding", "UTF8"));
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);

        var messages = await client.ReadToReadyAsync(Ct);

        Assert.Contains(("client_encoding", "UTF8"), messages.Where(message => message.Type == 'S').Select(Parameter));
    }

    [Theory]
    [InlineData("application_name", "loader")]
    [InlineData("client_protocol_version", "2")]
    [InlineData("driver_version", "Redshift JDBC Driver 2.1.0.30")]
    [InlineData("os_version", "Linux")]
    [InlineData("plugin_name", "none")]
    [InlineData("search_path", "public")]
    [InlineData("TimeZone", "Europe/Berlin")]
    [InlineData("datestyle", "ISO, DMY")]
    [InlineData("extra_float_digits", "2")]
    [InlineData("options", "-c statement_timeout=5000 --query_group=etl")]
    [InlineData("replication", "off")]
    public async Task A_known_parameter_is_taken(string name, string value)
    {
        var server = await fixture.StartAsync(Ct);

        await using var client = await RawClient.LogInAsync(server, Ct, ("user", RedshiftLocalServer.User), ("database", "dev"), (name, value));

        Assert.Equal("SELECT", (await client.QueryAsync("select 1", Ct))[^2].Tag);
    }

    [Theory]
    [InlineData("lc_monetary", "C", "42501", "permission denied to set parameter \"lc_monetary\" to \"C\"")]
    [InlineData("ssl_renegotiation_limit", "0", "42501", "permission denied to set parameter \"ssl_renegotiation_limit\" to \"0\"")]
    [InlineData("replication", "database", "42704", "unrecognized configuration parameter \"replication\"")]
    [InlineData("options", "-d 5", "42601", "invalid command-line arguments for server process: -d")]
    public async Task A_refused_parameter_ends_the_login_at_once(string name, string value, string state, string message)
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct, ("user", RedshiftLocalServer.User), ("database", "dev"), (name, value));

        var answer = await client.ReadAsync(Ct);

        Assert.Equal('E', answer.Type);
        Assert.Equal(("FATAL", state, message), (answer.Error.Severity, answer.Error.SqlState, answer.Error.Message));
        Assert.Equal(-1, await client.ReadByteAsync(Ct));
    }

    [Theory]
    [InlineData("standard_conforming_strings", "on", "42704")]
    [InlineData("client_encoding", "LATIN1", "22023")]
    [InlineData("TimeZone", "Nowhere/Else", "22023")]
    [InlineData("options", "-c work_mem=1MB", "42501")]
    public async Task A_setting_that_a_session_may_not_make_ends_the_login(string name, string value, string state)
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct, ("user", RedshiftLocalServer.User), ("database", "dev"), (name, value));
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);

        var answer = await client.ReadAsync(Ct);

        Assert.Equal(('E', "FATAL", state), (answer.Type, answer.Error.Severity, answer.Error.SqlState));
    }

    [Fact]
    public async Task Errors_have_Redshifts_fields_and_neither_position_nor_second_severity()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.LogInAsync(server, Ct);

        var error = (await client.QueryAsync("select * from no_such_table", Ct)).Single(message => message.Type == 'E');

        Assert.Equal("SCMFLR", error.FieldLetters);
    }

    [Theory]
    [InlineData("nobody", RedshiftLocalServer.Password)]
    [InlineData(RedshiftLocalServer.User, "wrong")]
    public async Task An_unknown_user_and_a_wrong_password_get_the_same_answer(string user, string password)
    {
        var server = await fixture.StartAsync(Ct);
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint, user, password));

        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Ct));

        Assert.Equal(("28000", $"password authentication failed for user \"{user}\""), (error.SqlState, error.MessageText));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("postgres")]
    [InlineData("template1")]
    public async Task A_database_that_Redshift_would_not_have_does_not_exist(string database)
    {
        var server = await fixture.StartAsync(Ct);
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(server.EndPoint, database: database));

        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Ct));

        Assert.Equal(("3D000", $"database \"{database}\" does not exist"), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task Without_a_certificate_TLS_is_declined_and_the_login_goes_on()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(ProtocolCodes.SslRequest).End();
        await client.Writer.FlushAsync(Ct);

        Assert.Equal('N', await client.ReadByteAsync(Ct));

        await client.StartAsync(Ct);
        await client.AnswerMd5Async(RedshiftLocalServer.User, RedshiftLocalServer.Password, Ct);
        Assert.Equal('Z', (await client.ReadToReadyAsync(Ct))[^1].Type);
    }

    [Fact]
    public async Task GSS_encryption_is_declined_by_default_and_the_login_goes_on()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(ProtocolCodes.GssEncRequest).End();
        await client.Writer.FlushAsync(Ct);

        Assert.Equal('N', await client.ReadByteAsync(Ct));

        await client.StartAsync(Ct);
        Assert.Equal('R', (await client.ReadAsync(Ct)).Type);
    }

    [Theory]
    [InlineData(2 << 16, "unsupported frontend protocol 2.0: server supports 1.0 to 3.0")]
    [InlineData((3 << 16) | 2, "unsupported frontend protocol 3.2: server supports 1.0 to 3.0")]
    [InlineData(4 << 16, "unsupported frontend protocol 4.0: server supports 1.0 to 3.0")]
    public async Task Another_protocol_version_is_refused(int version, string message)
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        client.Writer.BeginUntyped().Int32(version).Text("user").Text("x").Byte(0).End();
        await client.Writer.FlushAsync(Ct);

        Assert.Equal(message, (await client.ReadAsync(Ct)).Error.Message);
    }

    [Fact]
    public async Task A_login_without_a_user_is_refused()
    {
        var server = await fixture.StartAsync(Ct);
        await using var client = await RawClient.ConnectAsync(server.EndPoint, Ct);
        await client.StartAsync(Ct, ("user", ""));

        Assert.Equal("28000", (await client.ReadAsync(Ct)).Error.SqlState);
    }

    [Fact]
    public void The_answers_of_a_stored_password_fit_only_its_own_password()
    {
        var stored = StoredPassword.Parse(StoredPassword.FromLiteral("alice", "Secret-Pass1").Format())!;

        Assert.True(stored.MatchesClear("alice", "Secret-Pass1"));
        Assert.False(stored.MatchesClear("alice", "Secret-Pass2"));
        Assert.False(stored.MatchesClear("bob", "Secret-Pass1"));
    }

    private static (string Name, string Value) Parameter(Received message)
    {
        var reader = new PayloadReader(message.Payload);
        return (reader.Text(), reader.Text());
    }
}
