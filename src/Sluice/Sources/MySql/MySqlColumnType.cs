using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Sources.MySql;

/// <summary>A column's whole type taken apart: <c>int(10) unsigned</c>, <c>enum('a','b')</c>.</summary>
/// <param name="Precision">The first number in parentheses; null where there is none, or none of use.</param>
/// <param name="Scale">The second one.</param>
/// <param name="IsUnsigned">The word stands behind it.</param>
/// <param name="Labels">Of enum and set, in their order.</param>
internal sealed record MySqlColumnType(int? Precision, int? Scale, bool IsUnsigned, ImmutableArray<string> Labels)
{
    public static MySqlColumnType Parse(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && type[..open].Trim().ToLowerInvariant() is "enum" or "set")
        {
            return new MySqlColumnType(null, null, false, ReadLabels(type.AsSpan(open + 1)));
        }

        var close = open < 0 ? -1 : type.IndexOf(')', open);
        var numbers = close < 0 ? [] : type[(open + 1)..close].Split(',');
        var rest = type[(close + 1)..];
        var precision = numbers.Length > 0 ? Number(numbers[0]) : null;
        return new MySqlColumnType(
            precision == 0 && !IsTime(type) ? null : precision,
            numbers.Length > 1 ? Number(numbers[1]) : null,
            rest.Contains("unsigned", StringComparison.OrdinalIgnoreCase) || rest.Contains("zerofill", StringComparison.OrdinalIgnoreCase),
            []);
    }

    private static bool IsTime(string type) => type.Contains("time", StringComparison.OrdinalIgnoreCase);

    private static int? Number(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Quotes are doubled, backslashes and characters that would not show are escaped, whatever sql_mode says.
    private static ImmutableArray<string> ReadLabels(ReadOnlySpan<char> text)
    {
        var labels = ImmutableArray.CreateBuilder<string>();
        var label = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length && text[i] != ')'; i++)
        {
            if (text[i] != '\'')
            {
                continue;
            }

            label.Clear();
            for (i++; i < text.Length; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length)
                {
                    i++;
                    label.Append(text[i] switch { '0' => '\0', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
                }
                else if (text[i] != '\'')
                {
                    label.Append(text[i]);
                }
                else if (i + 1 < text.Length && text[i + 1] == '\'')
                {
                    label.Append('\'');
                    i++;
                }
                else
                {
                    break;
                }
            }

            labels.Add(label.ToString());
        }

        return labels.ToImmutable();
    }
}
