namespace RedshiftLocal.Copy.S3;

/// <summary>Hands out compressed bytes, and keeps the piece handed out last.</summary>
internal sealed class GzipSource(Stream stored) : ReadOnlyStream
{
    // No deflate data is shorter.
    private const int ShortestData = 2;

    private readonly byte[] _buffer = new byte[128 << 10];
    private int _last;
    private int _position;
    private int _end;
    private int _pieces;

    /// <summary>The next byte, or -1.</summary>
    public async ValueTask<int> ByteAsync(CancellationToken ct)
    {
        if (_position == _end)
        {
            await FillAsync(ct);
        }

        return _position == _end ? -1 : _buffer[_position++];
    }

    public void BeginMember()
    {
        _last = _position;
        _pieces = 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _end)
        {
            await FillAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _end - _position);
        if (count > 0)
        {
            _pieces++;
            _last = _position;
            _buffer.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
        }

        return count;
    }

    /// <summary>Goes on behind the first such bytes at or after the piece handed out last; false when they are not there.</summary>
    public async Task<bool> SkipBehindAsync(byte[] trailer, CancellationToken ct)
    {
        var kept = _end - _last;
        var wanted = _position - _last + trailer.Length;
        _buffer.AsSpan(_last, kept).CopyTo(_buffer);
        _end = kept;
        if (_end < wanted)
        {
            _end += await stored.ReadAtLeastAsync(_buffer.AsMemory(_end), wanted - _end, throwOnEndOfStream: false, ct);
        }

        _last = 0;
        var from = _pieces <= 1 ? ShortestData : 0;
        var window = _buffer.AsSpan(0, Math.Min(wanted, _end));
        var found = window.Length < from ? -1 : window[from..].IndexOf(trailer);
        _position = found < 0 ? _end : from + found + trailer.Length;
        return found >= 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stored.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task FillAsync(CancellationToken ct)
    {
        _position = 0;
        _last = 0;
        _end = await stored.ReadAsync(_buffer, ct);
    }
}
