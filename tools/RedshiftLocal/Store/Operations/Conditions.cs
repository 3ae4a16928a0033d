using System.Globalization;
using RedshiftLocal.Store.Disk;

namespace RedshiftLocal.Store.Operations;

/// <summary>If-Match and its kin, in the order that RFC 9110 §13.2.2 gives them.</summary>
internal static class Conditions
{
    /// <summary>For reading. Throws PreconditionFailed, or 304 with the headers that belong to it.</summary>
    public static void CheckRead(S3Request request, StoredObject stored, string prefix = "")
    {
        var match = request.Header(prefix + "If-Match");
        var noneMatch = request.Header(prefix + "If-None-Match");
        if (match is not null ? !Matches(match, stored) : Time(request, prefix + "If-Unmodified-Since") < stored.LastModifiedSeconds)
        {
            throw S3Errors.PreconditionFailed(match is not null ? "If-Match" : "If-Unmodified-Since");
        }

        var unchanged = noneMatch is not null ? Matches(noneMatch, stored) : Time(request, prefix + "If-Modified-Since") >= stored.LastModifiedSeconds;
        if (unchanged)
        {
            throw prefix.Length > 0
                ? S3Errors.PreconditionFailed(noneMatch is not null ? "If-None-Match" : "If-Modified-Since")
                : new S3Exception(304, "NotModified", "Not Modified")
                {
                    Headers = new() { ["ETag"] = $"\"{stored.ETag}\"", ["Last-Modified"] = S3Request.FormatTime(stored.LastModified) },
                };
        }
    }

    /// <summary>For writing: what the present object must be like. Throws at once for what S3 does not know.</summary>
    public static Action<StoredObject?> ForWrite(S3Request request)
    {
        var match = request.Header("If-Match");
        var noneMatch = request.Header("If-None-Match");
        if (noneMatch is not (null or "*") || request.Header("If-Modified-Since") is not null || request.Header("If-Unmodified-Since") is not null)
        {
            throw S3Errors.NotImplemented(noneMatch is not (null or "*") ? "If-None-Match" : "If-Modified-Since");
        }

        return present =>
        {
            if (noneMatch is not null && present is not null)
            {
                throw S3Errors.PreconditionFailed("If-None-Match");
            }

            if (match is not null && present is null)
            {
                throw S3Errors.NoSuchKey(request.Key!);
            }

            if (match is not null && !Matches(match, present!))
            {
                throw S3Errors.PreconditionFailed("If-Match");
            }
        };
    }

    private static bool Matches(string header, StoredObject stored) => header
        .Split(',', StringSplitOptions.TrimEntries)
        .Any(tag => tag == "*" || tag.Trim('"') == stored.ETag);

    private static DateTimeOffset? Time(S3Request request, string name) =>
        DateTimeOffset.TryParseExact(request.Header(name), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
