using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>The parameters of a start-up message, checked.</summary>
internal sealed record StartupRequest(string User, string Database, IReadOnlyList<KeyValuePair<string, string>> Settings)
{
    public const int MaxBytes = 10_000;

    /// <summary>AWS's drivers tell these about themselves; they change nothing here.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "client_protocol_version", "driver_version", "os_version", "plugin_name", "idp_type", "provider_name", "token", "idp_auth_profile",
        "driver_name", "client_name", "client_version",
    };

    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "ssl_renegotiation_limit", "lc_monetary", "lc_messages", "lc_numeric", "lc_time", "lc_collate", "lc_ctype",
    };

    /// <exception cref="ServerException">A parameter that the server does not take; severity FATAL.</exception>
    public static StartupRequest Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var version = reader.Int32();
        if (version != ProtocolCodes.Version3)
        {
            throw Fatal("0A000", $"unsupported frontend protocol {version >> 16}.{version & 0xffff}: server supports 1.0 to 3.0");
        }

        string? user = null, database = null;
        var settings = new List<KeyValuePair<string, string>>();
        while (!reader.IsAtEnd && reader.Text() is { Length: > 0 } name)
        {
            var value = reader.Text();
            switch (name)
            {
                case "user":
                    user = value;
                    break;
                case "database":
                    database = value;
                    break;
                case "options":
                    settings.AddRange(ParseOptions(value));
                    break;
                case "replication":
                    if (value is not ("false" or "off" or "0" or "no"))
                    {
                        throw Fatal("42704", "unrecognized configuration parameter \"replication\"");
                    }

                    break;
                default:
                    if (Refused.Contains(name))
                    {
                        throw Fatal("42501", $"permission denied to set parameter \"{name}\" to \"{value}\"");
                    }

                    if (!Ignored.Contains(name))
                    {
                        settings.Add(new(name, value));
                    }

                    break;
            }
        }

        if (string.IsNullOrEmpty(user))
        {
            throw Fatal("28000", "no PostgreSQL user name specified in startup packet");
        }

        return new StartupRequest(user, string.IsNullOrEmpty(database) ? user : database, settings);
    }

    public static ServerException Fatal(string state, string message) => new(new ServerError(state, message) { Severity = "FATAL" });

    /// <summary>Takes <c>-c name=value</c> and <c>--name=value</c>; a backslash keeps a blank.</summary>
    private static IEnumerable<KeyValuePair<string, string>> ParseOptions(string text)
    {
        var words = Words(text);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            string setting;
            if (word == "-c" && i + 1 < words.Count)
            {
                setting = words[++i];
            }
            else if (word.StartsWith("-c", StringComparison.Ordinal) || word.StartsWith("--", StringComparison.Ordinal))
            {
                setting = word[2..];
            }
            else
            {
                throw Fatal("42601", $"invalid command-line arguments for server process: {word}");
            }

            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Fatal("42601", $"-c {setting} requires a value");
            }

            yield return new(setting[..equals].Replace('-', '_'), setting[(equals + 1)..]);
        }
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
