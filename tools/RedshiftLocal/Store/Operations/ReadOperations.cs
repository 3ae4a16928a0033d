using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using RedshiftLocal.Faults;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;

namespace RedshiftLocal.Store.Operations;

/// <summary>GET and HEAD of objects.</summary>
internal static class ReadOperations
{
    private const int BufferBytes = 128 * 1024;

    private static readonly string[] Overridable =
        ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"];

    public static Task GetAsync(S3Call call) => AnswerAsync(call, withBody: true);

    public static Task HeadAsync(S3Call call) => AnswerAsync(call, withBody: false);

    /// <summary>Opens what is to be read; looks again when the object is replaced at that moment.</summary>
    public static SegmentStream Open(S3Call call, Bucket bucket, string key, Func<StoredObject, ByteRange> choose, out StoredObject stored)
    {
        while (true)
        {
            stored = call.RequireObject(bucket, key);
            var range = choose(stored);
            if (call.Store.Data.Open(stored.Segments, range.Offset, range.Length) is { } stream)
            {
                return stream;
            }

            if (ReferenceEquals(bucket.Find(key), stored))
            {
                throw new IOException($"The data of '{key}' is missing from the data folder");
            }
        }
    }

    private static async Task AnswerAsync(S3Call call, bool withBody)
    {
        var bucket = call.RequireBucket(S3Rights.Read);
        if (call.Request.Query["versionId"] is { } version and not "null")
        {
            throw S3Errors.InvalidArgument("Invalid version id specified", "versionId", version);
        }

        var range = default(ByteRange);
        await using var stream = Open(
            call,
            bucket,
            call.Key,
            found =>
            {
                Conditions.CheckRead(call.Request, found);
                return range = ByteRange.Read(call.Request, found);
            },
            out var stored);
        WriteHeaders(call, stored, range);
        if (withBody)
        {
            await SendAsync(call, stream, range.Length);
        }
    }

    private static void WriteHeaders(S3Call call, StoredObject stored, ByteRange range)
    {
        var response = call.Request.Response;
        foreach (var (name, value) in stored.Headers)
        {
            response.Headers[name] = value;
        }

        foreach (var name in Overridable)
        {
            if (call.Request.Query["response-" + name] is { } value)
            {
                response.Headers[name] = ObjectHeaders.RequirePrintable("response-" + name, value);
            }
        }

        response.ContentLength = range.Length;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = $"\"{Spoiled(call, stored.ETag)}\"";
        response.Headers.LastModified = S3Request.FormatTime(stored.LastModified);
        if (range.IsPart)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{stored.Size}");
        }
        else if ("ENABLED".Equals(call.Request.Header("x-amz-checksum-mode"), StringComparison.OrdinalIgnoreCase))
        {
            response.Headers[stored.Checksum.Algorithm.HeaderName()] = Spoiled(call, stored.Checksum.Value);
            response.Headers["x-amz-checksum-type"] = stored.Checksum.TypeName;
        }

        if (stored.IsMultipart && call.Request.Query.Has("partNumber"))
        {
            response.Headers["x-amz-mp-parts-count"] = stored.Segments.Length.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Spoiled(S3Call call, string value) =>
        call.SendsWrongChecksum ? (value[0] == 'a' ? 'b' : 'a') + value[1..] : value;

    private static async Task SendAsync(S3Call call, Stream stream, long length)
    {
        var left = call.Fault is { Kind: FaultKind.Truncate, Bytes: var bytes } ? Math.Min(bytes, length) : length;
        var isCut = left < length;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (left > 0)
            {
                var count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), call.Aborted);
                await call.Request.Response.Body.WriteAsync(buffer.AsMemory(0, count), call.Aborted);
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (isCut)
        {
            // Kestrel sends what it has and closes when an answer is shorter than it said.
            await call.Request.Response.Body.FlushAsync(call.Aborted);
        }
    }
}
