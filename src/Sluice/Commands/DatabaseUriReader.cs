using System.Collections.Immutable;
using System.Globalization;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>Reads one database address: a URI of any scheme, or a libpq keyword string. Its messages never hold a password.</summary>
internal sealed partial class DatabaseUriReader
{
    private static readonly Dictionary<string, string> Schemes = new(StringComparer.Ordinal)
    {
        ["postgresql"] = "postgresql",
        ["postgres"] = "postgresql",
        ["pgsql"] = "postgresql",
        ["redshift"] = "redshift",
        ["mysql"] = "mysql",
        ["mariadb"] = "mysql",
        ["mssql"] = "mssql",
        ["sqlserver"] = "mssql",
        ["sqlite"] = "sqlite",
    };

    private readonly SourceText _source;
    private readonly int _start;
    private readonly int _end;
    private readonly ImmutableSortedDictionary<string, string>.Builder _parameters =
        ImmutableSortedDictionary.CreateBuilder<string, string>();
    private readonly ImmutableArray<UriOption>.Builder _options = ImmutableArray.CreateBuilder<UriOption>();
    private string _scheme = "";
    private string? _user;
    private string? _password;
    private string? _host;
    private int? _port;
    private string? _database;
    private QualifiedName? _table;
    private QualifiedName? _tableAsWritten;

    private DatabaseUriReader(SourceText source, int start, int end)
    {
        _source = source;
        _start = start;
        _end = end;
    }

    /// <summary>The canonical scheme of an address, or null when it has none that we know.</summary>
    public static string? SchemeOf(string text)
    {
        var start = text.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase) ? 5 : 0;
        var colon = text.IndexOf(':', start);
        return colon < 0 ? null : Schemes.GetValueOrDefault(text[start..colon].ToLowerInvariant());
    }

    /// <summary>Whether the text is a libpq keyword string: <c>host=… dbname=…</c>.</summary>
    public static bool IsKeywordString(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && UriParameters.Known("postgresql").Contains(text[..equals].Trim().ToLowerInvariant());
    }

    /// <summary>Reads the text between two offsets, without its quotes.</summary>
    /// <exception cref="CommandException">Says which part is wrong.</exception>
    public static DatabaseUri Read(SourceText source, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(source.Text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(source.Text[end - 1]))
        {
            end--;
        }

        var reader = new DatabaseUriReader(source, start, end);
        if (IsKeywordString(source.Text[start..end]))
        {
            reader.ReadKeywords();
        }
        else
        {
            reader.ReadUri();
        }

        return reader.Result();
    }

    private DatabaseUri Result() => new()
    {
        Scheme = _scheme,
        User = _user,
        Password = _password is null ? null : new Secret(_password),
        Host = _host,
        Port = _port,
        Database = _database,
        Parameters = _parameters.ToImmutable(),
        Options = _options.ToImmutable(),
        Table = _table,
        TableAsWritten = _tableAsWritten,
        Span = TextSpan.FromBounds(_start, _end),
    };

    private void ReadUri()
    {
        var position = _start;
        var isJdbc = _source.Text.AsSpan(_start, _end - _start).StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase);
        position += isJdbc ? 5 : 0;
        var colon = _source.Text.IndexOf(':', position, _end - position);
        var word = colon < 0 ? "" : _source.Text[position..colon];
        if (word.Length == 0 || !word.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.' or '_'))
        {
            throw Fail(_start, Math.Min(_end, _start + 40), "Expected a database address such as postgresql://user@host:5432/database");
        }

        if (!Schemes.TryGetValue(word.ToLowerInvariant(), out var scheme))
        {
            var near = Suggest.Nearest(word, Schemes.Keys);
            throw Fail(position, colon, $"Unknown scheme {Scanner.Quoted(word)} in the address",
                near is null ? $"the schemes are {string.Join(", ", Schemes.Keys.Select(name => name + "://"))}"
                    : Scanner.DidYouMean(near + "://"));
        }

        _scheme = scheme;
        position = colon + 1;
        if (scheme == "sqlite")
        {
            ReadFileName(position);
            return;
        }

        if (string.CompareOrdinal(_source.Text, position, "//", 0, 2) != 0 || position + 2 > _end)
        {
            throw Fail(colon, Math.Min(_end, colon + 2), $"The address after '{word}:' must begin with two slashes",
                $"write {word.ToLowerInvariant()}://user@host:port/database");
        }

        ReadAuthority(position + 2);
    }

    private void ReadFileName(int position)
    {
        var name = _source.Text[position.._end];
        name = name.StartsWith("//", StringComparison.Ordinal) ? name[2..] : name;
        _database = name.Length > 0 ? name
            : throw Fail(position, _end, "The sqlite address names no file",
            "write sqlite:///absolute/path.db or sqlite://relative/path.db");
    }

    private void ReadAuthority(int position)
    {
        var userLength = UriText.UserLength(_source.Text.AsSpan(position, _end - position));
        if (userLength >= 0)
        {
            ReadUser(position, position + userLength);
            position += userLength + 1;
        }

        position = ReadHost(position);
        if (position < _end && _source.Text[position] == ':')
        {
            position++;
            var stop = position;
            while (stop < _end && _source.Text[stop] is not ('/' or '?' or ';'))
            {
                stop++;
            }

            ReadPort(position, stop);
            position = stop;
        }

        if (position < _end && _source.Text[position] == '/')
        {
            position = ReadDatabase(position + 1);
        }

        if (position < _end && _source.Text[position] is '?' or ';')
        {
            ReadQuery(position + 1, _source.Text[position] == ';' ? ';' : '&');
        }
        else if (position < _end)
        {
            throw Fail(position, _end, "Expected '?' or the end of the address here");
        }
    }

    private void ReadUser(int start, int end)
    {
        var colon = UriText.FirstSingle(_source.Text.AsSpan(start, end - start), ':');
        var userEnd = colon < 0 ? end : start + colon;
        var user = _source.Text[start..userEnd].Replace("@@", "@", StringComparison.Ordinal).Replace("::", ":", StringComparison.Ordinal);
        _user = user.Length == 0 ? null : Decode(user, start, userEnd, "user");
        if (colon >= 0 && userEnd + 1 < end)
        {
            _password = Decode(_source.Text[(userEnd + 1)..end].Replace("@@", "@", StringComparison.Ordinal), userEnd + 1, end, "password");
        }
    }

    private int ReadHost(int start)
    {
        if (start < _end && _source.Text[start] == '[')
        {
            var close = _source.Text.IndexOf(']', start, _end - start);
            var text = close < 0 ? "" : _source.Text[(start + 1)..close];
            if (!System.Net.IPAddress.TryParse(text, out var address)
                || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            {
                throw Fail(start, close < 0 ? _end : close + 1,
                    close < 0 ? "The bracket of the IPv6 address is never closed" : "What stands in brackets is not an IPv6 address");
            }

            _host = text;
            if (close + 1 < _end && _source.Text[close + 1] is not (':' or '/' or '?'))
            {
                throw Fail(close + 1, close + 2, "Expected ':' and a port, or '/', after the IPv6 address");
            }

            return close + 1;
        }

        if (string.CompareOrdinal(_source.Text, start, "unix:", 0, 5) == 0 && start + 5 <= _end)
        {
            return ReadSocket(start + 5);
        }

        var stop = start;
        while (stop < _end && _source.Text[stop] is not (':' or '/' or '?' or ';'))
        {
            stop++;
        }

        _host = stop == start ? null : Decode(_source.Text[start..stop], start, stop, "host");
        if (_host is not null && !_host.StartsWith('/') && _host.Any(c => !(char.IsLetterOrDigit(c) || c is '.' or '-' or '_')))
        {
            var isList = _host.Contains(',', StringComparison.Ordinal);
            throw Fail(start, stop, isList ? "The address names several hosts; only one can be used"
                : $"{Scanner.Quoted(_host)} is not a host name",
                isList ? null : "in a user or password write @ as %40 or @@, : as %3A, / as %2F and # as %23");
        }

        return stop;
    }

    private int ReadSocket(int start)
    {
        var rest = _source.Text.AsSpan(start, _end - start);
        var colon = UriText.FirstSingle(rest, ':');
        if (colon < 0)
        {
            throw Fail(start, _end, "The path of the socket never ends",
                "end it with ':' and the port: unix:/var/run/postgresql:5432/database");
        }

        _host = _source.Text[start..(start + colon)].Replace("::", ":", StringComparison.Ordinal);
        return _host.StartsWith('/') ? start + colon
            : throw Fail(start, start + colon, "The path of a socket must be absolute", "write unix:/var/run/postgresql:5432");
    }

    private void ReadPort(int start, int end)
    {
        if (start == end)
        {
            return;
        }

        var text = _source.Text.AsSpan(start, end - start);
        if (text.ContainsAnyExceptInRange('0', '9'))
        {
            if (text.Contains(','))
            {
                throw Fail(start, end, "The address names several hosts; only one can be used");
            }

            // Perhaps a password: neither the message nor the line shows it.
            throw Fail(start, end, "The port in the address is not a number",
                "write user:password@host:port; in a password, / is %2F, : is %3A, @ is %40, and blanks are %20");
        }

        _port = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw Fail(start, end, $"The port {Scanner.Quoted(text.ToString())} is out of range", "a port is a number from 1 to 65535");
    }

    private int ReadDatabase(int start)
    {
        if (start < _end && _source.Text[start] == '\'')
        {
            var close = _source.Text.IndexOf('\'', start + 1, _end - start - 1);
            if (close < 0)
            {
                throw Fail(start, _end, "The quote that opens the database name is never closed");
            }

            _database = _source.Text[(start + 1)..close];
            return close + 1;
        }

        var stop = start;
        while (stop < _end && _source.Text[stop] is not ('?' or ';'))
        {
            if (_source.Text[stop] is '/' or '@')
            {
                throw Fail(stop, stop + 1, $"A database name cannot hold '{_source.Text[stop]}' as it is",
                    _source.Text[stop] == '@' ? "an @ in the user or password is written %40 or @@, a / is %2F"
                        : "write it %2F, or quote the name: /'a/b'");
            }

            stop++;
        }

        _database = stop == start ? null : Decode(_source.Text[start..stop], start, stop, "database name");
        return stop;
    }

    private string Decode(string text, int start, int end, string part)
    {
        if (UriText.TryDecode(text, out var decoded, out var bad))
        {
            return decoded.Contains('\0', StringComparison.Ordinal)
                ? throw Fail(start, end, $"The {part} in the address holds a NUL character") : decoded;
        }

        var at = part is "password" ? start : Math.Min(start + bad, end - 1);
        throw Fail(at, part is "password" ? end : Math.Min(at + 3, end), $"Bad percent escape in the {part} of the address",
            "a percent sign itself is written %25; after % stand two hexadecimal digits");
    }

    private CommandException Fail(int start, int end, string message, string? hint = null) =>
        new(new Diagnostic(DiagnosticSeverity.Error, _source, TextSpan.FromBounds(start, end), message, hint));
}
