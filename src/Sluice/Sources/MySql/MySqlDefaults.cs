using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sluice.Catalog;

namespace Sluice.Sources.MySql;

/// <summary>Reads a column's default as information_schema gives it.</summary>
internal static class MySqlDefaults
{
    /// <param name="text">What stands there; null: none.</param>
    /// <param name="type">The base type, lower-case.</param>
    /// <param name="bits">Of a bit column.</param>
    /// <param name="isExpression">It is SQL: always in MariaDB, in MySQL where EXTRA says so.</param>
    public static ColumnDefault? Read(string? text, string type, int? bits, bool isExpression)
    {
        if (text is null || (isExpression && text.Equals("NULL", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var isMoment = type is "timestamp" or "datetime" or "date" or "time" or "year";
        if ((isExpression || isMoment) && Moment(text) is { } kind)
        {
            return new ColumnDefault(kind, text);
        }

        if (type == "bit")
        {
            return Bits(text, bits ?? 1) is { } digits ? new ColumnDefault(DefaultKind.Literal, digits) : new ColumnDefault(DefaultKind.Expression, text);
        }

        if (!isExpression)
        {
            return new ColumnDefault(DefaultKind.Literal, IsBinary(type) ? Hex(text) : text);
        }

        var tokens = MySqlTokens.Read(text).Where(token => !token.IsSign("(") && !token.IsSign(")")).ToImmutableArray();
        if (tokens is [{ Kind: MySqlTokenKind.Word, Text: var charset }, ..] && charset.StartsWith('_') && tokens.Length == 2)
        {
            tokens = [tokens[1]];
        }

        return tokens switch
        {
            [{ Kind: MySqlTokenKind.Text } literal] => new ColumnDefault(DefaultKind.Literal, IsBinary(type) ? "\\x" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(literal.Text)) : literal.Text),
            [{ Kind: MySqlTokenKind.Number } number] => new ColumnDefault(DefaultKind.Literal, number.Text),
            [{ Kind: MySqlTokenKind.Sign, Text: "-" }, { Kind: MySqlTokenKind.Number } number] => new ColumnDefault(DefaultKind.Literal, "-" + number.Text),
            [{ Kind: MySqlTokenKind.Word } word] when word.IsWord("true") || word.IsWord("false") => new ColumnDefault(DefaultKind.Literal, word.IsWord("true") ? "1" : "0"),
            _ => new ColumnDefault(DefaultKind.Expression, text),
        };
    }

    private static DefaultKind? Moment(string text)
    {
        var word = text.ToLowerInvariant().Trim();
        word = word[..(word.IndexOf('(', StringComparison.Ordinal) is var open and >= 0 && word.EndsWith(')') ? open : word.Length)];
        return word switch
        {
            "current_timestamp" or "now" or "localtime" or "localtimestamp" => DefaultKind.CurrentTimestamp,
            "curdate" or "current_date" => DefaultKind.CurrentDate,
            "curtime" or "current_time" => DefaultKind.CurrentTime,
            _ => null,
        };
    }

    private static bool IsBinary(string type) => type is "binary" or "varbinary" || type.EndsWith("blob", StringComparison.Ordinal);

    // MySQL shows the bytes of a binary default as digits after 0x.
    private static string Hex(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? "\\x" + text[2..].ToLowerInvariant() : "\\x" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    private static string? Bits(string text, int count)
    {
        var digits = text.Length > 3 && text[0] is 'b' or 'B' && text[1] == '\'' && text[^1] == '\'' ? text[2..^1]
            : text.All(char.IsAsciiDigit) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString("b", CultureInfo.InvariantCulture)
            : "";
        return digits.Length > 0 && digits.All(digit => digit is '0' or '1') && digits.Length <= count ? digits.PadLeft(count, '0') : digits == "" ? null : digits[^count..];
    }
}
