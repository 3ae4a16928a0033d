using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Sluice.ServerTests.Servers;

/// <summary>
/// A private PostgreSQL in a temporary folder, on a free loopback port and a Unix socket. <c>postgres</c> is trusted; every
/// other role needs its password (scram); <c>cert_user</c> a client certificate, <c>tls_user</c> TLS.
/// </summary>
public sealed class PostgresInstance : IAsyncDisposable
{
    public const string AdminUser = "postgres";
    public const string PasswordUser = "password_user";
    public const string Password = "s3cret-Pa55:word";

    private readonly PostgresInstallation _installation;
    private readonly string _folder;

    private PostgresInstance(PostgresInstallation installation, string folder, int port, TestCertificates certificates)
    {
        _installation = installation;
        _folder = folder;
        Port = port;
        Certificates = certificates;
    }

    public int Port { get; }

    /// <summary>The folder of the Unix socket.</summary>
    public string SocketFolder => _folder;

    public TestCertificates Certificates { get; }

    /// <summary>The server's log so far.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string DataFolder => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "server.log");

    /// <summary>Starts a server of its own, for tests that restart, kill or reconfigure it.</summary>
    /// <param name="configuration">Lines for postgresql.conf; the last one of a name counts.</param>
    /// <param name="hbaLines">Lines put before the usual ones of pg_hba.conf.</param>
    /// <param name="tls">False: ssl = off.</param>
    /// <param name="installation">Whose programs; null: the usual one.</param>
    /// <param name="ct">Cancels the start.</param>
    internal static async Task<PostgresInstance> StartAsync(
        CancellationToken ct, string[]? configuration = null, string[]? hbaLines = null, bool tls = true, PostgresInstallation? installation = null)
    {
        installation ??= PostgresInstallation.Find() ?? throw new InvalidOperationException("No PostgreSQL is installed");
        var folder = Directory.CreateTempSubdirectory("sluice-pg-").FullName;
        var instance = new PostgresInstance(installation, folder, FreePort(), TestCertificates.Create(folder));
        try
        {
            await instance.InitializeAsync(configuration ?? [], hbaLines ?? [], tls, ct);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>A hot standby of it with all that is committed by now. Skips the test where the programs for that are missing.</summary>
    public async Task<PostgresInstance> StandbyAsync(CancellationToken ct)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(_installation.BinFolder, "pg_basebackup")), "needs pg_basebackup");
        var folder = Directory.CreateTempSubdirectory("sluice-pg-").FullName;
        var standby = new PostgresInstance(_installation, folder, FreePort(), TestCertificates.Create(folder));
        try
        {
            await standby.OwnFolderAsync(ct);
            await _installation.RunAsync(
                "pg_basebackup",
                ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", AdminUser, "-D", standby.DataFolder, "-R", "-X", "stream", "-c", "fast", "--no-sync"], ct);
            await File.AppendAllLinesAsync(Path.Combine(standby.DataFolder, "postgresql.conf"), standby.Configuration(tls: false).Append("hot_standby = on"), ct);
            await standby.StartAgainAsync(ct);
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Over TCP as the superuser, TLS off.</summary>
    public NpgsqlConnectionStringBuilder Admin(string database = "postgres") => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = AdminUser,
        Database = database,
        Pooling = false,
        SslMode = SslMode.Disable,
        IncludeErrorDetail = true,
    };

    public async Task StartAgainAsync(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _installation.RunAsync("pg_ctl", ["-D", DataFolder, "-l", LogFile, "-w", "-t", "60", "start"], ct);
                return;
            }
            catch (InvalidOperationException) when (attempt < 20)
            {
                // After a kill the last backends hold the shared memory for a moment; a new postmaster refuses to start before that.
                await Task.Delay(500, ct);
            }
        }
    }

    /// <param name="mode">smart, fast or immediate.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task StopAsync(string mode, CancellationToken ct) =>
        _installation.RunAsync("pg_ctl", ["-D", DataFolder, "-m", mode, "-w", "-t", "60", "stop"], ct);

    /// <summary>kill -9 of the postmaster; its backends end when they notice.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        using var postmaster = Process.GetProcessById(PostmasterId());
        postmaster.Kill();
        await postmaster.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(DataFolder, "postmaster.pid")))
        {
            try
            {
                await StopAsync("immediate", CancellationToken.None);
            }
            catch (InvalidOperationException)
            {
                // Killed by its test: nothing is left to stop.
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task InitializeAsync(string[] configuration, string[] hbaLines, bool tls, CancellationToken ct)
    {
        await OwnFolderAsync(ct);
        await _installation.RunAsync("initdb", ["-D", DataFolder, "-U", AdminUser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], ct);
        await File.AppendAllLinesAsync(Path.Combine(DataFolder, "postgresql.conf"), Configuration(tls).Concat(configuration), ct);
        await File.WriteAllLinesAsync(Path.Combine(DataFolder, "pg_hba.conf"), hbaLines.Concat(HostBasedAccess(tls)), ct);
        await StartAgainAsync(ct);
        await using var connection = new NpgsqlConnection(Admin().ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE ROLE {PasswordUser} LOGIN PASSWORD '{Password}';
            CREATE ROLE tls_user LOGIN PASSWORD '{Password}';
            CREATE ROLE {TestCertificates.ClientUser} LOGIN;
            """;
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task OwnFolderAsync(CancellationToken ct)
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        if (PostgresInstallation.ServerUser is { } user)
        {
            await Shell.RunAsync("chown", [user, _folder, Certificates.ServerKey], ct);
        }
    }

    private IEnumerable<string> Configuration(bool tls) =>
    [
        $"port = {Port}",
        "listen_addresses = '127.0.0.1'",
        $"unix_socket_directories = '{_folder}'",
        "fsync = off",
        "full_page_writes = off",
        "max_wal_size = 2GB",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "password_encryption = 'scram-sha-256'",
        $"ssl = {(tls ? "on" : "off")}",
        $"ssl_cert_file = '{Certificates.ServerCertificate}'",
        $"ssl_key_file = '{Certificates.ServerKey}'",
        $"ssl_ca_file = '{Certificates.Authority}'",
    ];

    private static IEnumerable<string> HostBasedAccess(bool tls) =>
    [
        $"local all {AdminUser} trust",
        "local all all scram-sha-256",
        .. tls ? [$"hostssl all {TestCertificates.ClientUser} 127.0.0.1/32 cert", "hostssl all tls_user 127.0.0.1/32 scram-sha-256"] : Array.Empty<string>(),
        $"host all tls_user,{TestCertificates.ClientUser} 127.0.0.1/32 reject",
        $"host all {AdminUser} 127.0.0.1/32 trust",
        $"host replication {AdminUser} 127.0.0.1/32 trust",
        "host all all 127.0.0.1/32 scram-sha-256",
    ];

    private int PostmasterId() =>
        int.Parse(File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
