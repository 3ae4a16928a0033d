using System.Globalization;

namespace RedshiftLocal.Store.Signatures;

/// <summary>
/// What a request says about its signature, in the Authorization header or in the query.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
/// </summary>
/// <remarks>Timestamp: As signed: yyyyMMddTHHmmssZ. Lifetime: Of a presigned address; null for the header form.</remarks>
internal sealed record SignedFields(
    CredentialScope Scope, IReadOnlyList<string> Headers, string Signature, string Timestamp, DateTimeOffset Time, TimeSpan? Lifetime, string? Token)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int LongestLifetime = 604_800;

    /// <summary>Null when the request is anonymous. Throws what S3 answers to malformed ones.</summary>
    public static SignedFields? Read(S3Request request)
    {
        var header = request.Header("Authorization");
        var inQuery = request.Query.Has("X-Amz-Algorithm") || request.Query.Has("X-Amz-Signature") || request.Query.Has("X-Amz-Credential");
        if (header is not null && inQuery)
        {
            throw S3Errors.InvalidArgument(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
                "Authorization",
                "");
        }

        if (header is null && !inQuery && request.Query.Has("Signature"))
        {
            throw OldMechanism();
        }

        return header is not null ? FromHeader(request, header) : inQuery ? FromQuery(request.Query) : null;
    }

    private static SignedFields FromHeader(S3Request request, string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || header[..space] != Algorithm)
        {
            throw header.StartsWith("AWS", StringComparison.Ordinal)
                ? OldMechanism()
                : S3Errors.InvalidArgument("Unsupported Authorization Type", "Authorization", header.Split(' ')[0]);
        }

        string? credential = null, signedHeaders = null, signature = null;
        foreach (var part in header[space..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : part[(equals + 1)..];
            switch (equals < 0 ? "" : part[..equals])
            {
                case "Credential" when credential is null:
                    credential = value;
                    break;
                case "SignedHeaders" when signedHeaders is null:
                    signedHeaders = value;
                    break;
                case "Signature" when signature is null:
                    signature = value;
                    break;
                default:
                    throw Malformed("it holds a part that is not Credential, SignedHeaders or Signature, or one twice");
            }
        }

        if (credential is null || signedHeaders is null || signature is null)
        {
            throw Malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.");
        }

        var scope = CredentialScope.Parse(credential)
            ?? throw Malformed("the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        var (timestamp, time) = TimeOf(request);
        if (!timestamp.StartsWith(scope.Date, StringComparison.Ordinal))
        {
            throw Malformed($"Invalid credential date \"{scope.Date}\". This date is not the same as X-Amz-Date: \"{timestamp}\".");
        }

        return new SignedFields(
            scope, signedHeaders.Split(';'), signature, timestamp, time, Lifetime: null, request.Header("x-amz-security-token"));
    }

    private static SignedFields FromQuery(QueryValues query)
    {
        if (query["X-Amz-Algorithm"] is not { } algorithm || query["X-Amz-Credential"] is not { } credential
            || query["X-Amz-Signature"] is not { } signature || query["X-Amz-Date"] is not { } timestamp
            || query["X-Amz-SignedHeaders"] is not { } signedHeaders || query["X-Amz-Expires"] is not { } expires)
        {
            throw QueryError(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        }

        if (algorithm != Algorithm)
        {
            throw QueryError("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"");
        }

        var scope = CredentialScope.Parse(credential)
            ?? throw QueryError("Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        if (!TryParseTimestamp(timestamp, out var time))
        {
            throw QueryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }

        if (!timestamp.StartsWith(scope.Date, StringComparison.Ordinal))
        {
            throw QueryError($"Invalid credential date \"{scope.Date}\". This date is not the same as X-Amz-Date: \"{timestamp}\".");
        }

        if (!int.TryParse(expires, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            throw QueryError("X-Amz-Expires should be a number");
        }

        if (seconds is < 0 or > LongestLifetime)
        {
            throw QueryError(
                seconds < 0 ? "X-Amz-Expires must be non-negative" : "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");
        }

        return new SignedFields(
            scope, signedHeaders.Split(';'), signature, timestamp, time, TimeSpan.FromSeconds(seconds), query["X-Amz-Security-Token"]);
    }

    private static (string Timestamp, DateTimeOffset Time) TimeOf(S3Request request)
    {
        if (request.Header("x-amz-date") is { } date)
        {
            return TryParseTimestamp(date, out var time) ? (date, time) : throw NoDate();
        }

        return DateTimeOffset.TryParseExact(
            request.Header("Date"), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var standard)
            ? (standard.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture), standard)
            : throw NoDate();
    }

    private static bool TryParseTimestamp(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static S3Exception NoDate() => S3Errors.AccessDenied("AWS authentication requires a valid Date or x-amz-date header");

    private static S3Exception OldMechanism() =>
        S3Errors.InvalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");

    private static S3Exception Malformed(string why) =>
        new(400, "AuthorizationHeaderMalformed", $"The authorization header is malformed; {why}");

    private static S3Exception QueryError(string why) => new(400, "AuthorizationQueryParametersError", why);
}
