using System.Globalization;
using MySqlConnector;

namespace Sluice.Sources.MySql;

/// <summary>The type of a query's column, in the words of a table's.</summary>
/// <param name="Type">The base type, lower-case.</param>
/// <param name="DeclaredType">With what stands in parentheses and behind.</param>
internal sealed record MySqlResultColumn(string Type, string DeclaredType)
{
    public bool IsText => Type is "varchar" or "char" or "longtext" or "enum" or "set";

    public static MySqlResultColumn Of(MySqlDbColumn column)
    {
        var size = column.ColumnSize ?? 0;
        return column.ProviderType switch
        {
            MySqlDbType.Bool or MySqlDbType.Byte => Make("tinyint", size == 1 ? "(1)" : ""),
            MySqlDbType.UByte => Make("tinyint", " unsigned"),
            MySqlDbType.Int16 => Make("smallint"),
            MySqlDbType.UInt16 => Make("smallint", " unsigned"),
            MySqlDbType.Int24 => Make("mediumint"),
            MySqlDbType.UInt24 => Make("mediumint", " unsigned"),
            MySqlDbType.Int32 => Make("int"),
            MySqlDbType.UInt32 => Make("int", " unsigned"),
            MySqlDbType.Int64 => Make("bigint"),
            MySqlDbType.UInt64 => Make("bigint", " unsigned"),
            MySqlDbType.Bit => Make("bit", string.Create(CultureInfo.InvariantCulture, $"({size})")),
            MySqlDbType.Decimal or MySqlDbType.NewDecimal => Make("decimal", string.Create(CultureInfo.InvariantCulture, $"({column.NumericPrecision ?? 65},{column.NumericScale ?? 30})")),
            MySqlDbType.Float => Make("float"),
            MySqlDbType.Double => Make("double"),
            MySqlDbType.Date or MySqlDbType.Newdate => Make("date"),
            MySqlDbType.Time => Make("time"),
            MySqlDbType.DateTime => Make("datetime"),
            MySqlDbType.Timestamp => Make("timestamp"),
            MySqlDbType.Year => Make("year"),
            MySqlDbType.JSON => Make("json"),
            MySqlDbType.Geometry => Make("geometry"),
            MySqlDbType.Binary or MySqlDbType.VarBinary or MySqlDbType.TinyBlob or MySqlDbType.Blob or MySqlDbType.MediumBlob or MySqlDbType.LongBlob => Make("longblob"),
            MySqlDbType.VarChar or MySqlDbType.VarString or MySqlDbType.String when size is > 0 and < 16384 => Make("varchar", string.Create(CultureInfo.InvariantCulture, $"({size})")),
            _ => Make("longtext"),
        };

        static MySqlResultColumn Make(string type, string rest = "") => new(type, type + rest);
    }
}
