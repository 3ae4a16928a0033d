// hot path
using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using RedshiftLocal.Store.Signatures;

namespace RedshiftLocal.Store.Payloads;

/// <summary>
/// The content of an aws-chunked body: <c>HEX[;chunk-signature=…]\r\n DATA \r\n … 0[;chunk-signature=…]\r\n [trailers] \r\n</c>.
/// Signatures are verified chunk by chunk; what was read before a bad one must be thrown away by the reader.
/// </summary>
internal sealed class AwsChunkedStream(PipeReader body, SigningContext? signing, string seed, bool hasTrailer) : Stream
{
    private const int LongestLine = 1024;
    private const int SmallestChunk = 8192;
    private const int MostTrailers = 16;
    private const string ChunkSignature = "chunk-signature=";
    private const string TrailerSignature = "x-amz-trailer-signature";

    private readonly IncrementalHash? _hash = signing is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, string> _trailers = new(StringComparer.OrdinalIgnoreCase);
    private string _previous = seed;
    private string _announced = "";
    private long _left;
    private bool _inChunk;
    private bool _smallChunkSeen;
    private bool _done;

    /// <summary>Complete once a read gave 0.</summary>
    public IReadOnlyDictionary<string, string> Trailers => _trailers;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_done && !buffer.IsEmpty)
        {
            if (_inChunk && _left > 0)
            {
                return await ReadDataAsync(buffer, cancellationToken);
            }

            if (_inChunk)
            {
                await EndChunkAsync(cancellationToken);
            }
            else
            {
                await BeginChunkAsync(cancellationToken);
            }
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadDataAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var result = await body.ReadAsync(ct);
        var available = result.Buffer;
        var count = (int)Math.Min(Math.Min(available.Length, _left), buffer.Length);
        if (count == 0)
        {
            body.AdvanceTo(available.Start);
            throw S3Errors.IncompleteBody();
        }

        var taken = available.Slice(0, count);
        taken.CopyTo(buffer.Span);
        body.AdvanceTo(taken.End);
        _hash?.AppendData(buffer.Span[..count]);
        _left -= count;
        return count;
    }

    private async ValueTask BeginChunkAsync(CancellationToken ct)
    {
        var line = await ReadLineAsync(ct);
        var semicolon = line.IndexOf(';', StringComparison.Ordinal);
        var size = semicolon < 0 ? line : line[..semicolon];
        if (size.Length is 0 or > 15 || !long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left))
        {
            throw S3Errors.InvalidRequest("The chunk size is not a hexadecimal number");
        }

        if (signing is not null)
        {
            if (semicolon < 0 || !line.AsSpan(semicolon + 1).StartsWith(ChunkSignature, StringComparison.Ordinal))
            {
                throw new S3Exception(403, "SignatureDoesNotMatch", "A chunk of the body has no signature");
            }

            _announced = line[(semicolon + 1 + ChunkSignature.Length)..];
            if (_smallChunkSeen && _left > 0)
            {
                throw new S3Exception(
                    403, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes");
            }

            _smallChunkSeen = _left < SmallestChunk;
        }

        if (_left > 0)
        {
            _inChunk = true;
            return;
        }

        VerifyChunk();
        await EndBodyAsync(ct);
    }

    private async ValueTask EndChunkAsync(CancellationToken ct)
    {
        if ((await ReadLineAsync(ct)).Length > 0)
        {
            throw S3Errors.IncompleteBody();
        }

        VerifyChunk();
        _inChunk = false;
    }

    private void VerifyChunk()
    {
        if (signing is not null)
        {
            _previous = signing.SignChunk(_previous, Convert.ToHexStringLower(_hash!.GetHashAndReset()));
            if (!SigningContext.AreEqual(_previous, _announced))
            {
                throw new S3Exception(
                    403,
                    "SignatureDoesNotMatch",
                    "The chunk signature we calculated does not match the signature you provided. Check your key and signing method.");
            }
        }
    }

    private async ValueTask EndBodyAsync(CancellationToken ct)
    {
        _done = true;
        var signed = new StringBuilder();
        string? signature = null;
        while (await ReadLineAsync(ct) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon].Trim().ToLowerInvariant();
            var value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            if (name.Length == 0 || !hasTrailer || signature is not null || _trailers.Count >= MostTrailers)
            {
                throw MalformedTrailer();
            }

            if (name == TrailerSignature)
            {
                signature = value;
            }
            else if (_trailers.TryAdd(name, value))
            {
                signed.Append(name).Append(':').Append(value).Append('\n');
            }
            else
            {
                throw MalformedTrailer();
            }
        }

        if (signing is not null && hasTrailer
            && !SigningContext.AreEqual(signing.SignTrailer(_previous, signed.ToString()), signature ?? ""))
        {
            throw new S3Exception(
                403,
                "SignatureDoesNotMatch",
                "The trailer signature we calculated does not match the signature you provided. Check your key and signing method.");
        }

        var rest = await body.ReadAsync(ct);
        var extra = !rest.Buffer.IsEmpty;
        body.AdvanceTo(rest.Buffer.Start);
        if (extra)
        {
            throw S3Errors.IncompleteBody();
        }
    }

    /// <summary>Without its line break.</summary>
    private async ValueTask<string> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var result = await body.ReadAsync(ct);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(buffer.Slice(0, end));
                body.AdvanceTo(buffer.GetPosition(1, end));
                return line.EndsWith('\r') && line.Length <= LongestLine ? line[..^1] : throw S3Errors.IncompleteBody();
            }

            var tooLong = buffer.Length > LongestLine;
            body.AdvanceTo(buffer.Start, buffer.End);
            if (tooLong || result.IsCompleted)
            {
                throw S3Errors.IncompleteBody();
            }
        }
    }

    private static S3Exception MalformedTrailer() => new(
        400,
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.");
}
