using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Disk;

/// <summary>A piece of an object: a file in the data folder.</summary>
internal sealed record Segment(string File, long Length);

/// <summary>A checksum as it is shown; composite ones end with the number of parts.</summary>
internal sealed record StoredChecksum(ChecksumAlgorithm Algorithm, string Value, bool IsComposite)
{
    [JsonIgnore]
    public string TypeName => IsComposite ? "COMPOSITE" : "FULL_OBJECT";
}

/// <summary>An object: its headers, and where its bytes are. One segment a part.</summary>
internal sealed record StoredObject
{
    public required string Key { get; init; }

    public required long Size { get; init; }

    /// <summary>Without quotes.</summary>
    public required string ETag { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    public required ImmutableArray<Segment> Segments { get; init; }

    /// <summary>Content-Type and so on, x-amz-meta-…, as they are sent back; names in lower case.</summary>
    public required ImmutableDictionary<string, string> Headers { get; init; }

    public required StoredChecksum Checksum { get; init; }

    [JsonIgnore]
    public bool IsMultipart => ETag.Contains('-', StringComparison.Ordinal);

    /// <summary>Whole seconds, as HTTP headers have.</summary>
    [JsonIgnore]
    public DateTimeOffset LastModifiedSeconds => DateTimeOffset.FromUnixTimeSeconds(LastModified.ToUnixTimeSeconds());
}
