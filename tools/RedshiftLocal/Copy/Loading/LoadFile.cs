using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.Loading;

/// <summary>An object to be loaded, and what became of it.</summary>
internal sealed class LoadFile(S3Location place, long size, int slice)
{
    public S3Location Place { get; } = place;

    /// <summary>Bytes as stored.</summary>
    public long Size { get; } = size;

    public int Slice { get; } = slice;

    public string Url => Place.ToString();

    public DateTimeOffset Started { get; set; }

    public DateTimeOffset Ended { get; set; }

    /// <summary>Records read, header lines included.</summary>
    public long Records { get; set; }

    public long Errors { get; set; }

    public long BytesRead { get; set; }

    public bool Complete { get; set; }
}
