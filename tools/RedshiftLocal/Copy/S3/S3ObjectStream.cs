using System.Net;
using System.Net.Http.Headers;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.S3;

/// <summary>
/// An object's bytes, read once from beginning to end. A body that ends early is continued by a further request; one that stays
/// short, or whose checksum is not the one the store sent, ends the reading with <see cref="S3Exception"/>.
/// </summary>
internal sealed class S3ObjectStream : ReadOnlyStream
{
    private readonly S3Reader _reader;
    private readonly S3Location _place;
    private readonly int _attempts;
    private readonly long? _size;
    private readonly EntityTagHeaderValue? _tag;
    private readonly BodyChecksum? _checksum;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private int _failures;
    private bool _verified;

    public S3ObjectStream(S3Reader reader, S3Location place, HttpResponseMessage response, int attempts)
    {
        _reader = reader;
        _place = place;
        _response = response;
        _attempts = attempts;
        _size = response.Content.Headers.ContentLength;
        _tag = response.Headers.ETag;
        _checksum = BodyChecksum.Of(response.Headers);
    }

    /// <summary>Bytes handed out so far.</summary>
    public long BytesRead { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (_response is null)
                {
                    _response = await _reader.GetAsync(_place, (BytesRead, _tag), cancellationToken);
                    if (BytesRead > 0 && _response.StatusCode != HttpStatusCode.PartialContent)
                    {
                        throw Truncated(null);
                    }
                }

                _body ??= await _response.Content.ReadAsStreamAsync(cancellationToken);
                var read = await _body.ReadAsync(buffer, cancellationToken);
                if (read > 0 || buffer.IsEmpty)
                {
                    BytesRead += read;
                    _checksum?.Append(buffer.Span[..read]);
                    return read;
                }

                if (_size is null || BytesRead >= _size)
                {
                    Verify();
                    return 0;
                }

                await RetryAsync(null, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                await RetryAsync(exception, cancellationToken);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body?.Dispose();
            _response?.Dispose();
            _checksum?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task RetryAsync(Exception? cause, CancellationToken ct)
    {
        _body?.Dispose();
        _response?.Dispose();
        _body = null;
        _response = null;
        _failures++;
        if (_failures >= _attempts)
        {
            throw Truncated(cause);
        }

        await _reader.WaitAsync(_failures, ct);
    }

    private void Verify()
    {
        if (!_verified && _checksum is not null && !_checksum.Matches())
        {
            throw new S3Exception(
                $"S3ServiceException:The checksum of the object is not the one that was sent with it,Status 200,Error BadDigest ({_checksum.Name})",
                $"Reading bucket={_place.Bucket} key={_place.Key}");
        }

        _verified = true;
    }

    private S3Exception Truncated(Exception? cause) => new(
        $"S3ServiceException:The connection was closed after {BytesRead} of {_size ?? 0} bytes,Status 200,Error IncompleteBody",
        $"Reading bucket={_place.Bucket} key={_place.Key}",
        cause);
}
