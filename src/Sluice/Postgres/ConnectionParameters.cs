using System.Collections.Immutable;
using System.Globalization;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Finds one parameter after another: command, then service file, then environment. Empty values count as absent.</summary>
internal sealed class ConnectionParameters
{
    // libpq's keywords with their variable, or null. https://www.postgresql.org/docs/current/libpq-envars.html
    private static readonly ImmutableSortedDictionary<string, string?> Known = new Dictionary<string, string?>
    {
        ["application_name"] = "PGAPPNAME",
        ["channel_binding"] = "PGCHANNELBINDING",
        ["client_encoding"] = null,
        ["connect_timeout"] = "PGCONNECT_TIMEOUT",
        ["dbname"] = "PGDATABASE",
        ["fallback_application_name"] = null,
        ["gssdelegation"] = null,
        ["gssencmode"] = "PGGSSENCMODE",
        ["gsslib"] = null,
        ["host"] = "PGHOST",
        ["hostaddr"] = "PGHOSTADDR",
        ["keepalives"] = null,
        ["keepalives_count"] = null,
        ["keepalives_idle"] = null,
        ["keepalives_interval"] = null,
        ["krbsrvname"] = "PGKRBSRVNAME",
        ["load_balance_hosts"] = null,
        ["options"] = "PGOPTIONS",
        ["passfile"] = "PGPASSFILE",
        ["password"] = "PGPASSWORD",
        ["port"] = "PGPORT",
        ["require_auth"] = "PGREQUIREAUTH",
        ["requirepeer"] = "PGREQUIREPEER",
        ["requiressl"] = "PGREQUIRESSL",
        ["service"] = "PGSERVICE",
        ["sslcert"] = "PGSSLCERT",
        ["sslcertmode"] = "PGSSLCERTMODE",
        ["sslcompression"] = null,
        ["sslcrl"] = "PGSSLCRL",
        ["sslcrldir"] = "PGSSLCRLDIR",
        ["sslkey"] = "PGSSLKEY",
        ["sslmode"] = "PGSSLMODE",
        ["sslnegotiation"] = "PGSSLNEGOTIATION",
        ["sslpassword"] = null,
        ["sslrootcert"] = "PGSSLROOTCERT",
        ["sslsni"] = "PGSSLSNI",
        ["ssl_max_protocol_version"] = "PGSSLMAXPROTOCOLVERSION",
        ["ssl_min_protocol_version"] = "PGSSLMINPROTOCOLVERSION",
        ["target_session_attrs"] = "PGTARGETSESSIONATTRS",
        ["tcp_user_timeout"] = null,
        ["user"] = "PGUSER",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    // Ignoring one of these would connect to something the user did not ask for, or trust what the user does not.
    private static readonly string[] Refused = ["requirepeer", "sslcrl", "sslcrldir", "ssl_max_protocol_version"];

    private readonly ImmutableSortedDictionary<string, string> _written;
    private readonly string _writtenWhere;
    private readonly IReadOnlyDictionary<string, string> _service;
    private readonly string? _serviceWhere;
    private readonly ConnectionEnvironment _environment;

    public ConnectionParameters(DatabaseUri uri, ConnectionEnvironment environment)
    {
        _environment = environment;
        _written = Written(uri);
        _writtenWhere = uri.Scheme.Length == 0 ? "from the connection string" : "from the URI";
        CheckNames(_written, _writtenWhere);
        _service = ImmutableSortedDictionary<string, string>.Empty;
        if (Find("service") is { } service)
        {
            (_service, var path) = ServiceFile.Find(service.Value, environment);
            _serviceWhere = $"from service {service.Value} in {environment.Show(path)}";
            CheckNames(_service, _serviceWhere);
        }

        foreach (var name in Refused)
        {
            if (Find(name) is { } found)
            {
                throw new TargetException($"The connection parameter {name} ({found.From}) is not supported", "Leave it out, or connect without it");
            }
        }
    }

    /// <summary>The parameter's value and where it was found, or null.</summary>
    public Found<string>? Find(string name)
    {
        if (_written.GetValueOrDefault(name) is { Length: > 0 } written)
        {
            return new(written, _writtenWhere);
        }

        if (_service.GetValueOrDefault(name) is { Length: > 0 } service)
        {
            return new(service, _serviceWhere!);
        }

        return Known[name] is { } variable && _environment.Variable(variable) is { Length: > 0 } value ? new(value, $"from {variable}") : null;
    }

    public string? Text(string name) => Find(name)?.Value;

    /// <exception cref="TargetException">The value is not a whole number.</exception>
    public Found<int>? Integer(string name) => Find(name) is not { } found
        ? null
        : int.TryParse(found.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? new(value, found.From)
            : throw new TargetException($"The connection parameter {name} ({found.From}) is \"{Printable.Escape(found.Value)}\", expected a whole number");

    /// <summary>One of the given words, or null when absent.</summary>
    /// <exception cref="TargetException">Another word.</exception>
    public T? Choice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word == found.Value)
            {
                return value;
            }

            words.Add(word);
        }

        throw new TargetException(
            $"The connection parameter {name} ({found.From}) is \"{Printable.Escape(found.Value)}\", expected one of {string.Join(", ", words)}",
            Suggest.Nearest(found.Value, words) is { } near ? $"Did you mean {near}?" : null);
    }

    private static ImmutableSortedDictionary<string, string> Written(DatabaseUri uri)
    {
        var result = uri.Parameters.ToBuilder();
        Add("user", uri.User);
        Add("password", uri.Password?.Reveal());
        Add("host", uri.Host);
        Add("port", uri.Port?.ToString(CultureInfo.InvariantCulture));
        Add("dbname", uri.Database);
        if (result.Remove("ssl", out var ssl))
        {
            // JDBC's spelling, which libpq takes in URIs as well.
            result.TryAdd("sslmode", ssl == "true" ? "require" : ssl);
        }

        return result.ToImmutable();

        // A parameter after the question mark wins over the part before it, as in libpq.
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                result.TryAdd(name, value);
            }
        }
    }

    private static void CheckNames(IEnumerable<KeyValuePair<string, string>> parameters, string where)
    {
        foreach (var (name, _) in parameters)
        {
            if (!Known.ContainsKey(name))
            {
                throw new TargetException(
                    $"The connection parameter \"{Printable.Escape(name)}\" ({where}) is not known",
                    Suggest.Nearest(name, Known.Keys) is { } near ? $"Did you mean {near}?" : null);
            }
        }
    }
}
