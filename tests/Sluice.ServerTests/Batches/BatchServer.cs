using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Sluice.ServerTests.Batches;

[assembly: AssemblyFixture(typeof(BatchServer))]

namespace Sluice.ServerTests.Batches;

/// <summary>
/// The server these tests use: the one that SLUICE_TEST_POSTGRES names, else a private one of the newest installed version.
/// </summary>
public sealed class BatchServer : IAsyncLifetime
{
    private string? _folder;
    private string? _programs;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable("SLUICE_TEST_POSTGRES");
        if (!string.IsNullOrEmpty(given))
        {
            ConnectionString = given;
            return;
        }

        _programs = Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(Directory.Exists).Max();
        Assert.NotNull(_programs);
        _folder = Directory.CreateTempSubdirectory("sluice-batches-").FullName;
        var port = FreePort();
        var data = Path.Combine(_folder, "data");
        await RunAsync("chown", ["postgres", _folder]);
        await RunAsPostgresAsync("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C", "-N"]);
        var settings = $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c log_min_messages=fatal";
        await RunAsPostgresAsync("pg_ctl", ["-D", data, "-w", "-l", Path.Combine(_folder, "log"), "-o", settings, "start"]);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await RunAsPostgresAsync("pg_ctl", ["-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "stop"]);
            Directory.Delete(_folder, recursive: true);
        }
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    private Task RunAsPostgresAsync(string program, string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        return Environment.UserName == "root"
            ? RunAsync("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private async Task RunAsync(string program, string[] arguments)
    {
        // No pipes: the server would keep them open.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments])
        {
            WorkingDirectory = _folder,
        });
        await process!.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
