using System.Net;
using System.Security.Cryptography;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.S3;

/// <summary>One request: its method and place, and in the order of their names what stands behind the question mark.</summary>
internal sealed record S3Call(HttpMethod Method, S3Location Place)
{
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public ReadOnlyMemory<byte>? Body { get; init; }
}

/// <summary>Sends requests to one region with one pair of keys. Attempts that fail in passing are repeated, a bounded number of times.</summary>
internal sealed class S3Requests(HttpClient http, CopyOptions options, S3Credentials credentials, string region, TimeProvider clock)
{
    public int Attempts => options.S3Attempts;

    public Task WaitAsync(int attempt, CancellationToken ct) => Task.Delay(options.S3FirstWait * Math.Pow(2, attempt - 1), clock, ct);

    /// <summary>The answer to a request that succeeded, its body unread.</summary>
    /// <exception cref="S3Exception">The store refuses, or does not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(S3Call call, string context, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            S3Exception problem;
            var transient = true;
            try
            {
                using var request = Request(call);
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.NoContent)
                {
                    return response;
                }

                using (response)
                {
                    var failure = await S3Failure.ReadAsync(response, ct);
                    transient = failure.IsTransient;
                    problem = new S3Exception(failure.Text, context);
                }
            }
            catch (HttpRequestException exception)
            {
                problem = new S3Exception($"S3ServiceException:{exception.HttpRequestError},Status 0,Error ConnectionFailed", context, exception);
            }

            if (!transient || attempt >= options.S3Attempts)
            {
                throw problem;
            }

            await WaitAsync(attempt, ct);
        }
    }

    private HttpRequestMessage Request(S3Call call)
    {
        var path = options.S3Endpoint.AbsolutePath.TrimEnd('/') + "/" + S3Signer.Encode(call.Place.Bucket, keepSlash: false);
        path += call.Place.Key.Length > 0 ? "/" + S3Signer.Encode(call.Place.Key, keepSlash: true) : "";
        var search = string.Join('&', call.Query.Select(pair => $"{pair.Name}={S3Signer.Encode(pair.Value, keepSlash: false)}"));
        var address = options.S3Endpoint.GetLeftPart(UriPartial.Authority) + path + (search.Length > 0 ? "?" + search : "");

        // Keys may hold dots and slashes that a Uri would otherwise tidy up.
        var uri = new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(call.Method, uri);
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var hash = S3Signer.EmptyBodyHash;
        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            hash = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        }

        S3Signer.Sign(request, path, call.Query, hash, credentials, region, clock.GetUtcNow());
        return request;
    }
}
