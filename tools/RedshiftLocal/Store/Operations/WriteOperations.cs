using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Operations;

/// <summary>PUT, DELETE and copying of objects.</summary>
internal static class WriteOperations
{
    private const int LongestKeyBytes = 1024;

    public static async Task PutAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Write);
        CheckKey(call.Key);
        var headers = ObjectHeaders.Read(call.Request);
        var check = Conditions.ForWrite(call.Request);
        check(bucket.Find(call.Key));
        var (segment, digest) = await ReceiveAsync(
            call, sink => call.Payload.ReceiveAsync(sink, ChecksumAlgorithm.Crc64Nvme, Payload.LargestObject, call.Aborted));
        var stored = Store(call, bucket, segment, digest, headers, check);
        WriteResult(call, stored.ETag, stored.Checksum);
        ObjectHeaders.WriteEncryption(call.Request, headers);
    }

    public static async Task CopyAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Write);
        CheckKey(call.Key);
        var requested = ObjectHeaders.Read(call.Request);
        var check = Conditions.ForWrite(call.Request);
        var directive = call.Request.Header("x-amz-metadata-directive") ?? "COPY";
        if (directive is not ("COPY" or "REPLACE"))
        {
            throw S3Errors.InvalidArgument("Unknown metadata directive.", "x-amz-metadata-directive", directive);
        }

        await using var source = CopySource.Open(call, out var original);
        var changes = call.Request.Header(ObjectHeaders.Encryption) is not null || call.Request.Header(ObjectHeaders.StorageClass) is not null;
        if (directive == "COPY" && !changes && ReferenceEquals(bucket.Find(call.Key), original))
        {
            throw S3Errors.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        var headers = directive == "REPLACE" ? requested : Merge(original.Headers, requested);
        var (segment, digest) = await ReceiveAsync(call, sink => Payload.CopyAsync(
            source, sink, Algorithm(call.Request) ?? original.Checksum.Algorithm, sha256: null, Payload.LargestObject, call.Aborted));
        var stored = Store(call, bucket, segment, digest, headers, check);
        ObjectHeaders.WriteEncryption(call.Request, headers);
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "CopyObjectResult",
            S3Xml.Element("LastModified", S3Xml.Time(stored.LastModified)),
            S3Xml.Element("ETag", $"\"{stored.ETag}\""),
            S3Xml.Element(digest.Algorithm.ElementName(), stored.Checksum.Value),
            S3Xml.Element("ChecksumType", stored.Checksum.TypeName)));
    }

    public static Task DeleteAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Delete);
        if (call.Request.Header("If-Match") is not null)
        {
            throw S3Errors.NotImplemented("If-Match");
        }

        if (call.Request.Query["versionId"] is { } version and not "null")
        {
            throw S3Errors.InvalidArgument("Invalid version id specified", "versionId", version);
        }

        bucket.Remove(call.Key);
        S3Answer.NoContent(call.Request);
        return Task.CompletedTask;
    }

    public static void CheckKey(string key)
    {
        var size = Encoding.UTF8.GetByteCount(key);
        if (size > LongestKeyBytes)
        {
            throw new S3Exception(
                400,
                "KeyTooLongError",
                "Your key is too long",
                ("Size", size.ToString(CultureInfo.InvariantCulture)),
                ("MaxSizeAllowed", LongestKeyBytes.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>The algorithm that x-amz-checksum-algorithm names, or null.</summary>
    public static ChecksumAlgorithm? Algorithm(S3Request request) => request.Header("x-amz-checksum-algorithm") is { } name
        ? ChecksumAlgorithms.Find(name)
            ?? throw S3Errors.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
        : null;

    /// <summary>Fills a new data file; nothing is left of it when that fails.</summary>
    public static async Task<(Segment Segment, PayloadDigest Digest)> ReceiveAsync(S3Call call, Func<Stream, Task<PayloadDigest>> fill)
    {
        var (name, stream) = call.Store.Data.Create();
        try
        {
            await using (stream)
            {
                var digest = await fill(stream);
                return (new Segment(name, digest.Length), digest);
            }
        }
        catch
        {
            call.Store.Data.Delete([new Segment(name, 0)]);
            throw;
        }
    }

    /// <summary>ETag and checksum of what was received, in the headers of the answer.</summary>
    public static void WriteResult(S3Call call, string etag, StoredChecksum checksum)
    {
        call.Request.Response.Headers.ETag = call.SendsWrongChecksum ? "\"00000000000000000000000000000000\"" : $"\"{etag}\"";
        call.Request.Response.Headers[checksum.Algorithm.HeaderName()] = checksum.Value;
        call.Request.Response.Headers["x-amz-checksum-type"] = checksum.TypeName;
    }

    private static StoredObject Store(
        S3Call call, Bucket bucket, Segment segment, PayloadDigest digest, ImmutableDictionary<string, string> headers, Action<StoredObject?> check)
    {
        var stored = new StoredObject
        {
            Key = call.Key,
            Size = digest.Length,
            ETag = digest.Md5Hex,
            LastModified = call.Now,
            Segments = [segment],
            Headers = headers,
            Checksum = new StoredChecksum(digest.Algorithm, Convert.ToBase64String(digest.Checksum), IsComposite: false),
        };
        try
        {
            bucket.Put(stored, check);
            return stored;
        }
        catch
        {
            call.Store.Data.Delete([segment]);
            throw;
        }
    }

    // A plain copy keeps the headers; encryption and storage class are the request's.
    private static ImmutableDictionary<string, string> Merge(
        ImmutableDictionary<string, string> original, ImmutableDictionary<string, string> requested) => original
        .Where(header => !IsPlacement(header.Key))
        .Concat(requested.Where(header => IsPlacement(header.Key)))
        .ToImmutableDictionary(StringComparer.Ordinal);

    private static bool IsPlacement(string name) =>
        name == ObjectHeaders.StorageClass || name.StartsWith(ObjectHeaders.Encryption, StringComparison.Ordinal);
}
