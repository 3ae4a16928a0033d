using System.Globalization;
using System.Text;

namespace Sluice.Commands;

/// <summary>The small rules of addresses: where one ends, what is doubled, what is percent-encoded.</summary>
internal static class UriText
{
    /// <summary>
    /// Where an unquoted address ends: at a blank, a <c>;</c> or <c>(</c> that is not part of its user or password, or its quotes.
    /// </summary>
    public static int FindEnd(string text, int start, int limit)
    {
        var run = start;
        while (run < limit && !char.IsWhiteSpace(text[run]))
        {
            run++;
        }

        var separator = text.IndexOf("://", start, run - start, StringComparison.Ordinal);
        var position = separator < 0 ? start : separator + 3;
        position += Math.Max(UserLength(text.AsSpan(position, run - position)), 0);
        while (position < limit && !char.IsWhiteSpace(text[position]) && text[position] is not (';' or '(' or ')'))
        {
            if (text[position] is '\'' or '"')
            {
                var close = text.IndexOf(text[position], position + 1, limit - position - 1);
                position = close < 0 ? position : close;
            }

            position++;
        }

        return position;
    }

    /// <summary>
    /// The length of the user and password before their <c>@</c> in what follows <c>://</c>, or -1. <c>@@</c> is not an end.
    /// </summary>
    public static int UserLength(ReadOnlySpan<char> rest)
    {
        var slash = rest.IndexOf('/');
        var query = rest.IndexOf('?');
        var path = (slash, query) switch
        {
            ( < 0, < 0) => rest.Length,
            ( < 0, _) => query,
            (_, < 0) => slash,
            _ => Math.Min(slash, query),
        };
        var inAuthority = LastSingle(rest[..path], '@');
        if (inAuthority >= 0)
        {
            return inAuthority;
        }

        // A slash or question mark before the @: a password that holds one, unless what precedes reads as a host and a port.
        var colon = rest[..path].IndexOf(':');
        if (colon < 0 || rest[..path].StartsWith("unix:", StringComparison.Ordinal) || rest.StartsWith("["))
        {
            return -1;
        }

        return rest[(colon + 1)..path].ContainsAnyExceptInRange('0', '9') || (colon + 1 == path && path < rest.Length && rest[path] != '/')
            ? LastSingle(rest, '@')
            : -1;
    }

    /// <summary>The index of the last run of an odd number of <paramref name="c"/>, at its last character, or -1.</summary>
    public static int LastSingle(ReadOnlySpan<char> text, char c)
    {
        for (var end = text.LastIndexOf(c); end >= 0; end = text[..end].LastIndexOf(c))
        {
            var start = end;
            while (start > 0 && text[start - 1] == c)
            {
                start--;
            }

            if ((end - start) % 2 == 0)
            {
                return end;
            }

            end = start;
        }

        return -1;
    }

    /// <summary>The index of the first run of an odd number of <paramref name="c"/>, at its last character, or -1.</summary>
    public static int FirstSingle(ReadOnlySpan<char> text, char c)
    {
        for (var start = 0; start < text.Length; start++)
        {
            if (text[start] != c)
            {
                continue;
            }

            var end = start;
            while (end + 1 < text.Length && text[end + 1] == c)
            {
                end++;
            }

            if ((end - start) % 2 == 0)
            {
                return end;
            }

            start = end;
        }

        return -1;
    }

    /// <summary>Percent-decodes UTF-8. False with the place of the bad escape.</summary>
    public static bool TryDecode(string text, out string decoded, out int badIndex)
    {
        badIndex = -1;
        decoded = text;
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return true;
        }

        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length
                    || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    badIndex = i;
                    return false;
                }

                bytes.Add(value);
                i += 3;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            i += consumed;
        }

        decoded = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }
}
