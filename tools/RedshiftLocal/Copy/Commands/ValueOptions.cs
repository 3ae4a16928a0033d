namespace RedshiftLocal.Copy.Commands;

/// <summary>How fields become values: the data conversion parameters.</summary>
public sealed record ValueOptions
{
    public static ReadOnlyMemory<byte> DefaultNullMarker { get; } = "\\N"u8.ToArray();

    public ReadOnlyMemory<byte> NullMarker { get; init; } = DefaultNullMarker;

    public bool EmptyAsNull { get; init; }

    public bool BlanksAsNull { get; init; }

    public bool FillRecord { get; init; }

    public bool TrimBlanks { get; init; }

    public bool TruncateColumns { get; init; }

    public bool RoundDecimals { get; init; }

    public bool AcceptAnyDate { get; init; }

    /// <summary>The character that replaces each byte of invalid text, or null: invalid text is an error.</summary>
    public byte? InvalidCharacter { get; init; }

    /// <summary>A format, "auto", or null for YYYY-MM-DD.</summary>
    public string? DateFormat { get; init; }

    /// <summary>A format, "auto", "epochsecs", "epochmillisecs", or null for YYYY-MM-DD HH:MI:SS.</summary>
    public string? TimeFormat { get; init; }
}
