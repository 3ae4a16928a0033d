using System.Buffers.Binary;

namespace RedshiftLocal.Protocol;

/// <summary>Cuts a byte stream into messages of the PostgreSQL protocol, version 3.</summary>
public sealed class WireReader(Stream stream)
{
    private const int SmallBytes = 16 * 1024;

    private byte[] _buffer = new byte[SmallBytes];
    private int _start;
    private int _end;

    /// <summary>Bytes that were received and not yet taken.</summary>
    public int BufferedBytes => _end - _start;

    /// <summary>The first message of a connection, which has no type byte. Its type here is 1, or 0 at the end of the stream.</summary>
    public async ValueTask<WireMessage> ReadStartupAsync(int maxBytes, CancellationToken ct)
    {
        if (!await FillAsync(4, ct))
        {
            return default;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length < 8 || length > maxBytes)
        {
            throw new WireException("invalid length of startup packet");
        }

        return await TakeAsync(1, 0, length, ct);
    }

    /// <summary>The bytes received so far, for a look at what a stranger sent.</summary>
    public ReadOnlySpan<byte> Peek() => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Waits for the next message to begin; false at the end of the stream.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken ct) => FillAsync(1, ct);

    public async ValueTask<WireMessage> ReadAsync(int maxBytes, CancellationToken ct)
    {
        if (!await FillAsync(5, ct))
        {
            return default;
        }

        var type = _buffer[_start];
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 1));
        if (type == 0 || length < 4)
        {
            throw new WireException("invalid message length");
        }

        if (length > maxBytes)
        {
            throw new WireException($"a message of {length} bytes is longer than the {maxBytes} that are taken", isTooLong: true);
        }

        return await TakeAsync(type, 1, length, ct);
    }

    private async ValueTask<WireMessage> TakeAsync(byte type, int header, int length, CancellationToken ct)
    {
        if (!await FillAsync(header + length, ct))
        {
            return default;
        }

        var payload = _buffer.AsMemory(_start + header + 4, length - 4);
        _start += header + length;
        return new WireMessage(type, payload);
    }

    /// <summary>False at the end of the stream. A buffer grows with what has come, not with what was announced.</summary>
    private async ValueTask<bool> FillAsync(int needed, CancellationToken ct)
    {
        if (_end - _start >= needed)
        {
            return true;
        }

        if (_start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > SmallBytes * 8 && needed <= SmallBytes)
            {
                _buffer = new byte[SmallBytes];
            }
        }

        while (_end - _start < needed)
        {
            MakeRoom(needed);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int needed)
    {
        if (_start + needed > _buffer.Length && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, _buffer.Length * 2L));
        }
    }
}
