using System.Text;

namespace RedshiftLocal.Store;

/// <summary>Percent-encoding as Signature V4 and S3's listings want it.</summary>
internal static class UriText
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Null when the text is malformed or not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        if (text.IndexOfAny('%', '+') < 0)
        {
            return text.ToString();
        }

        var bytes = new byte[Utf8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return null;
                }

                bytes[length++] = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                i += 2;
            }
            else if (c > 0x7F)
            {
                length += Utf8.GetBytes(text.Slice(i, 1), bytes.AsSpan(length));
            }
            else
            {
                bytes[length++] = c == '+' && plusIsSpace ? (byte)' ' : (byte)c;
            }
        }

        try
        {
            return Utf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Everything but unreserved characters, as Signature V4 encodes.</summary>
    public static string Encode(string text, bool keepSlashes) => Encode(text, keepSlashes ? "-_.~/" : "-_.~", "%20");

    /// <summary>As <c>encoding-type=url</c> asks for.</summary>
    public static string EncodeForListing(string text) => Encode(text, "-_.~/*", "+");

    private static string Encode(string text, string kept, string space)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)value;
            if (char.IsAsciiLetterOrDigit(c) || kept.Contains(c, StringComparison.Ordinal))
            {
                result.Append(c);
            }
            else if (c == ' ')
            {
                result.Append(space);
            }
            else
            {
                result.Append('%').Append(Convert.ToHexString([value]));
            }
        }

        return result.ToString();
    }

    private static int Hex(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
