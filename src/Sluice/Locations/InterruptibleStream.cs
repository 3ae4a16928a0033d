namespace Sluice.Locations;

/// <summary>
/// Reads a terminal or a pipe so that waiting for its bytes can be cancelled, which the system's own read cannot be: that one goes on
/// in the background, and its bytes are the next read's.
/// </summary>
internal sealed class InterruptibleStream(Stream source) : ForwardStream
{
    private readonly byte[] _bytes = new byte[BufferSizes.Read];
    private Task<int>? _reading;
    private int _start;
    private int _end;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            _reading ??= source.ReadAsync(_bytes, CancellationToken.None).AsTask();
            (_start, _end) = (0, await _reading.WaitAsync(cancellationToken).ConfigureAwait(false));

            // The end is kept: a terminal would be asked for it twice.
            _reading = _end == 0 ? _reading : null;
        }

        var length = Math.Min(buffer.Length, _end - _start);
        _bytes.AsMemory(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
