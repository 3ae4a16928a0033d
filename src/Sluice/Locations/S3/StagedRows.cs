namespace Sluice.Locations.S3;

/// <summary>
/// Rows that a source laid ready in S3 for whoever can read from there: delimited text in which a backslash makes the next byte part of a value.
/// </summary>
public sealed record StagedRows
{
    /// <summary><c>s3://bucket/key</c> of the manifest that names the files.</summary>
    public required string Manifest { get; init; }

    /// <summary>The bucket's.</summary>
    public required string Region { get; init; }

    public required Compression Compression { get; init; }

    public required char Delimiter { get; init; }

    /// <summary>What stands for NULL, and for nothing else.</summary>
    public required string NullMarker { get; init; }

    /// <summary>How many there are.</summary>
    public required long Rows { get; init; }
}
