using System.Globalization;
using System.Numerics;
using Sluice.Catalog;

namespace Sluice.Sources.Sqlite;

/// <summary>Reads a column's default as <c>table_xinfo</c> gives it: SQL text.</summary>
internal static class SqliteDefaults
{
    public static ColumnDefault? Read(string? sql)
    {
        if (sql is null)
        {
            return null;
        }

        var tokens = SqliteTokens.Read(sql).Where(token => !token.IsSign("(") && !token.IsSign(")")).ToArray();
        var expression = new ColumnDefault(DefaultKind.Expression, sql);
        return tokens switch
        {
            [{ Kind: SqliteTokenKind.Text or SqliteTokenKind.QuotedName } text] => Literal(text.Text),
            [{ Kind: SqliteTokenKind.Number } number] => Number(number.Text) is { } value ? Literal(value) : expression,
            [{ Kind: SqliteTokenKind.Sign, Text: "-" or "+" } sign, { Kind: SqliteTokenKind.Number } number] =>
                Number(number.Text) is { } value ? Literal(sign.Text == "-" ? "-" + value : value) : expression,
            [{ Kind: SqliteTokenKind.Word } word, { Kind: SqliteTokenKind.Text } hex] when word.IsWord("x") => Literal("\\x" + hex.Text),
            [{ Kind: SqliteTokenKind.Word } word] => Word(word.Text.ToLowerInvariant()) ?? Named(word, expression),
            [{ Kind: SqliteTokenKind.Word } call, { Kind: SqliteTokenKind.Text, Text: "now" }] => Now(call.Text.ToLowerInvariant()) ?? expression,
            _ => expression,
        };
    }

    private static ColumnDefault Literal(string text) => new(DefaultKind.Literal, text);

    private static ColumnDefault? Word(string word) => word switch
    {
        "current_timestamp" => new(DefaultKind.CurrentTimestamp, word),
        "current_date" => new(DefaultKind.CurrentDate, word),
        "current_time" => new(DefaultKind.CurrentTime, word),
        "true" or "false" => Literal(word),
        _ => null,
    };

    private static ColumnDefault? Named(SqliteToken word, ColumnDefault expression) => word.IsWord("null") ? null : expression;

    private static ColumnDefault? Now(string function) => function switch
    {
        "datetime" => new(DefaultKind.CurrentTimestamp, function),
        "date" => new(DefaultKind.CurrentDate, function),
        "time" => new(DefaultKind.CurrentTime, function),
        _ => null,
    };

    private static string? Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return BigInteger.TryParse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? text : null;
    }
}
