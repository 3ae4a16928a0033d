using System.Text;
using System.Xml.Linq;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Operations;

/// <summary>ListObjects in both versions. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html</summary>
internal static class ListOperations
{
    public const int MostKeys = 1000;

    public static async Task ListV2Async(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.List);
        var query = call.Request.Query;
        var token = query["continuation-token"];
        var after = token is null ? query["start-after"] ?? "" : DecodeToken(token);
        var page = new Page(call);
        var listing = KeyListing.Read(bucket.Objects, page.Prefix, page.Delimiter, after, page.Limit);
        var owner = query["fetch-owner"] == "true" ? Owner(bucket.Info.Owner) : null;
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", bucket.Info.Name),
            S3Xml.Element("Prefix", page.Text(page.Prefix)),
            query["start-after"] is { } startAfter ? S3Xml.Element("StartAfter", page.Text(startAfter)) : null,
            S3Xml.Optional("ContinuationToken", token),
            S3Xml.Optional("NextContinuationToken", listing.IsTruncated ? EncodeToken(listing.Last!) : null),
            S3Xml.Element("KeyCount", listing.Objects.Count + listing.Prefixes.Count),
            S3Xml.Element("MaxKeys", page.Limit),
            page.Delimiter.Length == 0 ? null : S3Xml.Element("Delimiter", page.Text(page.Delimiter)),
            page.IsEncoded ? S3Xml.Element("EncodingType", "url") : null,
            S3Xml.Element("IsTruncated", listing.IsTruncated),
            listing.Objects.Select(stored => Content(page, stored, owner)),
            listing.Prefixes.Select(prefix => S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", page.Text(prefix))))));
    }

    public static async Task ListV1Async(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.List);
        var marker = call.Request.Query["marker"] ?? "";
        var page = new Page(call);
        var listing = KeyListing.Read(bucket.Objects, page.Prefix, page.Delimiter, marker, page.Limit);
        var hasNext = listing.IsTruncated && page.Delimiter.Length > 0;
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "ListBucketResult",
            S3Xml.Element("Name", bucket.Info.Name),
            S3Xml.Element("Prefix", page.Text(page.Prefix)),
            S3Xml.Element("Marker", page.Text(marker)),
            hasNext ? S3Xml.Element("NextMarker", page.Text(listing.Last!)) : null,
            S3Xml.Element("MaxKeys", page.Limit),
            page.Delimiter.Length == 0 ? null : S3Xml.Element("Delimiter", page.Text(page.Delimiter)),
            page.IsEncoded ? S3Xml.Element("EncodingType", "url") : null,
            S3Xml.Element("IsTruncated", listing.IsTruncated),
            listing.Objects.Select(stored => Content(page, stored, Owner(bucket.Info.Owner))),
            listing.Prefixes.Select(prefix => S3Xml.Element("CommonPrefixes", S3Xml.Element("Prefix", page.Text(prefix))))));
    }

    public static XElement Owner(string account) => S3Xml.Element("Owner", S3Xml.Element("ID", account), S3Xml.Element("DisplayName", account));

    private static XElement Content(Page page, StoredObject stored, XElement? owner) => S3Xml.Element(
        "Contents",
        S3Xml.Element("Key", page.Text(stored.Key)),
        S3Xml.Element("LastModified", S3Xml.Time(stored.LastModified)),
        S3Xml.Element("ETag", $"\"{stored.ETag}\""),
        S3Xml.Element("ChecksumAlgorithm", stored.Checksum.Algorithm.Name()),
        S3Xml.Element("ChecksumType", stored.Checksum.TypeName),
        S3Xml.Element("Size", stored.Size),
        owner,
        S3Xml.Element("StorageClass", stored.Headers.GetValueOrDefault(ObjectHeaders.StorageClass, "STANDARD")));

    private static string EncodeToken(string last) => "1" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(last));

    private static string DecodeToken(string token)
    {
        try
        {
            return token.StartsWith('1') && token.Length > 1
                ? new UTF8Encoding(false, true).GetString(Convert.FromHexString(token.AsSpan(1)))
                : throw BadToken(token);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw BadToken(token);
        }
    }

    private static S3Exception BadToken(string token) =>
        S3Errors.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token);

    /// <summary>What both versions are asked.</summary>
    private sealed class Page
    {
        public Page(S3Call call)
        {
            var query = call.Request.Query;
            Prefix = query["prefix"] ?? "";
            Delimiter = query["delimiter"] ?? "";
            Limit = Math.Min(query.Number("max-keys", MostKeys), MostKeys);
            IsEncoded = query["encoding-type"] switch
            {
                null or "" => false,
                "url" => true,
                var other => throw S3Errors.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", other),
            };
        }

        public string Prefix { get; }

        public string Delimiter { get; }

        public int Limit { get; }

        public bool IsEncoded { get; }

        public string Text(string value) => IsEncoded ? UriText.EncodeForListing(value) : value;
    }
}
