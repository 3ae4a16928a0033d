using System.Diagnostics;

namespace RedshiftLocal.Backing;

/// <summary>Runs PostgreSQL's programs; as root, under the account of an unprivileged user, because PostgreSQL refuses root.</summary>
public sealed class ServerProcess
{
    private readonly string? _account;

    public ServerProcess()
    {
        if (Environment.IsPrivilegedProcess)
        {
            _account = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        }
    }

    /// <summary>The account that PostgreSQL runs under, or null when that is ours.</summary>
    public string? Account => _account;

    /// <summary>Runs a program to its end and returns its exit code and what it printed.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        if (_account is null)
        {
            start.FileName = program;
        }
        else
        {
            start.FileName = "setpriv";
            foreach (var argument in (string[])["--reuid=" + _account, "--regid=" + Group(_account), "--clear-groups", "--inh-caps=-all", "--", program])
            {
                start.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The server's messages are compared with texts, and its time zone is its own.
        start.Environment["LC_ALL"] = "C";
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start) ?? throw new StartException($"{program} does not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, (await output + await errors).Trim());
    }

    /// <summary>Hands a folder to the server's account and closes it to all others.</summary>
    public async Task OwnAsync(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (_account is not null)
        {
            using var process = Process.Start(new ProcessStartInfo("chown", ["-R", "--", _account + ":" + Group(_account), folder]));
            await process!.WaitForExitAsync(ct);
        }
    }

    private static string Group(string account)
    {
        var line = File.ReadLines("/etc/passwd").First(line => line.StartsWith(account + ":", StringComparison.Ordinal));
        return line.Split(':')[3];
    }
}
