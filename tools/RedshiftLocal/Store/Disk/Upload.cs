using System.Collections.Immutable;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Disk;

/// <summary>What was said when a multipart upload was begun.</summary>
/// <remarks>Algorithm: Null: none was named, parts may bring what they like.</remarks>
internal sealed record UploadInfo(
    string Id, string Key, DateTimeOffset Initiated, ImmutableDictionary<string, string> Headers, ChecksumAlgorithm? Algorithm, bool IsComposite);

/// <summary>A part of an upload that is not complete.</summary>
internal sealed record UploadPart(
    int Number, string ETag, Segment Segment, ChecksumAlgorithm Algorithm, string Checksum, DateTimeOffset LastModified);

/// <summary>A multipart upload under way. Lock it to touch its parts.</summary>
internal sealed class Upload(UploadInfo info)
{
    public UploadInfo Info => info;

    public Lock Gate { get; } = new();

    public SortedDictionary<int, UploadPart> Parts { get; } = [];

    /// <summary>Completed or aborted: no part may be added any more.</summary>
    public bool IsClosed { get; set; }
}
