using System.Globalization;
using System.Net.Http.Headers;
using System.Xml;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.S3;

/// <summary>Lists and reads objects of one region with one pair of keys. Attempts that fail in passing are repeated, a bounded number of times.</summary>
internal sealed class S3Reader(S3Requests requests)
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
        return new S3ObjectStream(this, place, response, requests.Attempts);
    }

    /// <summary>A small object's bytes.</summary>
    public async Task<byte[]> ReadAllAsync(S3Location place, int longest, string tooLong, string context, CancellationToken ct)
    {
        await using var stream = await OpenAsync(place, ct);
        using var whole = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > longest)
            {
                throw new S3Exception(tooLong, context);
            }
        }

        return whole.ToArray();
    }

    /// <summary>A GET of the object, or of what follows the offset if it is still the same object.</summary>
    internal Task<HttpResponseMessage> GetAsync(S3Location place, (long Offset, EntityTagHeaderValue? Tag)? resume, CancellationToken ct) =>
        SendAsync(place, [], resume, $"Reading bucket={place.Bucket} key={place.Key}", ct);

    internal Task WaitAsync(int attempt, CancellationToken ct) => requests.WaitAsync(attempt, ct);

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

    private Task<HttpResponseMessage> SendAsync(
        S3Location place, List<(string Name, string Value)> query, (long Offset, EntityTagHeaderValue? Tag)? resume, string context, CancellationToken ct)
    {
        List<(string, string)> headers = query.Count == 0 ? [("x-amz-checksum-mode", "ENABLED")] : [];
        if (resume is { } point)
        {
            headers.Add(("range", string.Create(CultureInfo.InvariantCulture, $"bytes={point.Offset}-")));
            if (point.Tag is not null)
            {
                headers.Add(("if-match", point.Tag.ToString()));
            }
        }

        return requests.SendAsync(new S3Call(HttpMethod.Get, place) { Query = query, Headers = headers }, context, ct);
    }
}
