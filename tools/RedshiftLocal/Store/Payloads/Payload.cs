using System.Buffers;
using System.Security.Cryptography;
using RedshiftLocal.Store.Signatures;

namespace RedshiftLocal.Store.Payloads;

/// <summary>What a received body was.</summary>
internal sealed record PayloadDigest(long Length, byte[] Md5, ChecksumAlgorithm Algorithm, byte[] Checksum)
{
    public string Md5Hex => Convert.ToHexStringLower(Md5);
}

/// <summary>The body of a request, and everything the request promises about it.</summary>
internal sealed class Payload
{
    public const long LargestObject = 5L << 30;

    private const int BufferBytes = 256 * 1024;

    private readonly S3Request _request;
    private readonly Caller _caller;
    private readonly byte[]? _md5;
    private readonly byte[]? _announced;
    private readonly string? _trailer;

    /// <summary>Reads the promises. Throws for those that contradict each other.</summary>
    /// <remarks>hasChecksum: False: checksum headers speak of something else than the body.</remarks>
    public Payload(S3Request request, Caller caller, bool hasChecksum)
    {
        _request = request;
        _caller = caller;
        _md5 = ReadMd5(request.Header("Content-MD5"));

        var headers = request.Http.Request.Headers.Keys
            .Select(name => (Name: name.ToLowerInvariant(), Algorithm: ChecksumAlgorithms.FindHeader(name)))
            .Where(header => header.Algorithm is not null && hasChecksum)
            .ToList();
        _trailer = request.Header("x-amz-trailer")?.ToLowerInvariant();
        if (headers.Count > 1 || (headers.Count == 1 && _trailer is not null))
        {
            throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }

        if (headers.Count == 1)
        {
            Algorithm = headers[0].Algorithm;
            _announced = Decode(Algorithm!.Value, request.Header(headers[0].Name)!);
        }

        if (_trailer is not null)
        {
            Algorithm = ChecksumAlgorithms.FindHeader(_trailer)
                ?? throw S3Errors.InvalidRequest("The value specified in the x-amz-trailer header is not supported");
            if (!caller.PayloadHash.EndsWith("-TRAILER", StringComparison.Ordinal))
            {
                throw S3Errors.InvalidRequest("x-amz-trailer needs a STREAMING-…-TRAILER value of x-amz-content-sha256");
            }
        }

        if (request.Header("x-amz-sdk-checksum-algorithm") is { } stated && hasChecksum)
        {
            if (Algorithm is null)
            {
                throw S3Errors.InvalidRequest(
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");
            }

            if (ChecksumAlgorithms.Find(stated) != Algorithm)
            {
                throw S3Errors.InvalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
            }
        }
    }

    /// <summary>The checksum that the request sends, as header or trailer.</summary>
    public ChecksumAlgorithm? Algorithm { get; }

    /// <summary>Is there a Content-MD5 or a checksum?</summary>
    public bool IsProtected => _md5 is not null || Algorithm is not null;

    /// <summary>Writes the content to the sink. Throws when a promise does not hold: then the sink's content is void.</summary>
    /// <remarks>otherwise: What to compute when the request sends no checksum.</remarks>
    public async Task<PayloadDigest> ReceiveAsync(Stream sink, ChecksumAlgorithm otherwise, long limit, CancellationToken ct)
    {
        var isStreaming = _caller.PayloadHash.StartsWith("STREAMING-", StringComparison.Ordinal);
        var expected = ExpectedLength(isStreaming);
        if (expected > limit)
        {
            throw S3Errors.EntityTooLarge(limit);
        }

        await using var chunked = isStreaming ? OpenChunked() : null;
        using var sha256 = isStreaming || _caller.PayloadHash == Authenticator.Unsigned ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var digest = await CopyAsync(chunked ?? _request.Http.Request.Body, sink, Algorithm ?? otherwise, sha256, expected ?? limit, ct);
        if (expected is not null && digest.Length != expected)
        {
            throw S3Errors.IncompleteBody();
        }

        VerifyHash(sha256);
        if (_md5 is not null && !_md5.AsSpan().SequenceEqual(digest.Md5))
        {
            throw S3Errors.BadDigest("Content-MD5");
        }

        var announced = _trailer is not null ? Trailer(chunked!) : _announced;
        if (announced is not null && !announced.AsSpan().SequenceEqual(digest.Checksum))
        {
            throw new S3Exception(
                400, "BadDigest", $"The {digest.Algorithm.Name()} you specified did not match the calculated checksum.");
        }

        return digest;
    }

    /// <summary>A small body as a whole.</summary>
    public async Task<ReadOnlyMemory<byte>> ReceiveAllAsync(int limit, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await ReceiveAsync(buffer, ChecksumAlgorithm.Crc32, limit, ct);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>For operations without a body: there must be none, and its hash must say so.</summary>
    public async Task RequireNoneAsync(CancellationToken ct) => await ReceiveAllAsync(64 * 1024, ct);

    /// <summary>Copies and digests; used for copies of objects too.</summary>
    public static async Task<PayloadDigest> CopyAsync(
        Stream source, Stream sink, ChecksumAlgorithm algorithm, IncrementalHash? sha256, long limit, CancellationToken ct)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var hasher = new ChecksumHasher(algorithm);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var length = 0L;
            while (await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
            {
                length += count;
                if (length > limit)
                {
                    throw limit < LargestObject ? S3Errors.IncompleteBody() : S3Errors.EntityTooLarge(limit);
                }

                var data = buffer.AsMemory(0, count);
                md5.AppendData(data.Span);
                hasher.Append(data.Span);
                sha256?.AppendData(data.Span);
                await sink.WriteAsync(data, ct);
            }

            return new PayloadDigest(length, md5.GetHashAndReset(), algorithm, hasher.Finish());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[]? ReadMd5(string? header)
    {
        if (header is null)
        {
            return null;
        }

        var bytes = new byte[16];
        return Convert.TryFromBase64String(header, bytes, out var written) && written == 16
            ? bytes
            : throw new S3Exception(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", ("Content-MD5", header));
    }

    private static byte[] Decode(ChecksumAlgorithm algorithm, string text) =>
        algorithm.Decode(text) ?? throw S3Errors.InvalidRequest($"Value for {algorithm.HeaderName()} header is invalid.");

    private long? ExpectedLength(bool isStreaming)
    {
        if (isStreaming)
        {
            return _request.NumberHeader("x-amz-decoded-content-length") ?? throw MissingLength();
        }

        if (_request.Http.Request.ContentLength is { } length)
        {
            return length;
        }

        var isChunked = _request.Header("Transfer-Encoding") is not null;
        return isChunked || _request.Method is "PUT" ? throw MissingLength() : 0;
    }

    private AwsChunkedStream OpenChunked()
    {
        var hasTrailer = _caller.PayloadHash.EndsWith("-TRAILER", StringComparison.Ordinal);
        if (hasTrailer && _trailer is null)
        {
            throw S3Errors.InvalidRequest("x-amz-trailer is missing");
        }

        var signing = _caller.PayloadHash == "STREAMING-UNSIGNED-PAYLOAD-TRAILER" ? null : _caller.Signing;
        return new AwsChunkedStream(_request.Http.Request.BodyReader, signing, _caller.Signature, hasTrailer);
    }

    private void VerifyHash(IncrementalHash? sha256)
    {
        if (sha256 is null)
        {
            return;
        }

        var computed = Convert.ToHexStringLower(sha256.GetHashAndReset());
        if (computed != _caller.PayloadHash)
        {
            throw new S3Exception(
                400,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                ("ClientComputedContentSHA256", _caller.PayloadHash),
                ("S3ComputedContentSHA256", computed));
        }
    }

    private byte[] Trailer(AwsChunkedStream chunked) =>
        chunked.Trailers.TryGetValue(_trailer!, out var value)
            ? Decode(Algorithm!.Value, value)
            : throw new S3Exception(
                400,
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published schema.");

    private static S3Exception MissingLength() =>
        new(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
}
