namespace Sluice.Locations;

/// <summary>Packed bytes, buffered: what was read by an unpacker but is not its own can be looked at again.</summary>
internal sealed class PackedInput(ReadOnlyMemory<byte> head, Stream source) : Stream
{
    /// <summary>What was given last is kept, so much of it: as much as one read of a <see cref="System.IO.Compression.DeflateStream"/> takes.</summary>
    private const int KeptBytes = 8192;

    private readonly byte[] _buffer = new byte[64 << 10];
    private ReadOnlyMemory<byte> _head = head;
    private int _lastStart;
    private int _start;
    private int _end;
    private long _offset;
    private bool _isFinal;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes given so far.</summary>
    public override long Position
    {
        get => _offset + _start;
        set => throw new NotSupportedException();
    }

    /// <summary>What is there and not given yet.</summary>
    public ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Makes so many bytes be there, or all that are left.</summary>
    public async ValueTask<bool> EnsureAsync(int length, CancellationToken ct)
    {
        while (_end - _start < length && !_isFinal)
        {
            await FillAsync(ct).ConfigureAwait(false);
        }

        return _end - _start >= length;
    }

    public void Skip(int bytes) => _start += bytes;

    /// <summary>Goes to behind the first place of <paramref name="mark"/> in what the last reads gave, or right after it.</summary>
    public async ValueTask<bool> TryGoBehindAsync(ReadOnlyMemory<byte> mark, CancellationToken ct)
    {
        await EnsureAsync(mark.Length, ct).ConfigureAwait(false);
        var end = Math.Min(_end, _start + mark.Length);
        var at = _buffer.AsSpan(_lastStart, end - _lastStart).IndexOf(mark.Span);
        if (at < 0)
        {
            return false;
        }

        _start = _lastStart + at + mark.Length;
        _lastStart = _start;
        return true;
    }

    /// <summary>Gives all that is asked for, but at the end: not every unpacker asks again.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _lastStart = _start;
        var given = 0;
        while (given < buffer.Length && await EnsureAsync(1, cancellationToken).ConfigureAwait(false))
        {
            var length = Math.Min(buffer.Length - given, _end - _start);
            _buffer.AsMemory(_start, length).CopyTo(buffer[given..]);
            _start += length;
            given += length;
        }

        return given;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (_end == _buffer.Length)
        {
            var kept = Math.Max(_lastStart, _start - KeptBytes);
            _buffer.AsSpan(kept, _end - kept).CopyTo(_buffer);
            _offset += kept;
            _lastStart = Math.Max(0, _lastStart - kept);
            _start -= kept;
            _end -= kept;
        }

        int read;
        if (_head.Length > 0)
        {
            read = Math.Min(_head.Length, _buffer.Length - _end);
            _head.Span[..read].CopyTo(_buffer.AsSpan(_end));
            _head = _head[read..];
        }
        else
        {
            read = await source.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
        }

        _isFinal = read == 0;
        _end += read;
    }
}
