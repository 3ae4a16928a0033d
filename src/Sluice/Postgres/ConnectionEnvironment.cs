using System.Collections.Immutable;

namespace Sluice.Postgres;

/// <summary>What connection settings are taken from besides the command: variables, user, folders.</summary>
public sealed record ConnectionEnvironment
{
    /// <summary>Environment variables, by their exact name; an empty value counts as absent where libpq says so.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The operating system's name of the user.</summary>
    public string OsUser { get; init; } = Environment.UserName;

    /// <summary>Where a server's Unix socket is looked for when no host is given, in order.</summary>
    public ImmutableArray<string> SocketFolders { get; init; } = ["/var/run/postgresql", "/tmp"];

    /// <summary>Where the system-wide pg_service.conf may be, unless PGSYSCONFDIR names its folder.</summary>
    public ImmutableArray<string> ServiceFolders { get; init; } = ["/etc/postgresql-common", "/usr/local/pgsql/etc"];

    /// <summary>The user's home folder.</summary>
    public string HomeFolder =>
        Variable("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The path with a leading <c>~/</c> resolved, for files of the user.</summary>
    public string InHome(string relative) => Path.Combine(HomeFolder, relative);

    /// <summary>The path as a user writes it: below the home folder with <c>~/</c>.</summary>
    public string Show(string path) =>
        HomeFolder.Length > 1 && path.StartsWith(HomeFolder + "/", StringComparison.Ordinal) ? "~" + path[HomeFolder.Length..] : path;
}
