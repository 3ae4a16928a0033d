using System.Globalization;

namespace Sluice.Postgres;

/// <summary>
/// libpq's password file: <c>host:port:database:user:password</c> lines, <c>*</c> for any, <c>\:</c> and <c>\\</c> escaped.
/// https://www.postgresql.org/docs/current/libpq-pgpass.html
/// </summary>
public static class PasswordFile
{
    /// <summary>The first matching line's password and its 1-based number, or null.</summary>
    /// <param name="path">May be missing.</param>
    /// <param name="host">The host, or <c>localhost</c> for the default Unix socket.</param>
    /// <param name="port">The port.</param>
    /// <param name="database">The database.</param>
    /// <param name="user">The user.</param>
    /// <param name="warn">Takes the reason why an existing file was ignored.</param>
    public static (string Password, int Line)? Find(string path, string host, int port, string database, string user, Action<string> warn)
    {
        if (!IsUsable(path, warn))
        {
            return null;
        }

        string[] wanted = [host, port.ToString(CultureInfo.InvariantCulture), database, user];
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!line.StartsWith('#') && Match(line, wanted) is { } password)
            {
                return (password, number);
            }
        }

        return null;
    }

    private static bool IsUsable(string path, Action<string> warn)
    {
        try
        {
            if (Directory.Exists(path))
            {
                warn($"The password file {path} is ignored: it is not a plain file");
                return false;
            }

            if (!File.Exists(path))
            {
                return false;
            }

            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0)
            {
                warn($"The password file {path} is ignored: others may read it. Run: chmod 600 {path}");
                return false;
            }

            using var _ = File.OpenRead(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"The password file {path} is ignored: {e.Message}");
            return false;
        }
    }

    private static string? Match(string line, string[] wanted)
    {
        ReadOnlySpan<char> rest = line;
        foreach (var value in wanted)
        {
            var length = MatchField(rest, value);
            if (length < 0)
            {
                return null;
            }

            rest = rest[length..];
        }

        return Unescape(rest);
    }

    // The length of the field with its colon, or -1 when it does not match.
    private static int MatchField(ReadOnlySpan<char> text, string value)
    {
        if (text.StartsWith("*:", StringComparison.Ordinal))
        {
            return 2;
        }

        var matched = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ':' && matched == value.Length)
            {
                return i + 1;
            }

            if (text[i] == '\\' && ++i == text.Length)
            {
                return -1;
            }

            if (matched == value.Length || text[i] != value[matched++])
            {
                return -1;
            }
        }

        return -1;
    }

    // Up to an unescaped colon, which libpq takes as the end.
    private static string Unescape(ReadOnlySpan<char> text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length && text[i] != ':'; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            result.Append(text[i]);
        }

        return result.ToString();
    }
}
