using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Unload;

/// <summary>A column of the query that is unloaded, with its type in Redshift's words.</summary>
internal sealed record UnloadColumn(string Name, string Type)
{
    private const int LongestVarchar = 65_535;
    private const int HeaderBytes = 4;

    /// <summary>Of CHAR and VARCHAR, in bytes.</summary>
    public int? Length { get; init; }

    public int? Precision { get; init; }

    public int? Scale { get; init; }

    public bool IsText => Type is "character" or "character varying";

    public bool IsNumber => Type is "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" or "oid";

    /// <summary>The columns of a RowDescription.</summary>
    public static ImmutableArray<UnloadColumn> Read(ReadOnlySpan<byte> description)
    {
        var reader = new PayloadReader(description);
        var columns = ImmutableArray.CreateBuilder<UnloadColumn>();
        for (var left = reader.Int16(); left > 0; left--)
        {
            var end = reader.Rest.IndexOf((byte)0);
            var name = Encoding.UTF8.GetString(reader.Bytes(end));
            reader.Bytes(7);
            var oid = reader.Int32();
            reader.Bytes(2);
            var modifier = reader.Int32();
            reader.Bytes(2);
            columns.Add(Of(name, oid, modifier));
        }

        return columns.ToImmutable();
    }

    private static UnloadColumn Of(string name, int oid, int modifier) => oid switch
    {
        16 => new UnloadColumn(name, "boolean"),
        20 => new UnloadColumn(name, "bigint"),
        21 => new UnloadColumn(name, "smallint"),
        23 => new UnloadColumn(name, "integer"),
        26 => new UnloadColumn(name, "oid"),
        700 => new UnloadColumn(name, "real"),
        701 => new UnloadColumn(name, "double precision"),
        1042 => new UnloadColumn(name, "character") { Length = modifier > HeaderBytes ? modifier - HeaderBytes : 1 },
        18 or 19 or 25 or 705 or 1043 => new UnloadColumn(name, "character varying") { Length = modifier > HeaderBytes ? modifier - HeaderBytes : LongestVarchar },
        1082 => new UnloadColumn(name, "date"),
        1083 => new UnloadColumn(name, "time without time zone"),
        1114 => new UnloadColumn(name, "timestamp without time zone"),
        1184 => new UnloadColumn(name, "timestamp with time zone"),
        1186 => new UnloadColumn(name, "interval"),
        1266 => new UnloadColumn(name, "time with time zone"),
        1700 => new UnloadColumn(name, "numeric")
        {
            Precision = modifier > HeaderBytes ? ((modifier - HeaderBytes) >> 16) & 0xFFFF : 38,
            Scale = modifier > HeaderBytes ? (modifier - HeaderBytes) & 0x7FF : 0,
        },
        4000 => new UnloadColumn(name, "super"),
        6551 => new UnloadColumn(name, "varbyte"),
        _ => throw new ServerException(
            "0A000", string.Create(CultureInfo.InvariantCulture, $"UNLOAD: the type of column \"{name}\" ({oid}) is not supported")),
    };
}
