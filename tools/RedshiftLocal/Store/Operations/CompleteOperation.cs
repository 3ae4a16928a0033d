using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Operations;

/// <summary>
/// Makes an object of the parts of an upload. No byte is copied: the object's pieces are the parts' files.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
/// </summary>
internal static class CompleteOperation
{
    private const long SmallestPart = 5 << 20;
    private const int LargestBody = 4 << 20;

    public static async Task CompleteAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Write);
        var upload = MultipartOperations.Find(call, bucket);
        var check = Conditions.ForWrite(call.Request);
        var wanted = Read(await call.Payload.ReceiveAllAsync(LargestBody, call.Aborted));
        List<UploadPart> parts;
        lock (upload.Gate)
        {
            parts = Choose(upload, wanted);
        }

        var checksum = await ChecksumAsync(call, upload.Info, parts);
        VerifyPromises(call, checksum, parts);
        var stored = new StoredObject
        {
            Key = upload.Info.Key,
            Size = parts.Sum(part => part.Segment.Length),
            ETag = ETag(parts),
            LastModified = call.Now,
            Segments = [.. parts.Select(part => part.Segment)],
            Headers = upload.Info.Headers,
            Checksum = checksum,
        };
        Commit(bucket, upload, stored, parts, check);
        ObjectHeaders.WriteEncryption(call.Request, stored.Headers);
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "CompleteMultipartUploadResult",
            S3Xml.Element("Location", $"http://{call.Request.Header("Host")}/{bucket.Info.Name}/{UriText.Encode(stored.Key, keepSlashes: true)}"),
            S3Xml.Element("Bucket", bucket.Info.Name),
            S3Xml.Element("Key", stored.Key),
            S3Xml.Element("ETag", $"\"{stored.ETag}\""),
            S3Xml.Element(checksum.Algorithm.ElementName(), checksum.Value),
            S3Xml.Element("ChecksumType", checksum.TypeName)));
    }

    private static List<WantedPart> Read(ReadOnlyMemory<byte> body)
    {
        var wanted = new List<WantedPart>();
        foreach (var element in S3Xml.Parse(body, "CompleteMultipartUpload").Children("Part"))
        {
            var isNumber = int.TryParse(element.Text("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            var etag = element.Text("ETag")?.Trim('"');
            if (!isNumber || etag is null)
            {
                throw S3Errors.MalformedXml();
            }

            wanted.Add(new WantedPart(number, etag, element));
        }

        return wanted.Count > 0 ? wanted : throw S3Errors.MalformedXml();
    }

    private static List<UploadPart> Choose(Upload upload, List<WantedPart> wanted)
    {
        var parts = new List<UploadPart>();
        foreach (var item in wanted)
        {
            if (parts.Count > 0 && item.Number <= parts[^1].Number)
            {
                throw new S3Exception(
                    400,
                    "InvalidPartOrder",
                    "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
                    ("UploadId", upload.Info.Id));
            }

            if (!upload.Parts.TryGetValue(item.Number, out var part) || part.ETag != item.ETag)
            {
                throw InvalidPart(upload, item);
            }

            CheckChecksum(upload, item, part);
            parts.Add(part);
        }

        if (parts.SkipLast(1).FirstOrDefault(part => part.Segment.Length < SmallestPart) is { } small)
        {
            throw new S3Exception(
                400,
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                ("ProposedSize", small.Segment.Length.ToString(CultureInfo.InvariantCulture)),
                ("MinSizeAllowed", SmallestPart.ToString(CultureInfo.InvariantCulture)),
                ("PartNumber", small.Number.ToString(CultureInfo.InvariantCulture)),
                ("ETag", small.ETag));
        }

        return parts;
    }

    private static void CheckChecksum(Upload upload, WantedPart item, UploadPart part)
    {
        var given = item.Element.Text(part.Algorithm.ElementName());
        if (given is null && upload.Info is { Algorithm: { } algorithm, IsComposite: true })
        {
            throw S3Errors.InvalidRequest(string.Create(
                CultureInfo.InvariantCulture,
                $"The upload was created using a {algorithm.Name().ToLowerInvariant()} checksum. The complete request must include the checksum for each part. It was missing for part {item.Number} in the request."));
        }

        if (given is not null && given != part.Checksum)
        {
            throw InvalidPart(upload, item);
        }
    }

    private static S3Exception InvalidPart(Upload upload, WantedPart item) => new(
        400,
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        ("UploadId", upload.Info.Id),
        ("PartNumber", item.Number.ToString(CultureInfo.InvariantCulture)),
        ("ETag", item.ETag));

    private static string ETag(List<UploadPart> parts)
    {
        var all = parts.SelectMany(part => Convert.FromHexString(part.ETag)).ToArray();
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(all);
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(md5.GetHashAndReset())}-{parts.Count}");
    }

    private static async Task<StoredChecksum> ChecksumAsync(S3Call call, UploadInfo info, List<UploadPart> parts)
    {
        var algorithm = info.Algorithm ?? ChecksumAlgorithm.Crc64Nvme;
        if (info.IsComposite)
        {
            var all = parts.SelectMany(part => Convert.FromBase64String(part.Checksum)).ToArray();
            var value = Convert.ToBase64String(algorithm.Of(all));
            return new StoredChecksum(algorithm, string.Create(CultureInfo.InvariantCulture, $"{value}-{parts.Count}"), IsComposite: true);
        }

        if (parts.All(part => part.Algorithm == algorithm))
        {
            var crc = algorithm.Crc()!;
            var value = parts.Aggregate(
                0UL, (sum, part) => crc.Combine(sum, Crc.FromBytes(Convert.FromBase64String(part.Checksum)), part.Segment.Length));
            return new StoredChecksum(algorithm, Convert.ToBase64String(crc.ToBytes(value)), IsComposite: false);
        }

        // Parts came with checksums of another kind: the object's own has to be computed from its bytes.
        var segments = parts.Select(part => part.Segment).ToList();
        await using var stream = call.Store.Data.Open([.. segments], 0, segments.Sum(segment => segment.Length))
            ?? throw S3Errors.NoSuchUpload(info.Id);
        var digest = await Payload.CopyAsync(stream, Stream.Null, algorithm, sha256: null, long.MaxValue, call.Aborted);
        return new StoredChecksum(algorithm, Convert.ToBase64String(digest.Checksum), IsComposite: false);
    }

    private static void VerifyPromises(S3Call call, StoredChecksum checksum, List<UploadPart> parts)
    {
        if (call.Request.Header(checksum.Algorithm.HeaderName()) is { } promised && promised != checksum.Value)
        {
            throw new S3Exception(
                400, "BadDigest", $"The {checksum.Algorithm.Name()} you specified did not match the calculated checksum.");
        }

        if (call.Request.NumberHeader("x-amz-mp-object-size") is { } size && size != parts.Sum(part => part.Segment.Length))
        {
            throw S3Errors.InvalidRequest("The provided 'x-amz-mp-object-size' header value does not match what was computed.");
        }
    }

    private static void Commit(Bucket bucket, Upload upload, StoredObject stored, List<UploadPart> parts, Action<StoredObject?> check)
    {
        lock (upload.Gate)
        {
            var isUnchanged = !upload.IsClosed
                && parts.All(part => upload.Parts.TryGetValue(part.Number, out var present) && ReferenceEquals(present, part));
            if (!isUnchanged)
            {
                throw S3Errors.NoSuchUpload(upload.Info.Id);
            }

            bucket.Put(stored, check);
            bucket.CloseUpload(upload, stored.Segments.Select(segment => segment.File).ToHashSet(StringComparer.Ordinal));
        }
    }

    private sealed record WantedPart(int Number, string ETag, XElement Element);
}
