using System.Collections.Immutable;
using System.Text;

namespace RedshiftLocal.Store.Operations;

/// <summary>The headers of an upload that are kept with the object, and those that are refused.</summary>
internal static class ObjectHeaders
{
    public const string Encryption = "x-amz-server-side-encryption";
    public const string StorageClass = "x-amz-storage-class";
    public const string MetadataPrefix = "x-amz-meta-";

    private const int MostMetadataBytes = 2048;

    private static readonly string[] Standard =
        ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"];

    private static readonly string[] Refused =
    [
        "x-amz-tagging", "x-amz-tagging-directive", "x-amz-object-lock-", "x-amz-website-redirect-location", "x-amz-write-offset-bytes",
        "x-amz-server-side-encryption-customer-", "x-amz-copy-source-server-side-encryption-customer-",
    ];

    public static ImmutableDictionary<string, string> Read(S3Request request)
    {
        var kept = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var metadataBytes = 0;
        foreach (var (mixedName, values) in request.Http.Request.Headers)
        {
            var name = mixedName.ToLowerInvariant();
            var value = values.ToString();
            CheckSupported(name, value);
            var isMetadata = name.StartsWith(MetadataPrefix, StringComparison.Ordinal);
            if (isMetadata)
            {
                metadataBytes += Encoding.UTF8.GetByteCount(name) - MetadataPrefix.Length + Encoding.UTF8.GetByteCount(value);
            }

            if (isMetadata || Standard.Contains(name) || name == StorageClass || name.StartsWith(Encryption, StringComparison.Ordinal))
            {
                kept[name] = RequirePrintable(name, name == "content-encoding" ? WithoutChunking(value) : value);
            }
        }

        if (metadataBytes > MostMetadataBytes)
        {
            throw new S3Exception(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
        }

        if (kept.GetValueOrDefault("content-encoding") is "")
        {
            kept.Remove("content-encoding");
        }

        kept.TryAdd("content-type", "binary/octet-stream");
        CheckEncryption(kept);
        CheckStorageClass(kept);
        return kept.ToImmutable();
    }

    /// <summary>Those of an answer to an upload.</summary>
    public static void WriteEncryption(S3Request request, ImmutableDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers.Where(header => header.Key.StartsWith(Encryption, StringComparison.Ordinal)))
        {
            request.Response.Headers[name] = value;
        }
    }

    /// <summary>What a header can hold, so that it can be sent back.</summary>
    public static string RequirePrintable(string name, string value) =>
        value.Any(char.IsControl) ? throw S3Errors.InvalidArgument($"{name} holds a control character", name, "") : value;

    private static void CheckSupported(string name, string value)
    {
        if (Refused.Any(refused => refused.EndsWith('-') ? name.StartsWith(refused, StringComparison.Ordinal) : name == refused))
        {
            throw S3Errors.NotImplemented(name);
        }

        var isGrant = name.StartsWith("x-amz-grant-", StringComparison.Ordinal);
        if (isGrant || (name == "x-amz-acl" && value is not ("private" or "bucket-owner-full-control")))
        {
            throw new S3Exception(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
        }
    }

    private static string WithoutChunking(string value) => string.Join(
        ',', value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(coding => coding != "aws-chunked"));

    private static void CheckEncryption(ImmutableDictionary<string, string>.Builder kept)
    {
        kept.TryAdd(Encryption, "AES256");
        var method = kept[Encryption];
        if (method is not ("AES256" or "aws:kms" or "aws:kms:dsse"))
        {
            throw S3Errors.InvalidArgument("The encryption method specified is not supported", Encryption, method);
        }

        if (method == "AES256" && kept.ContainsKey(Encryption + "-aws-kms-key-id"))
        {
            throw S3Errors.InvalidArgument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms", Encryption, method);
        }
    }

    private static void CheckStorageClass(ImmutableDictionary<string, string>.Builder kept)
    {
        switch (kept.GetValueOrDefault(StorageClass))
        {
            case null or "STANDARD":
                kept.Remove(StorageClass);
                break;
            case "REDUCED_REDUNDANCY" or "STANDARD_IA" or "ONEZONE_IA" or "INTELLIGENT_TIERING" or "GLACIER_IR":
                break;
            case "GLACIER" or "DEEP_ARCHIVE":
                throw S3Errors.NotImplemented(StorageClass);
            default:
                throw new S3Exception(400, "InvalidStorageClass", "The storage class you specified is not valid");
        }
    }
}
