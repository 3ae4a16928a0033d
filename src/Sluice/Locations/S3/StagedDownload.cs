using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>An object while it is downloaded. Where the answer breaks off, the rest is asked for again; an object that changed meanwhile is an error.</summary>
internal sealed class StagedDownload(StagingStore store, string key) : Stream
{
    private const int Attempts = 4;

    private Stream? _content;
    private string? _tag;
    private int _failures;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes that were read.</summary>
    public override long Position { get; set; }

    /// <exception cref="TargetException">The object cannot be read.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (_content is null)
                {
                    (_content, _tag) = await store.OpenFromAsync(key, Position, _tag, cancellationToken).ConfigureAwait(false);
                }

                var read = await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                Position += read;
                _failures = read > 0 ? 0 : _failures;
                return read;
            }
            catch (Exception e) when (AwsErrors.IsOfRequest(e))
            {
                // A checksum that does not hold is no IOException, and is not made good by reading on.
                if (++_failures >= Attempts || e is not IOException and not HttpRequestException)
                {
                    throw StagingErrors.Explain(e, StagingAction.Get, key, store.Address);
                }

                await CloseAsync().ConfigureAwait(false);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        _content?.Dispose();
        _content = null;
        base.Dispose(disposing);
    }

    private async ValueTask CloseAsync()
    {
        if (_content is not { } content)
        {
            return;
        }

        _content = null;
        try
        {
            await content.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (AwsErrors.IsOfRequest(e))
        {
            // It broke before.
        }
    }
}
