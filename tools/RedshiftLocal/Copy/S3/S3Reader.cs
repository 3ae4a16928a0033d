using System.Net;
using System.Net.Http.Headers;
using System.Xml;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.S3;

/// <summary>Lists and reads objects of one region with one pair of keys. Attempts that fail in passing are repeated, a bounded number of times.</summary>
internal sealed class S3Reader(HttpClient http, CopyOptions options, S3Credentials credentials, string region, TimeProvider clock)
{
    /// <summary>All objects whose keys begin with the prefix, in key order.</summary>
    public async Task<IReadOnlyList<S3Object>> ListAsync(S3Location prefix, CancellationToken ct)
    {
        var context = $"Listing bucket={prefix.Bucket} prefix={prefix.Key}";
        var objects = new List<S3Object>();
        string? token = null;
        do
        {
            List<(string, string)> query = [];
            if (token is not null)
            {
                query.Add(("continuation-token", token));
            }

            query.Add(("list-type", "2"));
            query.Add(("prefix", prefix.Key));
            using var response = await SendAsync(prefix with { Key = "" }, query, null, context, ct);
            try
            {
                await using var body = await response.Content.ReadAsStreamAsync(ct);
                using var whole = new MemoryStream();
                await body.CopyToAsync(whole, ct);
                whole.Position = 0;
                var page = S3Xml.ListPage(whole);
                objects.AddRange(page.Objects);
                token = page.NextToken;
            }
            catch (Exception exception) when (exception is XmlException or IOException or HttpRequestException)
            {
                throw new S3Exception("S3ServiceException:The list of objects could not be read", context, exception);
            }
        }
        while (token is not null);
        return objects;
    }

    /// <summary>The object's size, or null when there is no such object.</summary>
    public async Task<long?> SizeAsync(S3Location place, CancellationToken ct)
    {
        // A list of the key itself: COPY has the right to list, and one that lacks it is told so.
        var found = await ListPageAsync(place, ct);
        return found.Objects.FirstOrDefault(item => item.Key == place.Key)?.Size;
    }

    /// <summary>Opens the object; the stream checks length and checksum and goes on after a broken connection.</summary>
    public async Task<S3ObjectStream> OpenAsync(S3Location place, CancellationToken ct)
    {
        var response = await GetAsync(place, null, ct);
        return new S3ObjectStream(this, place, response, options.S3Attempts);
    }

    /// <summary>A GET of the object, or of what follows the offset if it is still the same object.</summary>
    internal Task<HttpResponseMessage> GetAsync(S3Location place, (long Offset, EntityTagHeaderValue? Tag)? resume, CancellationToken ct) =>
        SendAsync(place, [], resume, $"Reading bucket={place.Bucket} key={place.Key}", ct);

    internal Task WaitAsync(int attempt, CancellationToken ct) => Task.Delay(options.S3FirstWait * Math.Pow(2, attempt - 1), clock, ct);

    private async Task<S3ListPage> ListPageAsync(S3Location place, CancellationToken ct)
    {
        var context = $"Listing bucket={place.Bucket} prefix={place.Key}";
        using var response = await SendAsync(place with { Key = "" }, [("list-type", "2"), ("max-keys", "1"), ("prefix", place.Key)], null, context, ct);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            using var whole = new MemoryStream();
            await body.CopyToAsync(whole, ct);
            whole.Position = 0;
            return S3Xml.ListPage(whole);
        }
        catch (Exception exception) when (exception is XmlException or IOException or HttpRequestException)
        {
            throw new S3Exception("S3ServiceException:The list of objects could not be read", context, exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        S3Location place, IReadOnlyList<(string Name, string Value)> query, (long Offset, EntityTagHeaderValue? Tag)? resume, string context, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            S3Exception problem;
            var transient = true;
            try
            {
                using var request = Request(place, query, resume);
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
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

    private HttpRequestMessage Request(
        S3Location place, IReadOnlyList<(string Name, string Value)> query, (long Offset, EntityTagHeaderValue? Tag)? resume)
    {
        var path = options.S3Endpoint.AbsolutePath.TrimEnd('/') + "/" + S3Signer.Encode(place.Bucket, keepSlash: false);
        path += place.Key.Length > 0 ? "/" + S3Signer.Encode(place.Key, keepSlash: true) : "";
        var search = string.Join('&', query.Select(pair => $"{pair.Name}={S3Signer.Encode(pair.Value, keepSlash: false)}"));
        var address = options.S3Endpoint.GetLeftPart(UriPartial.Authority) + path + (search.Length > 0 ? "?" + search : "");

        // Keys may hold dots and slashes that a Uri would otherwise tidy up.
        var uri = new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (query.Count == 0)
        {
            request.Headers.TryAddWithoutValidation("x-amz-checksum-mode", "ENABLED");
        }

        if (resume is { } point)
        {
            request.Headers.Range = new RangeHeaderValue(point.Offset, null);
            if (point.Tag is not null)
            {
                request.Headers.IfMatch.Add(point.Tag);
            }
        }

        S3Signer.Sign(request, path, query, credentials, region, clock.GetUtcNow());
        return request;
    }
}
