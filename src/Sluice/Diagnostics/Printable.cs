using System.Text;

namespace Sluice.Diagnostics;

/// <summary>Makes names and values safe to show on a terminal: control characters never get there raw.</summary>
public static class Printable
{
    /// <summary>Replaces control characters (C0, DEL, C1, bidirectional overrides) by <c>\xNN</c> or <c>\uNNNN</c>.</summary>
    public static string Escape(string text, bool keepTabs = false, bool keepNewlines = false)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.Any(IsUnsafe))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if ((c == '\t' && keepTabs) || (c == '\n' && keepNewlines) || !IsUnsafe(c))
            {
                result.Append(c);
            }
            else if (c <= '\xff')
            {
                result.Append("\\x").Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                result.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return result.ToString();
    }

    private static bool IsUnsafe(char c) =>
        c < ' ' || (c >= '\x7f' && c <= '\x9f') || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029';
}
