using System.Collections.Immutable;

namespace Sluice.Sources.MySql;

/// <summary>What reading a table needs to know of it beyond the catalog's records.</summary>
/// <param name="Name">Bare.</param>
/// <param name="Columns">By name, case ignored.</param>
/// <param name="Key">The columns of a key that rows can be found by; empty: there is none.</param>
/// <param name="IsOrdered">Rows lie in the order of that key: to read them in it costs nothing.</param>
/// <param name="Bytes">About; null where nobody knows.</param>
/// <param name="Rows">About; null where nobody knows.</param>
internal sealed record MySqlTableInfo(
    string Name, ImmutableDictionary<string, MySqlColumnInfo> Columns, ImmutableArray<string> Key, bool IsOrdered, long? Bytes, long? Rows);

/// <summary>How a column's values are fetched.</summary>
/// <param name="Type">The base type, lower-case.</param>
/// <param name="Precision">The first number of its type.</param>
/// <param name="IsUnsigned">The word stands behind it.</param>
/// <param name="Charset">Of texts; null: it has none.</param>
internal sealed record MySqlColumnInfo(string Type, int? Precision, bool IsUnsigned, string? Charset)
{
    public string? Collation { get; init; }

    public bool IsBytes => Type is "binary" or "varbinary" or "blob" or "tinyblob" or "mediumblob" or "longblob" && Charset is null;

    public bool IsGeometry => Type is "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon" or "geometrycollection" or "geomcollection";

    /// <summary>A whole number of at most 32 bits, with its sign.</summary>
    public bool IsSmallInteger => Type is "tinyint" or "smallint" or "mediumint" || (Type == "int" && !IsUnsigned);

    public bool IsInteger => Type is "tinyint" or "smallint" or "mediumint" or "int" or "bigint";

    public bool IsText => Type is "char" or "varchar" or "tinytext" or "text" or "mediumtext" or "longtext";
}
