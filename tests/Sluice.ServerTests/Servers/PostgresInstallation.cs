using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.ServerTests.Servers;

/// <summary>The programs of an installed PostgreSQL, and how to run them: PostgreSQL refuses to run as root.</summary>
internal sealed record PostgresInstallation(string BinFolder)
{
    /// <summary>The user the server runs as when we are root, or null.</summary>
    public static string? ServerUser { get; } = Environment.UserName != "root" ? null : HasUser("postgres") ? "postgres" : "nobody";

    /// <summary>SLUICE_POSTGRES_BIN, else the newest below /usr/lib/postgresql, else the one on PATH.</summary>
    public static PostgresInstallation? Find()
    {
        if (Environment.GetEnvironmentVariable("SLUICE_POSTGRES_BIN") is { Length: > 0 } folder)
        {
            return new(folder);
        }

        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var newest = installed.Where(path => File.Exists($"{path}/bin/initdb")).MaxBy(MajorVersion);
        return newest is not null ? new($"{newest}/bin") : Shell.Find("initdb") is { } initdb ? new(Path.GetDirectoryName(initdb)!) : null;
    }

    /// <summary>The path of a program that this installation has, or null.</summary>
    public string? Program(string name) => Path.Combine(BinFolder, name) is var path && File.Exists(path) ? path : null;

    /// <summary>Runs initdb, pg_ctl and so on as a user PostgreSQL accepts.</summary>
    public Task<string> RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        var path = Path.Combine(BinFolder, program);
        return ServerUser is null
            ? Shell.RunAsync(path, arguments, ct)
            : Shell.RunAsync(
                Shell.Find("setpriv") ?? throw new InvalidOperationException("setpriv is needed to start PostgreSQL as root"),
                [$"--reuid={ServerUser}", $"--regid={GroupOf(ServerUser)}", "--init-groups", "--", path, .. arguments],
                ct);
    }

    private static bool HasUser(string user) => File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{user}:", StringComparison.Ordinal));

    private static string GroupOf(string user) =>
        File.ReadLines("/etc/passwd").First(line => line.StartsWith($"{user}:", StringComparison.Ordinal)).Split(':')[3];

    private static int MajorVersion(string path) =>
        int.Parse(Regex.Match(path, @"[0-9]+(?=[.0-9]*$)").Value is { Length: > 0 } digits ? digits : "0", CultureInfo.InvariantCulture);
}
