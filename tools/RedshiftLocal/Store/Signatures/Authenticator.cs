using System.Globalization;

namespace RedshiftLocal.Store.Signatures;

/// <summary>Verifies Signature V4 of requests.</summary>
internal sealed class Authenticator(CredentialStore credentials, TimeProvider time)
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";

    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    /// <summary>Who sent it. Throws what S3 answers when that is not proven.</summary>
    /// <remarks>bodyHash: Of the body where it is known already (STS); null: the request states it.</remarks>
    public Caller Authenticate(S3Request request, string service, string? bodyHash)
    {
        var fields = SignedFields.Read(request) ?? throw S3Errors.AccessDenied();
        if (fields.Scope.Service != service)
        {
            throw new S3Exception(
                400,
                "AuthorizationHeaderMalformed",
                $"The authorization header is malformed; incorrect service \"{fields.Scope.Service}\". This endpoint belongs to \"{service}\".");
        }

        var payloadHash = bodyHash ?? PayloadHash(request, fields);
        CheckTime(fields);
        var credential = credentials.Find(fields.Scope.AccessKey, fields.Token);
        CheckHeaders(request, fields);

        var signing = new SigningContext(credential.SecretKey, fields.Scope, fields.Timestamp);
        var canonical = CanonicalRequest.Write(request, fields, payloadHash);
        var toSign = signing.StringToSign(canonical);
        if (!SigningContext.AreEqual(signing.Sign(toSign), fields.Signature))
        {
            throw new S3Exception(
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
                ("AWSAccessKeyId", fields.Scope.AccessKey),
                ("StringToSign", toSign),
                ("SignatureProvided", fields.Signature),
                ("CanonicalRequest", canonical));
        }

        return new Caller(credential, fields.Scope.Region, payloadHash, signing, fields.Signature, fields.Lifetime is not null);
    }

    private static string PayloadHash(S3Request request, SignedFields fields)
    {
        var stated = request.Header("x-amz-content-sha256") ?? request.Query["X-Amz-Content-Sha256"];
        if (stated is null)
        {
            return fields.Lifetime is not null
                ? Unsigned
                : throw S3Errors.InvalidRequest("Missing required header for this request: x-amz-content-sha256");
        }

        var known = stated is Unsigned or "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" or "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" or "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
            || (stated.Length == 64 && stated.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f'));
        return known
            ? stated
            : throw S3Errors.InvalidArgument(
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.",
                "x-amz-content-sha256",
                stated);
    }

    private void CheckTime(SignedFields fields)
    {
        var now = time.GetUtcNow();
        if (fields.Lifetime is { } lifetime)
        {
            if (fields.Time > now + AllowedSkew)
            {
                throw S3Errors.AccessDenied("Request is not yet valid", ("ServerTime", S3Xml.Time(now)));
            }

            if (fields.Time + lifetime < now)
            {
                throw S3Errors.AccessDenied(
                    "Request has expired",
                    ("X-Amz-Expires", ((int)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
                    ("Expires", S3Xml.Time(fields.Time + lifetime)),
                    ("ServerTime", S3Xml.Time(now)));
            }
        }
        else if ((fields.Time - now).Duration() > AllowedSkew)
        {
            throw new S3Exception(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                ("RequestTime", fields.Timestamp),
                ("ServerTime", S3Xml.Time(now)),
                ("MaxAllowedSkewMilliseconds", "900000"));
        }
    }

    // The host and every x-amz- header must be under the signature.
    private static void CheckHeaders(S3Request request, SignedFields fields)
    {
        var missing = request.Http.Request.Headers.Keys
            .Select(name => name.ToLowerInvariant())
            .Where(name => name is "host" or "content-md5" || name.StartsWith("x-amz-", StringComparison.Ordinal))
            .Except(fields.Headers, StringComparer.Ordinal)
            .ToList();
        if (missing.Count > 0)
        {
            throw S3Errors.AccessDenied(
                "There were headers present in the request which were not signed", ("HeadersNotSigned", string.Join(", ", missing)));
        }

        if (!fields.Headers.SequenceEqual(fields.Headers.Order(StringComparer.Ordinal)) || fields.Headers.Any(name => name.Any(char.IsAsciiLetterUpper)))
        {
            throw new S3Exception(
                400, "AuthorizationHeaderMalformed", "The authorization header is malformed; SignedHeaders must be lower case and sorted.");
        }
    }
}
