using System.Collections.Immutable;
using System.Text;

namespace Sluice.Sources.MySql;

/// <summary>Conditions on a key of one or several columns: what comes before a place and what after it, in the order of the server.</summary>
internal static class MySqlKeys
{
    /// <summary>Whether a value of the column, written down again, finds the same place.</summary>
    public static bool IsOfUse(MySqlColumnInfo column) =>
        column.IsInteger || column.Type is "decimal" or "date" or "datetime" or "timestamp" or "binary" or "varbinary" || (column.Type is "char" or "varchar" && column.Charset is not null);

    /// <summary>A value of a key column as SQL. What is not a number goes by its bytes: no sql_mode and no charset of the session changes it.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">As it was fetched.</param>
    /// <param name="charset">Of the bytes that were fetched.</param>
    public static string Literal(MySqlColumnInfo column, ReadOnlySpan<byte> value, string charset) =>
        column.IsInteger || column.Type == "decimal" ? Encoding.ASCII.GetString(value)
        : column.Charset is not null ? value.IsEmpty ? $"_{charset} ''" : $"_{charset} 0x{Convert.ToHexString(value)}"
        : column.IsBytes ? value.IsEmpty ? "''" : $"0x{Convert.ToHexString(value)}"
        : $"'{Encoding.ASCII.GetString(value)}'";

    /// <summary>Rows behind a place, or there and behind it.</summary>
    public static string After(ImmutableArray<string> key, IReadOnlyList<string> place, bool includesPlace) =>
        $"{MySqlNames.Quote(key[0])} >= {place[0]} AND {Beyond(key, place, 0, ">", includesPlace ? ">=" : ">")}";

    /// <summary>Rows before a place.</summary>
    public static string Before(ImmutableArray<string> key, IReadOnlyList<string> place) =>
        $"{MySqlNames.Quote(key[0])} <= {place[0]} AND {Beyond(key, place, 0, "<", "<")}";

    private static string Beyond(ImmutableArray<string> key, IReadOnlyList<string> place, int column, string sign, string last)
    {
        var name = MySqlNames.Quote(key[column]);
        return column == key.Length - 1
            ? $"{name} {last} {place[column]}"
            : $"({name} {sign} {place[column]} OR ({name} = {place[column]} AND {Beyond(key, place, column + 1, sign, last)}))";
    }
}
