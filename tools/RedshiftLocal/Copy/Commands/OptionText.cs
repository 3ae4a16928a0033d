using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Commands;

/// <summary>Literals of options, which COPY reads by itself: a backslash may be written once or twice.</summary>
internal static class OptionText
{
    // A record's own limit.
    private const int LargestWidth = 4 << 20;

    /// <summary>One ASCII character: itself, \t and the like, or three octal digits after a backslash.</summary>
    public static byte SingleCharacter(string option, string raw)
    {
        var text = Unescape(raw);
        return text.Length == 1 && text[0] is > '\0' and < (char)128 and not ('\n' or '\r')
            ? (byte)text[0]
            : throw new ServerException("22023", $"{option} must be a single ASCII character");
    }

    /// <summary>NULL AS: \N in both spellings, \0 and \000 for the byte of that value; a line feed is refused.</summary>
    public static byte[] NullMarker(string raw)
    {
        var text = raw is "\\N" or "\\\\N" ? "\\N" : Unescape(raw);
        return text.AsSpan().ContainsAny('\n', '\r')
            ? throw new ServerException("22023", "NULL AS must not hold a line break")
            : Encoding.UTF8.GetBytes(text);
    }

    public static CopyEncoding FileEncoding(string name) => name.ToUpperInvariant() switch
    {
        "UTF8" => CopyEncoding.Utf8,
        "UTF16" => CopyEncoding.Utf16,
        "UTF16LE" => CopyEncoding.Utf16LittleEndian,
        "UTF16BE" => CopyEncoding.Utf16BigEndian,
        "ISO88591" => throw NotCovered.Of("ENCODING ISO88591"),
        _ => throw new ServerException("22023", "ENCODING must be UTF8, UTF16, UTF16LE or UTF16BE"),
    };

    /// <summary>FIXEDWIDTH 'label:width,…': the widths; a label is anything without a colon or comma.</summary>
    public static ImmutableArray<int> Widths(string text)
    {
        var widths = ImmutableArray.CreateBuilder<int>();
        foreach (var part in text.Split(','))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || string.IsNullOrWhiteSpace(part[..colon])
                || !int.TryParse(part.AsSpan(colon + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var width) || width is < 1 or > LargestWidth)
            {
                throw new ServerException("22023", "FIXEDWIDTH must be 'label:width' pairs, separated by commas");
            }

            widths.Add(width);
        }

        return widths.ToImmutable();
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\' || i + 1 == raw.Length)
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == '\\' && i + 1 < raw.Length && raw[i + 1] is 't' or 'n' or 'r' or (>= '0' and <= '7'))
            {
                i++;
            }

            var digits = 0;
            var value = 0;
            while (digits < 3 && i + digits < raw.Length && raw[i + digits] is >= '0' and <= '7')
            {
                value = (value * 8) + raw[i + digits] - '0';
                digits++;
            }

            if (digits > 0)
            {
                text.Append((char)(value & 0xFF));
                i += digits - 1;
                continue;
            }

            text.Append(raw[i] switch
            {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                var other => other,
            });
        }

        return text.ToString();
    }
}
