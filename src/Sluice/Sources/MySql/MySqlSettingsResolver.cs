using System.Globalization;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>Completes an address: the command, then option files, then the environment, then defaults.</summary>
internal static class MySqlSettingsResolver
{
    private static readonly string[] SystemFiles = ["/etc/my.cnf", "/etc/mysql/my.cnf"];

    /// <exception cref="SourceException">Something is missing or makes no sense.</exception>
    public static MySqlSettings Resolve(DatabaseLoadSpec spec, Func<string, string?> environment) => Resolve(spec, environment, SystemFiles);

    /// <summary>The same, with a word on which files are the system's.</summary>
    internal static MySqlSettings Resolve(DatabaseLoadSpec spec, Func<string, string?> environment, IEnumerable<string> systemFiles)
    {
        var uri = spec.Source;
        var home = environment("HOME") is { Length: > 0 } folder ? folder : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var files = MySqlOptionFiles.Read(
            [.. systemFiles, Path.Combine(home, ".my.cnf")], path => home.Length > 1 && path.StartsWith(home + "/", StringComparison.Ordinal) ? "~" + path[home.Length..] : path);
        var host = uri.Host ?? files.Find("host")?.Value ?? Variable("MYSQL_HOST");
        var (password, from) = uri.Password is { } written ? (written, "from the URI")
            : files.Find("password") is { } found ? (new Secret(found.Value), found.From)
            : Variable("MYSQL_PWD") is { } variable ? (new Secret(variable), "from MYSQL_PWD")
            : (null, "");
        return new MySqlSettings
        {
            User = uri.User ?? files.Find("user")?.Value ?? Variable("USER") ?? Environment.UserName,
            Password = password,
            PasswordFrom = from,
            Host = host is null || host.StartsWith('/') ? "localhost" : host,
            Socket = host is { } path && path.StartsWith('/') ? path : host is null ? files.Find("socket")?.Value ?? Variable("MYSQL_UNIX_PORT") : null,
            Port = uri.Port ?? Port(files.Find("port")) ?? Port(Variable("MYSQL_TCP_PORT") is { } port ? (port, "from MYSQL_TCP_PORT") : null) ?? 3306,
            Database = uri.Database ?? files.Find("database")?.Value ?? throw new SourceException(
                "The address of the source names no database", "write mysql://user@host:port/database"),
            SslMode = SslMode(uri),
            RootCertificate = FileOf(uri.Parameters.GetValueOrDefault("sslrootcert") ?? files.Find("ssl-ca")?.Value, "sslrootcert"),
            Certificate = FileOf(uri.Parameters.GetValueOrDefault("sslcert") ?? files.Find("ssl-cert")?.Value, "sslcert"),
            CertificateKey = FileOf(uri.Parameters.GetValueOrDefault("sslkey") ?? files.Find("ssl-key")?.Value, "sslkey"),
            ConnectTimeout = uri.Parameters.TryGetValue("connect_timeout", out var seconds)
                ? TimeSpan.FromSeconds(Math.Min(int.MaxValue / 1000, double.Parse(seconds, CultureInfo.InvariantCulture)))
                : TimeSpan.FromSeconds(15),
            Parameters = spec.SourceSettings,
        };

        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    private static int? Port((string Text, string From)? found) => found is not { } port ? null
        : int.TryParse(port.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536 ? number
        : throw new SourceException($"The port {Printable.Escape(port.Text)} {port.From} does not exist, expected 1 to 65535");

    // Without a word TLS is taken where the server offers it, and what useSSL says is meant.
    private static string SslMode(DatabaseUri uri)
    {
        if (uri.Parameters.TryGetValue("sslmode", out var mode))
        {
            return mode == "allow" ? "prefer" : mode;
        }

        return !uri.Parameters.TryGetValue("usessl", out var use) ? uri.Parameters.ContainsKey("sslrootcert") ? "verify-ca" : "prefer"
            : use.ToLowerInvariant() switch
            {
                "true" => "require",
                "false" => "disable",
                _ => throw new SourceException($"useSSL is true or false, found {Printable.Escape(use)}"),
            };
    }

    private static string? FileOf(string? path, string name) => path is null || File.Exists(path)
        ? path
        : throw new SourceException($"The file {Printable.Escape(path)} of {name} is not there");
}
