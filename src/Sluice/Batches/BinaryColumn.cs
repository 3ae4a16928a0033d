namespace Sluice.Batches;

/// <summary>What the encoder needs to know of a column, worked out once.</summary>
internal readonly struct BinaryColumn
{
    public readonly BinaryType Type;

    /// <summary>The characters that varchar(n) and char(n) hold.</summary>
    public readonly int MaxCharacters;

    public readonly bool HasZone;
    public readonly long ZoneMicroseconds;

    public BinaryColumn(ColumnEncoding column)
    {
        // atttypmod of the character types is n + 4.
        const int VarHeaderBytes = 4;
        Type = column.Type;
        MaxCharacters = column.TypeModifier < VarHeaderBytes ? int.MaxValue : column.TypeModifier - VarHeaderBytes;
        HasZone = column.SessionZoneOffset is not null;
        ZoneMicroseconds = (column.SessionZoneOffset ?? TimeSpan.Zero).Ticks / TimeSpan.TicksPerMicrosecond;
    }
}
