using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Postgres;

public sealed class ConnectionTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_utf8_and_named_sluice()
    {
        await using var db = await server.CreateDatabaseAsync();
        await using var connector = db.Connector();
        await using var connection = await connector.OpenAsync(Ct);
        Assert.Equal("UTF8|sluice|" + db.Name, await connection.ScalarAsync(
            "SELECT current_setting('client_encoding') || '|' || current_setting('application_name') || '|' || current_database()", Ct));
    }

    [Fact]
    public async Task A_wrong_password_names_user_host_and_where_the_password_came_from()
    {
        var instance = server.Private;
        var uri = new DatabaseUri { Scheme = "postgresql", User = "password_user", Host = "127.0.0.1", Port = instance.Port, Database = "postgres" };
        await using var connector = Connections.Connector(uri, new() { ["PGPASSWORD"] = "not-the-one" });
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Equal(
            $"Cannot connect to PostgreSQL at 127.0.0.1:{instance.Port} (from the URI) as user password_user (from the URI), "
            + "database postgres (from the URI): password authentication failed for user \"password_user\"; the password was taken from PGPASSWORD",
            error.Message);
        Assert.DoesNotContain("not-the-one", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
        Assert.Equal(ExitCode.LoadFailed, error.ExitCode);
    }

    [Fact]
    public async Task A_missing_password_is_said_to_be_missing()
    {
        await using var connector = server.Private.Connector("password_user", null);
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Contains("the server asks for a password, and none was given", error.Message, StringComparison.Ordinal);
        Assert.Contains("~/.pgpass", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_named()
    {
        var instance = server.Private;
        await using var connector = Connections.Connector(
            new DatabaseUri { Scheme = "postgresql", User = "postgres", Host = "127.0.0.1", Port = instance.Port, Database = "Nowhere" });
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Contains("database \"Nowhere\" does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal("Create it first (createdb \"Nowhere\"), or check the name", error.Hint);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_says_connection_refused()
    {
        await using var connector = Connections.Connector(
            new DatabaseUri { Scheme = "postgresql", User = "u", Host = "127.0.0.1", Port = 1, Database = "d" });
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Equal("Cannot connect to PostgreSQL at 127.0.0.1:1 (from the URI) as user u (from the URI), database d (from the URI): connection refused", error.Message);
        Assert.Contains("listen_addresses", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_is_named()
    {
        await using var connector = Connections.Connector(
            new DatabaseUri { Scheme = "postgresql", User = "u", Host = "no-such-host.invalid", Database = "d" });
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Contains("the host name no-such-host.invalid cannot be resolved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_socket_is_named()
    {
        await using var connector = Connections.Connector(
            new DatabaseUri { Scheme = "postgresql", User = "u", Host = "/nowhere", Port = 5433, Database = "d" });
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Contains("no server listens on the socket /nowhere/.s.PGSQL.5433", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prefer")]
    [InlineData("verify-full")]
    public async Task A_unix_socket_works_whatever_the_sslmode(string mode)
    {
        var instance = server.Private;
        var uri = new DatabaseUri { Scheme = "postgresql", User = "postgres", Host = instance.SocketFolder, Port = instance.Port, Database = "postgres" };
        await using var connector = Connections.Connector(uri, new() { ["PGSSLMODE"] = mode });
        await using var connection = await connector.OpenAsync(Ct);
        Assert.Equal("1", await connection.ScalarAsync("SELECT 1", Ct));
    }

    [Fact]
    public async Task A_role_without_free_connections_is_tried_again_and_then_reported()
    {
        await using var db = await server.CreateDatabaseAsync();
        var role = $"limited_{db.Name}";
        await db.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0", Ct);
        try
        {
            var log = new RecordingLogger();
            await using var connector = db.Connector(logger: log, user: role, password: "x");
            var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
            Assert.Contains("too many connections", error.Message, StringComparison.Ordinal);
            Assert.Equal(5, log.Lines.Count(line => line.Contains("trying again in 500 ms", StringComparison.Ordinal)));
        }
        finally
        {
            await db.ExecuteAsync($"DROP ROLE {role}", Ct);
        }
    }

    [Fact]
    public async Task A_list_in_search_path_means_several_schemas()
    {
        await using var db = await server.CreateDatabaseAsync();
        await db.ExecuteAsync("CREATE SCHEMA a; CREATE SCHEMA \"B c\"", Ct);
        await using var connector = db.Connector(settings: [new Setting("search_path", "a, \"B c\""), new Setting("work_mem", "12MB")]);
        await using var connection = await connector.OpenAsync(Ct);
        Assert.Equal("{a,\"B c\"}", await connection.ScalarAsync("SELECT current_schemas(false)::text", Ct));
        Assert.Equal("12MB", await connection.ScalarAsync("SHOW work_mem", Ct));
    }

    [Fact]
    public async Task A_refused_setting_is_named()
    {
        await using var db = await server.CreateDatabaseAsync();
        await using var connector = db.Connector(settings: [new Setting("work_mem", "lots")]);
        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.Equal("The server refuses SET work_mem to 'lots': invalid value for parameter \"work_mem\": \"lots\"", error.Message);
    }

    [Fact]
    public async Task Another_client_encoding_is_ignored_with_a_warning()
    {
        await using var db = await server.CreateDatabaseAsync();
        var log = new RecordingLogger();
        await using var connector = db.Connector(settings: [new Setting("client_encoding", "latin1")], logger: log);
        await using var connection = await connector.OpenAsync(Ct);
        Assert.Equal("UTF8", await connection.ScalarAsync("SHOW client_encoding", Ct));
        Assert.Contains("Warning: SET client_encoding to 'latin1' is ignored: data is sent as UTF-8", log.Lines);
    }

    [Fact]
    public async Task Notices_of_the_server_are_logged()
    {
        await using var db = await server.CreateDatabaseAsync();
        var log = new RecordingLogger();
        await using var connector = db.Connector(logger: log);
        await using var connection = await connector.OpenAsync(Ct);
        await connection.ExecuteAsync("DO $$ BEGIN RAISE WARNING 'careful'; RAISE NOTICE 'by the way'; END $$", Ct);
        Assert.Contains("Warning: The server warns: careful", log.Lines);
        Assert.Contains("Information: The server says: by the way", log.Lines);
    }

    [Theory]
    [InlineData("read-write", null)]
    [InlineData("primary", null)]
    [InlineData("any", null)]
    [InlineData("prefer-standby", null)]
    [InlineData("standby", "is a primary that takes writes, but target_session_attrs=standby is asked for")]
    [InlineData("read-only", "is a primary that takes writes, but target_session_attrs=read-only is asked for")]
    public async Task The_kind_of_session_is_checked(string wanted, string? problem)
    {
        await using var connector = server.Private.Connector("postgres", null, ("target_session_attrs", wanted));
        if (problem is null)
        {
            await using var connection = await connector.OpenAsync(Ct);
            return;
        }

        var error = await Assert.ThrowsAsync<TargetException>(() => connector.OpenAsync(Ct));
        Assert.EndsWith(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_the_environment_reach_the_server()
    {
        var instance = server.Private;
        await using var connector = Connections.Connector(
            new DatabaseUri { Scheme = "postgresql", User = "postgres", Host = "127.0.0.1", Port = instance.Port, Database = "postgres" },
            new() { ["PGOPTIONS"] = "-c work_mem=7MB", ["PGDATESTYLE"] = "SQL, DMY", ["PGTZ"] = "Asia/Tokyo", ["PGAPPNAME"] = "nightly" });
        await using var connection = await connector.OpenAsync(Ct);
        Assert.Equal("7MB|SQL, DMY|Asia/Tokyo|nightly", await connection.ScalarAsync(
            "SELECT concat_ws('|', current_setting('work_mem'), current_setting('datestyle'), current_setting('timezone'), current_setting('application_name'))", Ct));
    }

    [Fact]
    public async Task A_cancelled_connection_attempt_is_a_cancellation()
    {
        await using var db = await server.CreateDatabaseAsync();
        await using var connector = db.Connector();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connector.OpenAsync(cancelled.Token));
    }
}
