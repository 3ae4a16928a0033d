using System.Buffers.Binary;
using System.Text;

namespace RedshiftLocal.Protocol;

/// <summary>Takes the fields of one message in turn; a message that is too short is a protocol violation.</summary>
public ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = payload;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Bytes(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Bytes(4));

    public string Text()
    {
        var end = _rest.IndexOf((byte)0);
        if (end < 0)
        {
            throw Invalid();
        }

        try
        {
            var text = Strict.GetString(_rest[..end]);
            _rest = _rest[(end + 1)..];
            return text;
        }
        catch (DecoderFallbackException)
        {
            _rest = _rest[(end + 1)..];
            throw new ServerException("22021", "invalid byte sequence for encoding \"UTF8\"");
        }
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw Invalid();
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    private static ServerException Invalid() => new("08P01", "invalid message format");
}
