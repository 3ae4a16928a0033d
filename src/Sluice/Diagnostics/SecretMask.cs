using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Diagnostics;

/// <summary>Finds passwords in text without parsing it: the text may be what cannot be parsed.</summary>
public static partial class SecretMask
{
    private const string Mask = "****";

    /// <summary>The text with every password it shows replaced by <c>****</c>.</summary>
    public static string Redact(string text)
    {
        var result = new StringBuilder(text.Length);
        var shown = 0;
        foreach (var span in Find(text).OrderBy(span => span.Start))
        {
            if (span.Start >= shown)
            {
                result.Append(text, shown, span.Start - shown).Append(Mask);
            }

            shown = Math.Max(shown, span.End);
        }

        return result.Append(text, shown, text.Length - shown).ToString();
    }

    /// <summary>SQL with its passwords masked, over line breaks and comments, in each way that SQL writes a text.</summary>
    public static string RedactSql(string sql) => RedactSql(sql, sql);

    /// <summary>What was said of a statement, which may quote it, with the statement's passwords masked.</summary>
    public static string RedactSql(string text, string sql)
    {
        // Longest first: one may be part of another.
        foreach (var secret in InSql(sql).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return Redact(text);
    }

    /// <summary>
    /// The places of passwords: in addresses (<c>://user:…@</c>), after <c>password=</c> and after words of SQL such as
    /// <c>PASSWORD</c>. They may overlap.
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

        foreach (var match in Keyword().Matches(line).Concat(SqlPassword().Matches(line)))
        {
            var value = match.Groups["value"];
            yield return new TextSpan(value.Index, value.Length);
        }
    }

    // With quotes, and without them for messages that quote otherwise; a bare one of few letters would hide half of the text.
    private static IEnumerable<string> InSql(string sql)
    {
        foreach (Match match in SqlPassword().Matches(sql))
        {
            yield return match.Groups["value"].Value;
            if (match.Groups["bare"].Value is { Length: > 3 } bare)
            {
                yield return bare;
            }
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
            ? line.IndexOfAny([line[scheme - 1], '\n'], start)
            : line.IndexOfAny([' ', '\t', '\r', '\n'], start);
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

        var lineEnd = line.IndexOf('\n', end);
        var lastAt = line.LastIndexOf('@', (lineEnd < 0 ? line.Length : lineEnd) - 1);
        return TextSpan.FromBounds(colon + 1, lastAt > end ? lastAt : end);
    }

    [GeneratedRegex(
        """\w*(?:pass|pasw|psw|pwd|secret)\w*(?:\s*=\s*(?<value>'(?:[^']|'')*'?|"[^"]*"?|[^\s&;'"]+)|\s+(?:to\s+)?(?:E|N|U&)?(?<value>'(?:[^']|'')*'?))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Keyword();

    // A backslash is taken for an escape even where it is none: rather too much is masked than too little.
    [GeneratedRegex(
        """
        \w*(?:pass|pasw|psw|pwd|secret)\w*(?>"|'(?=\s*(?:,|:?=|to\b))|)
        (?:\s|--[^\n]*\n|/\*.*?\*/|:?=|\bto\b|,)*
        (?<value>(?:E|N|U&)?'(?<bare>(?:[^'\\]|''|\\.)*)'? | \$(?<tag>\w*)\$(?<bare>.*?)(?:\$\k<tag>\$|\z))
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex SqlPassword();
}
