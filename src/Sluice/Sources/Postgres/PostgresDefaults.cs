using System.Text.RegularExpressions;
using Sluice.Catalog;

namespace Sluice.Sources.Postgres;

/// <summary>What a default means to targets that do not share the source's SQL.</summary>
internal static partial class PostgresDefaults
{
    /// <param name="sql">As the server writes it.</param>
    public static ColumnDefault? Of(string sql)
    {
        if (sql.StartsWith("NULL::", StringComparison.Ordinal) || sql == "NULL")
        {
            return null;
        }

        if (Text().Match(sql) is { Success: true } text)
        {
            return new ColumnDefault(DefaultKind.Literal, text.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal));
        }

        if (Number().Match(sql) is { Success: true } number)
        {
            return new ColumnDefault(DefaultKind.Literal, number.Groups[1].Value);
        }

        return sql switch
        {
            "true" or "false" => new ColumnDefault(DefaultKind.Literal, sql),
            "now()" or "CURRENT_TIMESTAMP" or "LOCALTIMESTAMP" or "transaction_timestamp()" or "statement_timestamp()" or "clock_timestamp()" => new ColumnDefault(DefaultKind.CurrentTimestamp, sql),
            "CURRENT_DATE" => new ColumnDefault(DefaultKind.CurrentDate, sql),
            "LOCALTIME" or "CURRENT_TIME" => new ColumnDefault(DefaultKind.CurrentTime, sql),
            _ => new ColumnDefault(DefaultKind.Expression, sql),
        };
    }

    // With the type that it is cast to.
    [GeneratedRegex(@"\A'((?:[^']|'')*)'(?:::[^':]+)?\z")]
    private static partial Regex Text();

    [GeneratedRegex(@"\A\(?(-?[0-9]+(?:\.[0-9]+)?)\)?(?:::[^':]+)?\z")]
    private static partial Regex Number();
}
