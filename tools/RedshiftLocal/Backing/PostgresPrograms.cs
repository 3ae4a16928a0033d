using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RedshiftLocal.Backing;

/// <summary>The folder of a PostgreSQL's programs and its major version.</summary>
public sealed partial record PostgresPrograms(string Folder, int Major)
{
    /// <summary>The versions this program is tried with, the first preferred. Later ones may lose standard_conforming_strings=off.</summary>
    public static readonly IReadOnlyList<int> Majors = [15, 16, 17, 18, 14, 13];

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    private const string DebianFolder = "/usr/lib/postgresql";

    public string Path(string program) => System.IO.Path.Combine(Folder, program);

    /// <summary>Finds PostgreSQL in the given folder, or among Debian's packages, or on PATH.</summary>
    /// <exception cref="StartException">There is none, or none of a version that can be used.</exception>
    public static PostgresPrograms Find(string? folder, string? searchPath)
    {
        if (folder is not null)
        {
            return Inspect(folder) ?? throw new StartException($"No PostgreSQL in {folder}: it holds no initdb, pg_ctl and postgres that start");
        }

        var candidates = Majors.Select(major => System.IO.Path.Combine(DebianFolder, major.ToString(CultureInfo.InvariantCulture), "bin"))
            .Concat((searchPath ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(RealFolder));
        foreach (var candidate in candidates.Where(HasPrograms))
        {
            if (Inspect(candidate) is { } found && Majors.Contains(found.Major))
            {
                return found;
            }
        }

        throw new StartException(
            $"PostgreSQL is needed (version {string.Join(", ", Majors.Order())}) and was not found in {DebianFolder} or on PATH: " +
            "install Debian's postgresql package or name a folder with --postgres-bin");
    }

    private static PostgresPrograms? Inspect(string folder)
    {
        if (!HasPrograms(folder))
        {
            return null;
        }

        var start = new ProcessStartInfo(System.IO.Path.Combine(folder, "postgres"), "--version")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start);
        var text = process!.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var match = VersionText().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var major = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return Majors.Contains(major)
            ? new PostgresPrograms(folder, major)
            : throw new StartException($"PostgreSQL {major} in {folder} cannot be used: {string.Join(", ", Majors.Order())} can");
    }

    private static bool HasPrograms(string folder) =>
        Needed.All(program => File.Exists(System.IO.Path.Combine(folder, program)));

    /// <summary>A link such as /usr/local/bin/postgres leads to the folder that also holds initdb.</summary>
    private static string RealFolder(string folder)
    {
        var program = new FileInfo(System.IO.Path.Combine(folder, "postgres"));
        return program.Exists && program.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? System.IO.Path.GetDirectoryName(target.FullName)!
            : folder;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionText();
}
