using System.Collections.Immutable;

namespace RedshiftLocal.Copy.Commands;

/// <summary>A COPY … FROM 's3://…' as written, its options checked against each other but not against the table.</summary>
public sealed record CopyCommand
{
    /// <summary>The schema, or null: found by the search path.</summary>
    public string? Schema { get; init; }

    public required string Table { get; init; }

    /// <summary>The listed columns in file order; empty when no list was written.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    public required S3Location Source { get; init; }

    public required CopyAuthorization Authorization { get; init; }

    public bool Manifest { get; init; }

    /// <summary>The bucket's region where it was given.</summary>
    public string? Region { get; init; }

    public CopyCompression Compression { get; init; }

    public CopyEncoding Encoding { get; init; }

    public RecordFormat Records { get; init; } = new();

    public ValueOptions Values { get; init; } = new();

    public bool ExplicitIds { get; init; }

    /// <summary>The number of bad rows at which the load fails, at least 1; <see cref="long.MaxValue"/> for IGNOREALLERRORS.</summary>
    public long MaxErrors { get; init; } = 1;

    /// <summary>MAXERROR above 1 or IGNOREALLERRORS: bad rows are counted in a notice.</summary>
    public bool ToleratesErrors => MaxErrors > 1;

    public bool NoLoad { get; init; }

    /// <summary>STATUPDATE ON or OFF was written, which only an owner may.</summary>
    public bool StatUpdateGiven { get; init; }
}

/// <summary>A bucket and a key, or a prefix of keys.</summary>
public sealed record S3Location(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    public override string ToString() => $"{Scheme}{Bucket}/{Key}";

    /// <summary>Reads s3://bucket/key; null when it is something else or has no bucket.</summary>
    public static S3Location? Parse(string url)
    {
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = url[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        return bucket.Length == 0 ? null : new S3Location(bucket, slash < 0 ? "" : rest[(slash + 1)..]);
    }
}

public enum CopyCompression
{
    None,
    Gzip,
    Zstd,
    Bzip2,
}

/// <summary>The encoding of the files, after decompression.</summary>
public enum CopyEncoding
{
    Utf8,

    /// <summary>The byte order mark decides, and must be there.</summary>
    Utf16,
    Utf16LittleEndian,
    Utf16BigEndian,
}
