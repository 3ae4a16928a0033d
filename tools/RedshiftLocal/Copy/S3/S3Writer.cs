using System.Globalization;
using System.Text;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.S3;

/// <summary>Writes and deletes objects.</summary>
/// <param name="requests">Sends them.</param>
/// <param name="encryption">The headers that ask for server-side encryption.</param>
internal sealed class S3Writer(S3Requests requests, IReadOnlyList<(string Name, string Value)> encryption)
{
    /// <summary>All parts but the last must have this size.</summary>
    public const int SmallestPart = 5 << 20;

    public async Task PutAsync(S3Location place, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var response = await requests.SendAsync(new S3Call(HttpMethod.Put, place) { Headers = encryption, Body = body }, Context(place), ct);
    }

    /// <summary>Begins an upload in parts and returns its id.</summary>
    public async Task<string> BeginAsync(S3Location place, CancellationToken ct)
    {
        var call = new S3Call(HttpMethod.Post, place) { Query = [("uploads", "")], Headers = encryption };
        using var response = await requests.SendAsync(call, Context(place), ct);
        var answer = S3Xml.Fields(await BodyAsync(response, place, ct), "InitiateMultipartUploadResult");
        return answer.GetValueOrDefault("UploadId") ?? throw Unreadable(place, null);
    }

    /// <summary>Sends one part and returns its tag.</summary>
    public async Task<string> PutPartAsync(S3Location place, string upload, int number, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var call = new S3Call(HttpMethod.Put, place)
        {
            Query = [("partNumber", number.ToString(CultureInfo.InvariantCulture)), ("uploadId", upload)],
            Body = body,
        };
        using var response = await requests.SendAsync(call, Context(place), ct);
        return response.Headers.ETag?.ToString() ?? throw Unreadable(place, null);
    }

    public async Task CompleteAsync(S3Location place, string upload, IReadOnlyList<string> tags, CancellationToken ct)
    {
        var body = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (var i = 0; i < tags.Count; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{i + 1}</PartNumber><ETag>{tags[i]}</ETag></Part>");
        }

        body.Append("</CompleteMultipartUpload>");
        var call = new S3Call(HttpMethod.Post, place) { Query = [("uploadId", upload)], Body = Encoding.UTF8.GetBytes(body.ToString()) };
        using var response = await requests.SendAsync(call, Context(place), ct);

        // An answer of 200 may still hold an error.
        var answer = await BodyAsync(response, place, ct);
        if (S3Xml.Fields(answer, "CompleteMultipartUploadResult").Count == 0)
        {
            throw Unreadable(place, null);
        }
    }

    public async Task AbortAsync(S3Location place, string upload, CancellationToken ct)
    {
        using var response = await requests.SendAsync(new S3Call(HttpMethod.Delete, place) { Query = [("uploadId", upload)] }, Context(place), ct);
    }

    public async Task DeleteAsync(S3Location place, CancellationToken ct)
    {
        using var response = await requests.SendAsync(new S3Call(HttpMethod.Delete, place), $"Deleting bucket={place.Bucket} key={place.Key}", ct);
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, S3Location place, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(ct);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Unreadable(place, exception);
        }
    }

    private static string Context(S3Location place) => $"Writing bucket={place.Bucket} key={place.Key}";

    private static S3Exception Unreadable(S3Location place, Exception? cause) =>
        new("S3ServiceException:The answer of the store could not be read", Context(place), cause);
}
