namespace Sluice.Sources.MySql;

/// <summary>The option files of MySQL's clients: <c>[client]</c>, over which <c>[pgloader]</c> and <c>[sluice]</c> go, and later files over earlier ones.</summary>
internal sealed class MySqlOptionFiles
{
    private static readonly string[] Sections = ["client", "pgloader", "sluice"];

    private readonly Dictionary<string, (string Value, string From, int Rank)> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a key and where it stands, or null.</summary>
    public (string Value, string From)? Find(string key) => _values.TryGetValue(key, out var found) ? (found.Value, found.From) : null;

    /// <summary>Reads those of the files that exist and may be read.</summary>
    /// <param name="paths">In the order in which they count.</param>
    /// <param name="show">A path as a user writes it.</param>
    public static MySqlOptionFiles Read(IEnumerable<string> paths, Func<string, string> show)
    {
        var files = new MySqlOptionFiles();
        foreach (var path in paths)
        {
            try
            {
                if (File.Exists(path))
                {
                    files.Parse(File.ReadAllText(path), $"from {show(path)}");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // As if it were not there: what is missing is said when the connection fails.
            }
        }

        return files;
    }

    /// <summary>Takes one file's text over what is known.</summary>
    internal void Parse(string text, string from)
    {
        var rank = -1;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';' or '!')
            {
                continue;
            }

            if (line[0] == '[')
            {
                var close = line.IndexOf(']', StringComparison.Ordinal);
                rank = close < 0 ? -1 : Array.IndexOf(Sections, line[1..close].Trim().ToLowerInvariant());
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (rank < 0 || equals < 0)
            {
                continue;
            }

            var key = line[..equals].Trim().ToLowerInvariant().Replace('_', '-');
            if (!_values.TryGetValue(key, out var known) || known.Rank <= rank)
            {
                _values[key] = (Value(line[(equals + 1)..].Trim()), from, rank);
            }
        }
    }

    // A comment may follow what is not in quotes. https://dev.mysql.com/doc/refman/8.4/en/option-files.html
    private static string Value(string text)
    {
        if (text.Length > 1 && text[0] is '\'' or '"' && text.IndexOf(text[0], 1) is var close and > 0)
        {
            return Unescape(text[1..close]);
        }

        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return Unescape((comment < 0 ? text : text[..comment]).TrimEnd());
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            result.Append(text[i] switch { 'b' => "\b", 't' => "\t", 'n' => "\n", 'r' => "\r", 's' => " ", '\\' => "\\", _ => $"\\{text[i]}" });
        }

        return result.ToString();
    }
}
