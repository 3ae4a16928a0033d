using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using RedshiftLocal.Tests.Store.Clients;

namespace RedshiftLocal.Tests.Docs;

/// <summary>A folder in which the page's commands are carried out, on ports and with data of its own.</summary>
internal sealed partial class SampleRun : IAsyncDisposable
{
    private const string Password = "Passw0rd";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly (string Documented, string Real)[] _places;
    private Process? _server;

    /// <param name="folder">Made here; who names it removes it.</param>
    public SampleRun(string folder)
    {
        _folder = folder;
        var program = Path.Combine(folder, "build", "redshift-local");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{typeof(LocalRedshift).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        _places =
        [
            ("5439", FreePort()), ("9000", FreePort()), ("9001", FreePort()), ("/tmp/redshift-data", Path.Combine(folder, "data")),
        ];
    }

    /// <summary>Carries out a block and gives what it printed, with the page's own ports and folders.</summary>
    public async Task<string> RunAsync(Block block)
    {
        switch (block.Kind)
        {
            case "json":
                var name = block.Text.Contains("\"credentials\"", StringComparison.Ordinal) ? "credentials.json" : "faults.json";
                await File.WriteAllTextAsync(Path.Combine(_folder, name), block.Text, TestContext.Current.CancellationToken);
                return "";
            case "sql":
                return await ShellAsync($"psql -X -h 127.0.0.1 -p 5439 -U awsuser dev 2>&1 <<'END'\n{block.Text}END");
            case "sh" when block.Text.StartsWith("build/redshift-local --data", StringComparison.Ordinal):
                await StartAsync(block.Text.Trim());
                return "";
            default:
                return await ShellAsync(block.Text);
        }
    }

    /// <summary>Numbers that differ from run to run.</summary>
    public static string WithoutNumbers(string output) => Numbers().Replace(output, "${name}0");

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StartAsync(string line)
    {
        await StopAsync();
        _server = Start($"exec {line} --port 5439 --s3-port 9000");
        var output = await _server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        if (output?.StartsWith("ready ", StringComparison.Ordinal) != true)
        {
            Assert.Fail($"{line}\n{output}\n{await _server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        }
    }

    private async Task StopAsync()
    {
        if (_server is null)
        {
            return;
        }

        using (var kill = Process.Start("kill", ["-TERM", _server.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _server.WaitForExitAsync().WaitAsync(Limit);
        _server.Dispose();
        _server = null;
    }

    private async Task<string> ShellAsync(string script)
    {
        foreach (var program in Programs().Matches(script).Select(match => match.Value).Distinct(StringComparer.Ordinal))
        {
            ClientProgram.RequireProgram(program);
        }

        using var process = Start(script);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{script}\nexit {process.ExitCode}\n{await output}{await errors}");
        return _places.Aggregate(await output, (text, place) => text.Replace(place.Real, place.Documented, StringComparison.Ordinal));
    }

    private Process Start(string script)
    {
        var text = _places.Aggregate(script, (text, place) => text.Replace(place.Documented, place.Real, StringComparison.Ordinal));
        var start = new ProcessStartInfo("bash", ["-c", text])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("REDSHIFT_LOCAL_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PGPASSWORD"] = Password;
        if (Environment.GetEnvironmentVariable("SLUICE_POSTGRES_BIN") is { Length: > 0 } postgres && script.StartsWith("exec ", StringComparison.Ordinal))
        {
            start.ArgumentList[1] += $" --postgres-bin '{postgres}'";
        }

        return Process.Start(start)!;
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<name>query: +|pid=|process: +query|location: +\S+:)[0-9_]+", RegexOptions.ExplicitCapture)]
    private static partial Regex Numbers();

    [GeneratedRegex("^(psql|s3cmd|curl|openssl)(?= )", RegexOptions.Multiline)]
    private static partial Regex Programs();
}
