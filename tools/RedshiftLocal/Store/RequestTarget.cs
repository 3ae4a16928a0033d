using System.Net;

namespace RedshiftLocal.Store;

/// <summary>What a request addresses: bucket and key, from the path or from the host name.</summary>
/// <remarks>Path: Decoded, as it was sent. Bucket: Null: the service itself. Key: Null: the bucket.</remarks>
internal sealed record RequestTarget(string Path, QueryValues Query, string? Bucket, string? Key)
{
    /// <summary>Throws InvalidURI for what cannot be decoded.</summary>
    public static RequestTarget Parse(string rawTarget, string host, IReadOnlyList<string> hostNames)
    {
        var text = rawTarget;
        if (!text.StartsWith('/'))
        {
            var authority = text.IndexOf("://", StringComparison.Ordinal);
            var slash = authority < 0 ? -1 : text.IndexOf('/', authority + 3);
            text = slash < 0 ? "/" : text[slash..];
        }

        var question = text.IndexOf('?', StringComparison.Ordinal);
        var path = UriText.Decode(question < 0 ? text : text.AsSpan(0, question), plusIsSpace: false);
        var query = QueryValues.Parse(question < 0 ? "" : text.AsSpan(question + 1));
        if (path is null || query is null)
        {
            throw S3Errors.InvalidUri(rawTarget);
        }

        if (BucketOfHost(host, hostNames) is { } bucket)
        {
            return new RequestTarget(path, query, bucket, path.Length > 1 ? path[1..] : null);
        }

        var end = path.IndexOf('/', 1);
        var name = end < 0 ? path[1..] : path[1..end];
        var key = end < 0 || end + 1 == path.Length ? null : path[(end + 1)..];
        return name.Length == 0 && key is not null ? throw S3Errors.InvalidUri(rawTarget)
            : new RequestTarget(path, query, name.Length == 0 ? null : name, key);
    }

    /// <summary>BUCKET.NAME, BUCKET.s3.NAME or BUCKET.s3.REGION.NAME; null for an address of the service.</summary>
    internal static string? BucketOfHost(string host, IReadOnlyList<string> hostNames)
    {
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            host = host[..colon];
        }

        if (IPAddress.TryParse(host, out _))
        {
            return null;
        }

        var name = hostNames.FirstOrDefault(name => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            return null;
        }

        var labels = host[..^(name.Length + 1)].ToLowerInvariant().Split('.');
        var service = Array.FindLastIndex(labels, IsService);
        var bucket = service >= labels.Length - 2 && service >= 0 ? labels[..service] : labels;
        return bucket.Length == 0 || (bucket is ["sts"] or ["sts", _]) ? null : string.Join('.', bucket);
    }

    private static bool IsService(string label) => label == "s3" || label.StartsWith("s3-", StringComparison.Ordinal);
}
