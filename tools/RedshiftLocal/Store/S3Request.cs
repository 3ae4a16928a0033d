using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RedshiftLocal.Store;

/// <summary>A request as the operations see it.</summary>
internal sealed class S3Request
{
    public S3Request(HttpContext http, IReadOnlyList<string> hostNames, string id)
    {
        Http = http;
        Id = id;
        Method = http.Request.Method;
        var rawTarget = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Target = RequestTarget.Parse(rawTarget, http.Request.Headers.Host.ToString(), hostNames);
    }

    public HttpContext Http { get; }

    public string Id { get; }

    public string Method { get; }

    public RequestTarget Target { get; }

    public QueryValues Query => Target.Query;

    public string? BucketName => Target.Bucket;

    public string? Key => Target.Key;

    public HttpResponse Response => Http.Response;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The header, or null; several of one name joined with commas.</summary>
    public string? Header(string name) =>
        Http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A header that holds a whole number from 0, or null. Throws InvalidArgument.</summary>
    public long? NumberHeader(string name)
    {
        var text = Header(name);
        return text is null ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw S3Errors.InvalidArgument($"{name} is not a whole number", name, text);
    }

    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
}
