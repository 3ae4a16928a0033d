using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>
/// Completes an address as libpq does: the command, then the service file, then the environment, then defaults.
/// https://www.postgresql.org/docs/current/libpq-connect.html
/// </summary>
public static class ConnectionResolver
{
    /// <exception cref="TargetException">A parameter is unknown or has a value that makes no sense; a named file is missing.</exception>
    public static ConnectionSettings Resolve(DatabaseUri uri, ConnectionEnvironment environment)
    {
        var parameters = new ConnectionParameters(uri, environment);
        var warnings = new List<string>();
        var port = Port(parameters, uri.Scheme);
        var host = Host(parameters, environment, port.Value);
        var user = parameters.Find("user") ?? new(environment.OsUser, "from the operating system");
        var database = parameters.Find("dbname") ?? new(user.Value, "from the user's name");
        var tls = TlsResolver.Resolve(parameters, environment, isUnixSocket: host.Value.StartsWith('/') && parameters.Find("hostaddr") is null, warnings);
        if (parameters.Find("client_encoding") is { } encoding && encoding.Value is not ("auto" or "UTF8" or "utf8" or "UTF-8" or "utf-8" or "unicode"))
        {
            warnings.Add($"client_encoding={Printable.Escape(encoding.Value)} ({encoding.From}) is ignored: data is sent as UTF-8");
        }

        var settings = new ConnectionSettings
        {
            Scheme = uri.Scheme.Length == 0 ? "postgresql" : uri.Scheme,
            Host = host,
            HostAddress = parameters.Text("hostaddr"),
            Port = port,
            User = user,
            Database = database,
            Tls = tls,
            ConnectTimeout = ConnectTimeout(parameters),
            ApplicationName = parameters.Text("application_name") ?? parameters.Text("fallback_application_name") ?? "sluice",
            ServerOptions = ServerOptions(parameters, environment),
            TimeZone = environment.Variable("PGTZ") is { Length: > 0 } zone ? zone : null,
            TargetSession = parameters.Choice<TargetSession>(
                "target_session_attrs",
                ("any", TargetSession.Any), ("read-write", TargetSession.ReadWrite), ("read-only", TargetSession.ReadOnly),
                ("primary", TargetSession.Primary), ("standby", TargetSession.Standby), ("prefer-standby", TargetSession.PreferStandby)) ?? TargetSession.Any,
            ChannelBinding = Word(parameters, "channel_binding", "disable", "prefer", "require"),
            RequireAuthentication = parameters.Text("require_auth"),
            GssEncryption = Word(parameters, "gssencmode", "disable", "prefer", "require"),
            KerberosService = parameters.Text("krbsrvname"),
            KeepAlive = parameters.Integer("keepalives")?.Value != 0,
            KeepAliveIdle = parameters.Integer("keepalives_idle") is { Value: > 0 } idle ? idle.Value : 60,
            KeepAliveInterval = parameters.Integer("keepalives_interval") is { Value: > 0 } interval ? interval.Value : 10,
        };
        return settings with { Password = Password(parameters, environment, settings, warnings), Warnings = [.. warnings] };
    }

    private static Found<int> Port(ConnectionParameters parameters, string scheme)
    {
        var port = parameters.Integer("port") ?? (scheme == "redshift" ? new(5439, "by default for redshift") : new(5432, "by default"));
        return port.Value is >= 1 and <= 65535
            ? port
            : throw new TargetException($"The port {port.Value} ({port.From}) does not exist, expected 1 to 65535");
    }

    private static Found<string> Host(ConnectionParameters parameters, ConnectionEnvironment environment, int port)
    {
        foreach (var name in (ReadOnlySpan<string>)["host", "hostaddr"])
        {
            if (parameters.Find(name) is not { } found)
            {
                continue;
            }

            if (found.Value.Contains(',', StringComparison.Ordinal))
            {
                throw new TargetException($"Several hosts are given ({found.From}): {Printable.Escape(found.Value)}", "Name the one host to load into");
            }

            if (found.Value[0] == '@')
            {
                throw new TargetException($"The abstract socket {Printable.Escape(found.Value)} ({found.From}) is not supported", "Name the socket's folder");
            }

            return found;
        }

        var folder = environment.SocketFolders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, $".s.PGSQL.{port}")));
        return folder is null ? new("localhost", "by default") : new(folder, "by default");
    }

    private static TimeSpan ConnectTimeout(ConnectionParameters parameters) => parameters.Integer("connect_timeout")?.Value switch
    {
        null => TimeSpan.FromSeconds(15),
        <= 0 => TimeSpan.Zero,
        1 => TimeSpan.FromSeconds(2),
        { } seconds => TimeSpan.FromSeconds(Math.Min(seconds, 1024)),
    };

    private static string? ServerOptions(ConnectionParameters parameters, ConnectionEnvironment environment)
    {
        var options = new List<string>();
        foreach (var (variable, setting) in (ReadOnlySpan<(string, string)>)[("PGDATESTYLE", "datestyle"), ("PGGEQO", "geqo")])
        {
            if (environment.Variable(variable) is { Length: > 0 } value && value != "default")
            {
                options.Add($"-c {setting}={value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal)}");
            }
        }

        if (parameters.Text("options") is { } written)
        {
            options.Add(written);
        }

        return options.Count == 0 ? null : string.Join(' ', options);
    }

    private static string? Word(ConnectionParameters parameters, string name, params ReadOnlySpan<string> words)
    {
        if (parameters.Find(name) is not { } found)
        {
            return null;
        }

        foreach (var word in words)
        {
            if (word == found.Value)
            {
                return word;
            }
        }

        throw new TargetException(
            $"The connection parameter {name} ({found.From}) is \"{Printable.Escape(found.Value)}\", expected one of {string.Join(", ", words.ToArray())}");
    }

    private static Found<Secret>? Password(
        ConnectionParameters parameters, ConnectionEnvironment environment, ConnectionSettings settings, List<string> warnings)
    {
        if (parameters.Find("password") is { } given)
        {
            return new(new Secret(given.Value), given.From);
        }

        var path = parameters.Text("passfile") ?? environment.InHome(".pgpass");
        var isDefaultSocket = settings.Host.Value.StartsWith('/') && environment.SocketFolders.Contains(settings.Host.Value.TrimEnd('/'));
        var host = isDefaultSocket ? "localhost" : settings.Host.Value;
        var found = PasswordFile.Find(path, host, settings.Port.Value, settings.Database.Value, settings.User.Value, warnings.Add);
        return found is { } entry ? new(new Secret(entry.Password), $"from {environment.Show(path)} line {entry.Line}") : null;
    }
}
