using System.Globalization;
using System.Text;

namespace RedshiftLocal.Copy.Loading;

/// <summary>Names and values as the backing server reads them, whatever its setting of standard_conforming_strings.</summary>
internal static class SqlText
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string? text)
    {
        if (text is null)
        {
            return "NULL";
        }

        var quoted = new StringBuilder(text.Length + 4).Append("E'");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '\'' => quoted.Append("''"),
                '\\' => quoted.Append(@"\\"),
                '\0' => quoted.Append('.'),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('\'').ToString();
    }

    public static string Literal(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Literal(DateTimeOffset time) =>
        $"'{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'::timestamp";

    /// <summary>As the error views show data: one character a byte, a dot for what is not ASCII, cut to a length.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes, int longest)
    {
        return string.Create(Math.Min(bytes.Length, longest), bytes, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = source[i] is > 0 and < 0x80 ? (char)source[i] : '.';
            }
        });
    }
}
