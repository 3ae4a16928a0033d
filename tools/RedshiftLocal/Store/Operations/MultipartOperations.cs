using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Operations;

/// <summary>Multipart uploads up to their completion. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html</summary>
internal static class MultipartOperations
{
    private const int MostParts = 10_000;

    public static async Task CreateAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Write);
        WriteOperations.CheckKey(call.Key);
        var headers = ObjectHeaders.Read(call.Request);
        var algorithm = WriteOperations.Algorithm(call.Request);
        var isComposite = IsComposite(algorithm, call.Request.Header("x-amz-checksum-type"));
        var info = new UploadInfo(
            RandomNumberGenerator.GetHexString(64, lowercase: true), call.Key, call.Now, headers, algorithm, isComposite);
        bucket.AddUpload(info);
        ObjectHeaders.WriteEncryption(call.Request, headers);
        if (algorithm is not null)
        {
            call.Request.Response.Headers["x-amz-checksum-algorithm"] = algorithm.Value.Name();
            call.Request.Response.Headers["x-amz-checksum-type"] = isComposite ? "COMPOSITE" : "FULL_OBJECT";
        }

        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "InitiateMultipartUploadResult",
            S3Xml.Element("Bucket", bucket.Info.Name),
            S3Xml.Element("Key", call.Key),
            S3Xml.Element("UploadId", info.Id)));
    }

    public static async Task UploadPartAsync(S3Call call)
    {
        var (bucket, upload, number) = FindTarget(call);
        var sent = call.Payload.Algorithm;
        if (upload.Info.Algorithm is { } expected && sent != expected)
        {
            throw S3Errors.InvalidRequest(
                $"Checksum Type mismatch occurred, expected checksum Type: {expected.Name().ToLowerInvariant()}, actual checksum Type: {sent?.Name().ToLowerInvariant() ?? "null"}");
        }

        var (segment, digest) = await WriteOperations.ReceiveAsync(
            call, sink => call.Payload.ReceiveAsync(sink, ChecksumAlgorithm.Crc64Nvme, Payload.LargestObject, call.Aborted));
        var part = Add(call, bucket, upload, number, segment, digest);
        WriteOperations.WriteResult(call, part.ETag, new StoredChecksum(part.Algorithm, part.Checksum, IsComposite: false));
        call.Request.Response.Headers.Remove("x-amz-checksum-type");
        ObjectHeaders.WriteEncryption(call.Request, upload.Info.Headers);
    }

    public static async Task CopyPartAsync(S3Call call)
    {
        var (bucket, upload, number) = FindTarget(call);
        await using var source = CopySource.Open(call, out _);
        var (segment, digest) = await WriteOperations.ReceiveAsync(call, sink => Payload.CopyAsync(
            source, sink, upload.Info.Algorithm ?? ChecksumAlgorithm.Crc64Nvme, sha256: null, Payload.LargestObject, call.Aborted));
        var part = Add(call, bucket, upload, number, segment, digest);
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "CopyPartResult",
            S3Xml.Element("LastModified", S3Xml.Time(part.LastModified)),
            S3Xml.Element("ETag", $"\"{part.ETag}\""),
            S3Xml.Element(part.Algorithm.ElementName(), part.Checksum)));
    }

    public static Task AbortAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Write);
        var upload = Find(call, bucket);
        lock (upload.Gate)
        {
            if (!upload.IsClosed)
            {
                bucket.CloseUpload(upload, new HashSet<string>());
            }
        }

        S3Answer.NoContent(call.Request);
        return Task.CompletedTask;
    }

    public static async Task ListPartsAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Read);
        var upload = Find(call, bucket);
        var limit = Math.Min(call.Request.Query.Number("max-parts", ListOperations.MostKeys), ListOperations.MostKeys);
        var marker = call.Request.Query.Number("part-number-marker", 0);
        List<UploadPart> parts;
        lock (upload.Gate)
        {
            parts = upload.Parts.Values.Where(part => part.Number > marker).Take(limit + 1).ToList();
        }

        var isTruncated = parts.Count > limit;
        parts = parts.Take(limit).ToList();
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "ListPartsResult",
            S3Xml.Element("Bucket", bucket.Info.Name),
            S3Xml.Element("Key", call.Key),
            S3Xml.Element("UploadId", upload.Info.Id),
            S3Xml.Element("PartNumberMarker", marker),
            S3Xml.Element("NextPartNumberMarker", parts.LastOrDefault()?.Number ?? 0),
            S3Xml.Element("MaxParts", limit),
            S3Xml.Element("IsTruncated", isTruncated),
            S3Xml.Optional("ChecksumAlgorithm", upload.Info.Algorithm?.Name()),
            S3Xml.Optional("ChecksumType", upload.Info.Algorithm is null ? null : upload.Info.IsComposite ? "COMPOSITE" : "FULL_OBJECT"),
            parts.Select(part => S3Xml.Element(
                "Part",
                S3Xml.Element("PartNumber", part.Number),
                S3Xml.Element("LastModified", S3Xml.Time(part.LastModified)),
                S3Xml.Element("ETag", $"\"{part.ETag}\""),
                S3Xml.Element("Size", part.Segment.Length),
                S3Xml.Element(part.Algorithm.ElementName(), part.Checksum)))));
    }

    public static async Task ListUploadsAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.List);
        var query = call.Request.Query;
        if (query["delimiter"] is { Length: > 0 })
        {
            throw S3Errors.NotImplemented("delimiter");
        }

        var limit = Math.Clamp(query.Number("max-uploads", ListOperations.MostKeys), 1, ListOperations.MostKeys);
        var (prefix, keyMarker, idMarker) = (query["prefix"] ?? "", query["key-marker"] ?? "", query["upload-id-marker"] ?? "");
        Func<string, string> text = query["encoding-type"] == "url" ? UriText.EncodeForListing : value => value;
        var found = bucket.Uploads.Select(upload => upload.Info)
            .Where(info => info.Key.StartsWith(prefix, StringComparison.Ordinal) && IsBehind(info, keyMarker, idMarker))
            .Order(Comparer<UploadInfo>.Create(CompareUploads))
            .Take(limit + 1)
            .ToList();
        var isTruncated = found.Count > limit;
        found = found.Take(limit).ToList();
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "ListMultipartUploadsResult",
            S3Xml.Element("Bucket", bucket.Info.Name),
            S3Xml.Element("KeyMarker", text(keyMarker)),
            S3Xml.Element("UploadIdMarker", idMarker),
            S3Xml.Optional("NextKeyMarker", isTruncated ? text(found[^1].Key) : null),
            S3Xml.Optional("NextUploadIdMarker", isTruncated ? found[^1].Id : null),
            S3Xml.Element("Prefix", text(prefix)),
            S3Xml.Optional("EncodingType", query["encoding-type"]),
            S3Xml.Element("MaxUploads", limit),
            S3Xml.Element("IsTruncated", isTruncated),
            found.Select(info => Describe(info, text, bucket.Info.Owner))));
    }

    /// <summary>The upload that is addressed, by its id and its key.</summary>
    public static Upload Find(S3Call call, Bucket bucket)
    {
        var id = call.Request.Query["uploadId"]!;
        return bucket.FindUpload(id) is { } upload && upload.Info.Key == call.Key ? upload : throw S3Errors.NoSuchUpload(id);
    }

    private static bool IsComposite(ChecksumAlgorithm? algorithm, string? type)
    {
        if (type is not (null or "COMPOSITE" or "FULL_OBJECT"))
        {
            throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid.");
        }

        if (algorithm is null)
        {
            return type is null
                ? false
                : throw S3Errors.InvalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }

        var isComposite = type is null ? algorithm != ChecksumAlgorithm.Crc64Nvme : type == "COMPOSITE";
        var isPossible = isComposite ? algorithm != ChecksumAlgorithm.Crc64Nvme : algorithm.Value.Crc() is not null;
        return isPossible
            ? isComposite
            : throw S3Errors.InvalidRequest(
                $"The {type} checksum type cannot be used with the {algorithm.Value.Name().ToLowerInvariant()} checksum algorithm.");
    }

    private static (Bucket Bucket, Upload Upload, int Number) FindTarget(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Write);
        var text = call.Request.Query["partNumber"];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MostParts)
        {
            throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text ?? "");
        }

        return (bucket, Find(call, bucket), number);
    }

    private static UploadPart Add(S3Call call, Bucket bucket, Upload upload, int number, Segment segment, PayloadDigest digest)
    {
        var part = new UploadPart(
            number, digest.Md5Hex, segment, digest.Algorithm, Convert.ToBase64String(digest.Checksum), call.Now);
        try
        {
            bucket.PutPart(upload, part);
            return part;
        }
        catch
        {
            call.Store.Data.Delete([segment]);
            throw;
        }
    }

    private static bool IsBehind(UploadInfo info, string keyMarker, string idMarker)
    {
        var order = Utf8Order.Compare(info.Key, keyMarker);
        return order > 0 || (order == 0 && idMarker.Length > 0 && string.CompareOrdinal(info.Id, idMarker) > 0);
    }

    private static int CompareUploads(UploadInfo left, UploadInfo right)
    {
        var order = Utf8Order.Compare(left.Key, right.Key);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }

    private static XElement Describe(UploadInfo info, Func<string, string> text, string owner) => S3Xml.Element(
        "Upload",
        S3Xml.Element("Key", text(info.Key)),
        S3Xml.Element("UploadId", info.Id),
        ListOperations.Owner(owner),
        S3Xml.Element("StorageClass", info.Headers.GetValueOrDefault(ObjectHeaders.StorageClass, "STANDARD")),
        S3Xml.Element("Initiated", S3Xml.Time(info.Initiated)),
        S3Xml.Optional("ChecksumAlgorithm", info.Algorithm?.Name()));
}
