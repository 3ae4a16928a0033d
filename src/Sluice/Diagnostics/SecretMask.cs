using System.Text.RegularExpressions;

namespace Sluice.Diagnostics;

/// <summary>Finds passwords in a line of text without parsing it: the line may be the one that cannot be parsed.</summary>
public static partial class SecretMask
{
    /// <summary>The text with every password it shows replaced by <c>****</c>.</summary>
    public static string Redact(string text) =>
        string.Join('\n', text.Split('\n').Select(line => new SourceText("", line).MaskedLineAt(0).Line));

    /// <summary>
    /// The places of passwords in one line: in addresses (<c>://user:…@</c>) and after <c>password=</c>. They may overlap.
    /// </summary>
    public static IEnumerable<TextSpan> Find(string line)
    {
        for (var i = line.IndexOf("://", StringComparison.Ordinal); i >= 0; i = line.IndexOf("://", i + 3, StringComparison.Ordinal))
        {
            if (InAddress(line, i) is { } span)
            {
                yield return span;
            }
        }

        foreach (Match match in Keyword().Matches(line))
        {
            var value = match.Groups["value"];
            yield return new TextSpan(value.Index, value.Length);
        }
    }

    private static TextSpan? InAddress(string line, int separator)
    {
        var start = separator + 3;
        var scheme = separator;
        while (scheme > 0 && (char.IsAsciiLetterOrDigit(line[scheme - 1]) || line[scheme - 1] is ':' or '+'))
        {
            scheme--;
        }

        var end = scheme > 0 && line[scheme - 1] is '\'' or '"'
            ? line.IndexOf(line[scheme - 1], start)
            : line.IndexOfAny([' ', '\t', '\r'], start);
        end = end < 0 ? line.Length : end;
        var colon = start;
        if (start < end && line[start] == '[')
        {
            colon = Math.Max(start, line.IndexOf(']', start, end - start));
        }

        colon = line.IndexOf(':', colon, end - colon);
        if (colon < 0)
        {
            return null;
        }

        var at = line.LastIndexOf('@', end - 1, end - start);
        if (at > colon)
        {
            return TextSpan.FromBounds(colon + 1, at);
        }

        // No user part that ends: where digits of a port belong stands perhaps a password with a blank in it.
        var isSocket = line.AsSpan(0, colon).EndsWith("unix", StringComparison.Ordinal);
        var rest = line.AsSpan(colon + 1, end - colon - 1);
        var port = rest.IndexOfAny('/', '?', ';') is var stop and >= 0 ? rest[..stop] : rest;
        if (isSocket || !port.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var lastAt = line.LastIndexOf('@');
        return TextSpan.FromBounds(colon + 1, lastAt > end ? lastAt : end);
    }

    [GeneratedRegex(
        """\w*(?:pass|pasw|psw|pwd)\w*(?:\s*=\s*(?<value>'[^']*'?|"[^"]*"?|[^\s&;'"]+)|\s+(?<value>'[^']*'?))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Keyword();
}
