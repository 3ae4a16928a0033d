namespace Sluice.Catalog;

/// <summary>What the values of a column are, found by reading all of them.</summary>
public sealed record ColumnMeasure
{
    public required string Column { get; init; }

    public long Nulls { get; init; }

    /// <summary>Other than NULL.</summary>
    public long Values { get; init; }

    /// <summary>Without a byte.</summary>
    public long Empty { get; init; }

    /// <summary>Of the longest value, as text in UTF-8; of bytes, their number.</summary>
    public long MaxBytes { get; init; }

    public bool IsAscii { get; init; } = true;

    /// <summary>Digits before the point, at most; of those values that are numbers.</summary>
    public int IntegerDigits { get; init; }

    /// <summary>Digits behind the point, at most.</summary>
    public int Scale { get; init; }

    /// <summary>The largest integer; null where there is none.</summary>
    public long? Largest { get; init; }
}
