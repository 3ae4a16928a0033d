using System.Globalization;
using System.Net;

namespace RedshiftLocal.Copy.S3;

/// <summary>An error answer of the store.</summary>
internal sealed record S3Failure(HttpStatusCode Status, string Code, string Message, string RequestId)
{
    private const int LongestBody = 64 << 10;

    /// <summary>Worth another attempt.</summary>
    public bool IsTransient => Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError
        or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"S3ServiceException:{Message},Status {(int)Status},Error {Code},Rid {RequestId},CanRetry {(IsTransient ? 1 : 0)}");

    public static async Task<S3Failure> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var id = response.Headers.TryGetValues("x-amz-request-id", out var ids) ? string.Concat(ids) : "";
        var buffer = new byte[LongestBody];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status line says enough.
        }

        var values = S3Xml.Fields(buffer.AsMemory(0, length), "Error");
        if (values.GetValueOrDefault("Code") == "AuthorizationHeaderMalformed")
        {
            // A cluster asks the endpoint of its own region, which knows the bucket to be elsewhere; here one address serves all regions.
            return new S3Failure(
                HttpStatusCode.MovedPermanently,
                "PermanentRedirect",
                "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
                values.GetValueOrDefault("RequestId") ?? id);
        }

        return new S3Failure(
            response.StatusCode,
            values.GetValueOrDefault("Code") ?? DefaultCode(response.StatusCode),
            values.GetValueOrDefault("Message") ?? response.ReasonPhrase ?? "",
            values.GetValueOrDefault("RequestId") ?? id);
    }

    private static string DefaultCode(HttpStatusCode status) => status switch
    {
        HttpStatusCode.MovedPermanently => "PermanentRedirect",
        HttpStatusCode.Forbidden => "AccessDenied",
        HttpStatusCode.NotFound => "NoSuchKey",
        HttpStatusCode.ServiceUnavailable => "SlowDown",
        _ => status.ToString(),
    };
}

/// <summary>Ends a COPY that cannot read its files, before it is known which query it is.</summary>
internal sealed class S3Exception(string text, string context, Exception? inner = null) : Exception(text, inner)
{
    public string Context { get; } = context;
}
