namespace Sluice.Commands;

/// <summary>How a file in COPY text format is read.</summary>
public sealed record CopyOptions
{
    /// <summary><c>skip header = n</c>: lines to drop from each file.</summary>
    public long SkipLines { get; init; }

    /// <summary>One character.</summary>
    public string Delimiter { get; init; } = "\t";

    /// <summary>The text that stands for NULL.</summary>
    public string NullMarker { get; init; } = @"\N";

    /// <summary><c>strict fields</c>: a line with too few or too many fields is rejected.</summary>
    public bool StrictFields { get; init; }
}
