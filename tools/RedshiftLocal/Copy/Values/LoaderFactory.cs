using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.Values;

/// <summary>Chooses what reads a column's fields.</summary>
internal static class LoaderFactory
{
    public static ColumnLoader Create(TargetColumn column, ValueOptions options) => column.Type switch
    {
        "smallint" => new IntegerLoader(column, 2, "Short"),
        "integer" => new IntegerLoader(column, 4, "Integer"),
        "bigint" => new IntegerLoader(column, 8, "Long"),
        "numeric" => new DecimalLoader(column, options.RoundDecimals),
        "real" => new FloatLoader(column, single: true),
        "double precision" => new FloatLoader(column, single: false),
        "boolean" => new BooleanLoader(column),
        "character" => new CharLoader(column, options.TruncateColumns),
        "character varying" => new VarcharLoader(column, options),
        "date" => new DateLoader(column, options),
        "timestamp" => new TimestampLoader(column, options, withZone: false),
        "timestamptz" => new TimestampLoader(column, options, withZone: true),
        "time" => new TimeLoader(column, withZone: false),
        "timetz" => new TimeLoader(column, withZone: true),
        "super" => new SuperLoader(column),
        "varbyte" => new VarbyteLoader(column),
        _ => throw NotCovered.Of($"COPY into a column of type {column.Type}"),
    };
}
