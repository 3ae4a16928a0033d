// hot path
using System.Buffers.Binary;

namespace RedshiftLocal.Store.Payloads;

/// <summary>
/// A reflected cyclic redundancy check with all ones before and after, eight bytes at a time.
/// The polynomials: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
/// </summary>
internal sealed class Crc
{
    private readonly int _bits;
    private readonly ulong _polynomial;
    private readonly ulong[] _tables = new ulong[8 * 256];

    private Crc(int bits, ulong polynomial)
    {
        _bits = bits;
        _polynomial = polynomial;
        for (var i = 0; i < 256; i++)
        {
            var value = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ polynomial : value >> 1;
            }

            _tables[i] = value;
        }

        for (var i = 256; i < _tables.Length; i++)
        {
            var previous = _tables[i - 256];
            _tables[i] = (previous >> 8) ^ _tables[(int)(previous & 0xFF)];
        }
    }

    public static Crc Crc32 { get; } = new(32, 0xEDB88320);

    public static Crc Crc32C { get; } = new(32, 0x82F63B78);

    public static Crc Crc64Nvme { get; } = new(64, 0x9A6C9329AC4BC9B5);

    /// <summary>The state before the first byte; the value is the state inverted.</summary>
    public ulong Ones => ulong.MaxValue >> (64 - _bits);

    public ulong Append(ulong state, ReadOnlySpan<byte> data)
    {
        var tables = _tables.AsSpan();
        while (data.Length >= 8)
        {
            var next = state ^ BinaryPrimitives.ReadUInt64LittleEndian(data);
            state = tables[(7 * 256) + (int)(next & 0xFF)]
                ^ tables[(6 * 256) + (int)((next >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((next >> 16) & 0xFF)]
                ^ tables[(4 * 256) + (int)((next >> 24) & 0xFF)]
                ^ tables[(3 * 256) + (int)((next >> 32) & 0xFF)]
                ^ tables[(2 * 256) + (int)((next >> 40) & 0xFF)]
                ^ tables[256 + (int)((next >> 48) & 0xFF)]
                ^ tables[(int)(next >> 56)];
            data = data[8..];
        }

        foreach (var value in data)
        {
            state = tables[(int)((state ^ value) & 0xFF)] ^ (state >> 8);
        }

        return state;
    }

    /// <summary>Big-endian, as checksums are written.</summary>
    public byte[] ToBytes(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes[(8 - (_bits / 8))..];
    }

    public static ulong FromBytes(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var item in bytes)
        {
            value = (value << 8) | item;
        }

        return value;
    }

    /// <summary>The value of two pieces one after the other, from the values of both.</summary>
    public ulong Combine(ulong first, ulong second, long secondLength)
    {
        var power = PowerOfEightBits();
        for (var left = secondLength; left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
            {
                first = Multiply(power, first);
            }

            power = Multiply(power, power);
        }

        return first ^ second;
    }

    // x^8 modulo the polynomial; the highest bit stands for x^0.
    private ulong PowerOfEightBits() => 1UL << (_bits - 9);

    private ulong Multiply(ulong left, ulong right)
    {
        var product = 0UL;
        for (var bit = 1UL << (_bits - 1); bit != 0; bit >>= 1)
        {
            if ((left & bit) != 0)
            {
                product ^= right;
            }

            right = (right & 1) != 0 ? (right >> 1) ^ _polynomial : right >> 1;
        }

        return product;
    }
}
