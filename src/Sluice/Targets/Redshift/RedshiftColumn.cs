using System.Globalization;
using Sluice.Batches;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>What the row encoder needs to know of a column, worked out once.</summary>
internal sealed class RedshiftColumn
{
    private const int VarHeaderBytes = 4;
    private const int DefaultVarbyteBytes = 64_000;

    public RedshiftColumn(PostgresColumn column, string table, TimeSpan? zoneOffset, string zone)
    {
        Name = column.Name;
        Table = table;
        TypeName = column.TypeName;
        IsNotNull = column.IsNotNull;
        var length = column.BaseTypeModifier - VarHeaderBytes;
        (Kind, MaxBytes) = column.BaseTypeOid switch
        {
            16 => (RedshiftKind.Boolean, 0),
            21 => (RedshiftKind.Integer, 2),
            23 => (RedshiftKind.Integer, 4),
            20 => (RedshiftKind.Integer, 8),
            700 => (RedshiftKind.Float, 4),
            701 => (RedshiftKind.Float, 8),
            1042 => (RedshiftKind.Char, length > 0 ? length : 1),
            25 or 1043 => (RedshiftKind.Varchar, length > 0 ? length : 65_535),
            1082 => (RedshiftKind.Date, 0),
            1083 => (RedshiftKind.Time, 0),
            1266 => (RedshiftKind.TimeTz, 0),
            1114 => (RedshiftKind.Timestamp, 0),
            1184 => (RedshiftKind.TimestampTz, 0),
            1700 => (RedshiftKind.Numeric, 0),
            4000 => (RedshiftKind.Super, 0),
            6551 => (RedshiftKind.Varbyte, LengthIn(column.TypeName) ?? (length > 0 ? length : DefaultVarbyteBytes)),
            _ => (RedshiftKind.Other, 0),
        };
        if (Kind == RedshiftKind.Numeric)
        {
            (Precision, Scale) = length < 0 ? (18, 0) : (length >> 16, length & 0xFFFF);
            NumericEnd = Precision == 19 ? (UInt128)long.MaxValue + 1 : Power(Precision);
        }
        else if (Kind == RedshiftKind.Integer)
        {
            Most = MaxBytes switch { 2 => short.MaxValue, 4 => int.MaxValue, _ => long.MaxValue };
        }

        Zoned = new BinaryColumn(new ColumnEncoding(Name, BinaryType.TimestampTz, -1, zoneOffset));
        AnyZone = new BinaryColumn(new ColumnEncoding(Name, BinaryType.TimestampTz, -1, TimeSpan.Zero));
        ZoneSuffix = System.Text.Encoding.UTF8.GetBytes(zoneOffset is { } offset
            ? string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration():hh\\:mm}")
            : $" {zone}");
        HasFixedZone = zoneOffset is not null;
    }

    public string Name { get; }

    /// <summary>For messages.</summary>
    public string Table { get; }

    public string TypeName { get; }

    public bool IsNotNull { get; }

    public RedshiftKind Kind { get; }

    /// <summary>Of text and VARBYTE: what the column holds; of numbers: their size.</summary>
    public int MaxBytes { get; }

    public int Precision { get; }

    public int Scale { get; }

    /// <summary>The first unscaled value that is too large.</summary>
    public UInt128 NumericEnd { get; }

    /// <summary>The largest integer.</summary>
    public long Most { get; }

    /// <summary>A time without a zone is in the session's, when that is a fixed offset.</summary>
    public BinaryColumn Zoned { get; }

    /// <summary>For spellings with a zone only.</summary>
    public BinaryColumn AnyZone { get; }

    public bool HasFixedZone { get; }

    /// <summary>What follows a time without a zone: an offset, or a blank and the session zone's name.</summary>
    public byte[] ZoneSuffix { get; }

    private static int? LengthIn(string typeName)
    {
        var open = typeName.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && int.TryParse(typeName.AsSpan(open + 1, typeName.Length - open - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;
    }

    private static UInt128 Power(int exponent)
    {
        UInt128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}

/// <summary>The types that are checked; of the others the server is the only judge.</summary>
internal enum RedshiftKind : byte
{
    Other,
    Boolean,
    Integer,
    Float,
    Numeric,
    Char,
    Varchar,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Super,
    Varbyte,
}
