using System.Buffers.Binary;
using System.Text;

namespace RedshiftLocal.Protocol;

/// <summary>Collects messages of the PostgreSQL protocol and sends them when asked.</summary>
public sealed class WireWriter(Stream stream)
{
    private const int SmallBytes = 16 * 1024;
    private const int FlushBytes = 64 * 1024;

    private byte[] _buffer = new byte[SmallBytes];
    private int _length;
    private int _lengthAt;

    /// <summary>So much is waiting that it should be sent before more is added.</summary>
    public bool IsFull => _length >= FlushBytes;

    public bool HasData => _length > 0;

    /// <summary>Starts a message; <see cref="End"/> completes it.</summary>
    public WireWriter Begin(char type)
    {
        Reserve(5);
        _buffer[_length++] = (byte)type;
        return BeginUntyped();
    }

    public WireWriter BeginUntyped()
    {
        Reserve(4);
        _lengthAt = _length;
        _length += 4;
        return this;
    }

    public WireWriter Byte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
        return this;
    }

    public WireWriter Int16(int value)
    {
        Reserve(2);
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_length), unchecked((short)value));
        _length += 2;
        return this;
    }

    public WireWriter Int32(int value)
    {
        Reserve(4);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_length), value);
        _length += 4;
        return this;
    }

    /// <summary>UTF-8 with a closing zero byte. Zero bytes within would cut the message in two, so they are left out.</summary>
    public WireWriter Text(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            value = value.Replace("\0", "", StringComparison.Ordinal);
        }

        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length) + 1);
        _length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
        _buffer[_length++] = 0;
        return this;
    }

    public WireWriter Bytes(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
        return this;
    }

    public void End() => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_lengthAt), _length - _lengthAt);

    public void Message(char type, ReadOnlySpan<byte> payload = default) => Begin(type).Bytes(payload).End();

    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (_length == 0)
        {
            return;
        }

        var length = _length;
        _length = 0;
        await stream.WriteAsync(_buffer.AsMemory(0, length), ct);
        if (_buffer.Length > FlushBytes * 4)
        {
            _buffer = new byte[SmallBytes];
        }
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_length + bytes, _buffer.Length * 2));
        }
    }
}
