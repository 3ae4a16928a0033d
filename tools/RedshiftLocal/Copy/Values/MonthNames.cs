using System.Collections.Immutable;
using System.Text;

namespace RedshiftLocal.Copy.Values;

/// <summary>English months, whole or their first three letters.</summary>
internal static class MonthNames
{
    private static readonly ImmutableArray<string> Names =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ];

    public static bool TryTake(ref ReadOnlySpan<byte> text, out int month)
    {
        var length = 0;
        while (length < text.Length && (text[length] | 0x20) is >= 'a' and <= 'z')
        {
            length++;
        }

        month = Find(text[..length]);
        text = text[length..];
        return month > 0;
    }

    /// <summary>1 to 12, or 0.</summary>
    public static int Find(ReadOnlySpan<byte> word)
    {
        for (var month = 0; month < Names.Length; month++)
        {
            var name = Names[month].AsSpan();
            if (Ascii.EqualsIgnoreCase(word, name) || Ascii.EqualsIgnoreCase(word, name[..3]))
            {
                return month + 1;
            }
        }

        return 0;
    }
}
