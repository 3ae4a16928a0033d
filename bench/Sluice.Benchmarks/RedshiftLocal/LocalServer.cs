using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Benchmarks.Measuring;

namespace Sluice.Benchmarks.RedshiftLocal;

/// <summary>A redshift-local of this benchmark's own, started as a user starts it.</summary>
public sealed class LocalServer : IAsyncDisposable
{
    public const string AccessKey = "AKIABENCH";
    public const string SecretKey = "bench-secret-key";
    public const string Bucket = "bench";
    public const string Password = "Bench-Passw0rd";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _dataFolder;

    private LocalServer(Process process, string dataFolder, int port, int storePort, double readySeconds)
    {
        _process = process;
        _dataFolder = dataFolder;
        Port = port;
        Store = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{storePort}"));
        ReadySeconds = readySeconds;
    }

    public int Port { get; }

    public Uri Store { get; }

    /// <summary>From the start of the process to the line that says so.</summary>
    public double ReadySeconds { get; }

    /// <summary>For libpq: the server as a client of Redshift sees it.</summary>
    public string Redshift => string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={Port} user=awsuser dbname=dev password={Password}");

    /// <summary>For libpq: the private PostgreSQL behind it, by its socket.</summary>
    public string Backing => $"host={_dataFolder}/postgres port=5432 user=rdsdb dbname=dev";

    public static async Task<LocalServer> StartAsync(string program, string dataFolder, params string[] arguments)
    {
        int port = FreePort(), storePort = FreePort();
        var clock = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo(program, [
            "--data", dataFolder, "--port", port.ToString(CultureInfo.InvariantCulture), "--s3-port", storePort.ToString(CultureInfo.InvariantCulture),
            "--password", Password, "--access-key", AccessKey, "--secret-key", SecretKey, "--bucket", Bucket, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync();
        return line?.StartsWith("ready ", StringComparison.Ordinal) == true
            ? new LocalServer(process, dataFolder, port, storePort, clock.Elapsed.TotalSeconds)
            : throw new InvalidOperationException($"{program} did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>The largest resident set of the process since the last call that forgot it.</summary>
    public long PeakBytes => ProcessTimes.Peak(_process.Id);

    /// <summary>Makes the kernel begin anew with the largest resident set.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
