using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks;

/// <summary>A private MariaDB with default settings, on a free port of the loopback address.</summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    public const string Database = "bench";
    public const string User = "bench";
    public const string Password = "Bench-Passw0rd";
    private const int StartSeconds = 60;

    private readonly Process _process;

    private MariaDbServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public string Uri => string.Create(CultureInfo.InvariantCulture, $"mysql://{User}:{Password}@127.0.0.1:{Port}/{Database}");

    /// <summary>What a client needs to find it, for a shell.</summary>
    public string ClientOptions => string.Create(CultureInfo.InvariantCulture, $"--no-defaults -h 127.0.0.1 -P {Port} -u {User} -p{Password}");

    /// <summary>User and system time of the server so far, in seconds.</summary>
    public double Cpu => ProcessTimes.Tree(_process.Id);

    /// <param name="program">mariadbd.</param>
    /// <param name="folder">Empty, or not there yet; the caller removes it.</param>
    public static async Task<MariaDbServer> StartAsync(string program, string folder)
    {
        Directory.CreateDirectory(folder);
        var data = Path.Combine(folder, "data");
        string[] user = Environment.UserName == "root" ? ["--user=root"] : [];
        await RunAsync("mariadb-install-db", ["--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", .. user]);
        var script = Path.Combine(folder, "init.sql");
        await File.WriteAllTextAsync(
            script, $"CREATE DATABASE {Database} CHARACTER SET utf8mb4;\nCREATE USER {User}@'127.0.0.1' IDENTIFIED BY '{Password}';\nGRANT ALL ON *.* TO {User}@'127.0.0.1';\n");
        var port = FreePort();
        string[] arguments =
        [
            "--no-defaults", $"--datadir={data}", $"--socket={folder}/s", $"--pid-file={folder}/pid", $"--log-error={folder}/log", "--bind-address=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"--port={port}"), $"--init-file={script}", .. user,
        ];
        var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        var server = new MariaDbServer(process, port);
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            try
            {
                await server.ExecuteAsync("SELECT 1");
                return server;
            }
            catch (InvalidOperationException) when (!process.HasExited && clock.Elapsed.TotalSeconds < StartSeconds)
            {
                // Not yet.
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>What the statements print.</summary>
    public Task<string> ExecuteAsync(string sql) =>
        RunAsync("mariadb", ["--no-defaults", "-h", "127.0.0.1", "-P", Port.ToString(CultureInfo.InvariantCulture), "-u", User, $"-p{Password}", "-N", "-B", "-e", sql, Database]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program}: {output}{await errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
