using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Operations;

/// <summary>What x-amz-copy-source names.</summary>
internal static class CopySource
{
    /// <summary>The object, or the range of it, opened; conditions and rights are checked.</summary>
    public static SegmentStream Open(S3Call call, out StoredObject original)
    {
        var header = call.Request.Header("x-amz-copy-source")!;
        var question = header.IndexOf("?versionId=", StringComparison.Ordinal);
        var text = UriText.Decode(question < 0 ? header : header[..question], plusIsSpace: false)?.TrimStart('/');
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (text is null || slash <= 0 || slash == text.Length - 1)
        {
            throw S3Errors.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source", header);
        }

        if (question >= 0 && header[(question + "?versionId=".Length)..] != "null")
        {
            throw S3Errors.InvalidArgument("Invalid version id specified", "x-amz-copy-source", header);
        }

        var bucket = call.Store.Find(text[..slash]) ?? throw S3Errors.NoSuchBucket(text[..slash]);
        call.CheckOwner(bucket, "x-amz-source-expected-bucket-owner");
        call.Caller.Demand(bucket.Info.Name, S3Rights.Read);
        return ReadOperations.Open(call, bucket, text[(slash + 1)..], found => Choose(call.Request, found), out original);
    }

    private static ByteRange Choose(S3Request request, StoredObject found)
    {
        Conditions.CheckRead(request, found, "x-amz-copy-source-");
        var header = request.Header("x-amz-copy-source-range");
        var range = header is null
            ? new ByteRange(0, found.Size, IsPart: false)
            : ByteRange.Parse(header, found.Size)
                ?? throw S3Errors.InvalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                    "x-amz-copy-source-range",
                    header);
        return range.Length <= Payload.LargestObject
            ? range
            : throw S3Errors.InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
    }
}
