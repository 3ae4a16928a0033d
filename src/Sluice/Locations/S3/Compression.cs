namespace Sluice.Locations.S3;

/// <summary>How staged files are compressed.</summary>
public enum Compression
{
    Gzip,
    Zstd,
    None,
}
