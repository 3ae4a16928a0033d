using System.Net;
using System.Net.Sockets;
using Npgsql;
using RedshiftLocal.Backing;

namespace RedshiftLocal.Tests.Sessions;

/// <summary>Starting and stopping: what is kept, what is in the way.</summary>
public sealed class StartTests(RedshiftLocalServer fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_folder_is_used_again()
    {
        var folder = fixture.NewFolder();
        await using (var first = await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct))
        {
            await using var connection = await OpenAsync(first.EndPoint);
            await connection.ExecuteAsync("create table kept (a int); insert into kept values (42)", Ct);
        }

        await using var second = await fixture.StartOwnAsync(options => options with { DataFolder = folder, Password = null }, Ct);
        await using var again = await OpenAsync(second.EndPoint);

        Assert.Equal("42", await again.ScalarAsync("select a from kept", Ct));
    }

    [Fact]
    public async Task A_new_password_replaces_the_old_one()
    {
        var folder = fixture.NewFolder();
        await using (await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct))
        {
        }

        await using var second = await fixture.StartOwnAsync(options => options with { DataFolder = folder, Password = "Other-Pass1" }, Ct);
        await using var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(second.EndPoint, password: "Other-Pass1"));

        await connection.OpenAsync(Ct);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused()
    {
        var folder = fixture.NewFolder();
        await using var first = await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct);

        var error = await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct));

        Assert.Equal($"The data folder {folder} is in use by another redshift-local", error.Message);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var sql = await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(options => options with { Port = port }, Ct));
        var s3 = await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(options => options with { S3Port = port }, Ct));
        var faults = await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(options => options with { FaultPort = port }, Ct));

        Assert.StartsWith($"Cannot listen on 127.0.0.1:{port}: ", sql.Message, StringComparison.Ordinal);
        Assert.EndsWith("--port chooses another port", sql.Message, StringComparison.Ordinal);
        Assert.EndsWith("--s3-port chooses another port", s3.Message, StringComparison.Ordinal);
        Assert.EndsWith("--fault-port chooses another port", faults.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_start_needs_a_password()
    {
        var error = await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(options => options with { Password = null }, Ct));

        Assert.Equal("The user awsuser does not exist in this data folder yet: give its password with --password", error.Message);
    }

    [Fact]
    public async Task A_server_that_was_left_running_by_a_killed_process_is_replaced()
    {
        RedshiftLocalServer.RequirePostgres();
        var folder = fixture.NewFolder();
        var programs = PostgresPrograms.Find(Environment.GetEnvironmentVariable("SLUICE_POSTGRES_BIN"), Environment.GetEnvironmentVariable("PATH"));
        Directory.CreateDirectory(folder);
        var leftover = await PrivatePostgres.StartAsync(programs, Path.Combine(folder, "postgres"), 20, Ct);

        await using var server = await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct);
        await using var connection = await OpenAsync(server.EndPoint);

        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
        GC.KeepAlive(leftover);
    }

    [Fact]
    public async Task A_stale_process_id_that_now_is_another_programs_does_no_harm()
    {
        var folder = fixture.NewFolder();
        await using (await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct))
        {
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder, "postgres", "data", "postmaster.pid"),
            $"{Environment.ProcessId}\n{folder}/postgres/data\n1700000000\n5432\n{folder}\n\n", Ct);

        await using var server = await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct);
        await using var connection = await OpenAsync(server.EndPoint);

        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
    }

    [Fact]
    public async Task A_folder_with_a_long_name_and_blanks_works()
    {
        var folder = Path.Combine(fixture.NewFolder() + " with blanks 'and quotes'", new string('x', 120));

        await using var server = await fixture.StartOwnAsync(options => options with { DataFolder = folder }, Ct);
        await using var connection = await OpenAsync(server.EndPoint);

        Assert.Equal("1", await connection.ScalarAsync("select 1", Ct));
    }

    [Fact]
    public void A_folder_without_PostgreSQL_is_named()
    {
        var folder = Directory.CreateDirectory(fixture.NewFolder()).FullName;

        var error = Assert.Throws<StartException>(() => PostgresPrograms.Find(folder, null));

        Assert.Equal($"No PostgreSQL in {folder}: it holds no initdb, pg_ctl and postgres that start", error.Message);
    }

    [Fact]
    public void A_PostgreSQL_of_an_unknown_version_is_refused()
    {
        var folder = Directory.CreateDirectory(fixture.NewFolder()).FullName;
        foreach (var program in (string[])["initdb", "pg_ctl", "postgres"])
        {
            var file = Path.Combine(folder, program);
            File.WriteAllText(file, "#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("755", 8));
            }
        }

        var error = Assert.Throws<StartException>(() => PostgresPrograms.Find(folder, null));

        Assert.StartsWith($"PostgreSQL 99 in {folder} cannot be used: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rdsdb")]
    [InlineData("pg_someone")]
    public async Task Names_of_the_server_itself_cannot_be_the_master_users(string user)
    {
        var error = await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(options => options with { User = user }, Ct));

        Assert.Equal($"The master user cannot be called {user}: choose another name with --user", error.Message);
    }

    [Fact]
    public async Task Half_a_key_pair_half_a_certificate_and_a_bad_role_are_refused()
    {
        var secret = await StartErrorAsync(options => options with { SecretKey = null });
        var tls = await StartErrorAsync(options => options with { TlsKeyFile = "/nowhere/key.pem" });
        var require = await StartErrorAsync(options => options with { RequireSsl = true });
        var role = await StartErrorAsync(options => options with { IamRoles = ["loader=AKIA"] });
        var unknown = await StartErrorAsync(options => options with { IamRoles = ["arn:aws:iam::123456789012:role/x=NOBODY"] });
        var bucket = await StartErrorAsync(options => options with { Buckets = ["name:"] });

        Assert.Equal("--access-key and --secret-key belong together: one of them is missing", secret);
        Assert.Equal("--tls-cert and --tls-key belong together: one of them is missing", tls);
        Assert.StartsWith("--require-ssl needs a certificate", require, StringComparison.Ordinal);
        Assert.StartsWith("--iam-role takes ARN=ACCESS_KEY", role, StringComparison.Ordinal);
        Assert.Contains("NOBODY", unknown, StringComparison.Ordinal);
        Assert.StartsWith("--bucket takes NAME or NAME:REGION", bucket, StringComparison.Ordinal);
    }

    private async Task<string> StartErrorAsync(Func<RedshiftLocalOptions, RedshiftLocalOptions> change) =>
        (await Assert.ThrowsAsync<StartException>(() => fixture.StartOwnAsync(change, Ct))).Message;

    private static async Task<NpgsqlConnection> OpenAsync(IPEndPoint endPoint)
    {
        var connection = new NpgsqlConnection(RedshiftLocalServer.ConnectionString(endPoint));
        await connection.OpenAsync(Ct);
        return connection;
    }
}
