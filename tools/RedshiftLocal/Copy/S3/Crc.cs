// hot path
using System.Buffers.Binary;
using System.Numerics;

namespace RedshiftLocal.Copy.S3;

/// <summary>A cyclic redundancy check; the state begins and ends inverted.</summary>
internal abstract class Crc
{
    public const ulong Begin = ulong.MaxValue;

    public abstract ulong Update(ulong state, ReadOnlySpan<byte> data);
}

/// <summary>Castagnoli's, which processors compute.</summary>
internal sealed class Crc32C : Crc
{
    public override ulong Update(ulong state, ReadOnlySpan<byte> data)
    {
        var crc = (uint)state;
        while (data.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}

/// <summary>Reflected CRC, eight bytes a step.</summary>
internal sealed class TableCrc : Crc
{
    public const ulong Crc32 = 0xEDB88320;
    public const ulong Crc64Nvme = 0x9A6C9329AC4BC9B5;

    private readonly ulong[] _tables = new ulong[8 * 256];
    private readonly ulong _mask;

    public TableCrc(ulong polynomial)
    {
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
            _tables[i] = (_tables[i - 256] >> 8) ^ _tables[(byte)_tables[i - 256]];
        }

        _mask = polynomial > uint.MaxValue ? ulong.MaxValue : uint.MaxValue;
    }

    public override ulong Update(ulong state, ReadOnlySpan<byte> data)
    {
        var crc = state & _mask;
        var tables = _tables.AsSpan();
        while (data.Length >= 8)
        {
            crc ^= BinaryPrimitives.ReadUInt64LittleEndian(data);
            crc = tables[(7 * 256) + (byte)crc] ^ tables[(6 * 256) + (byte)(crc >> 8)]
                ^ tables[(5 * 256) + (byte)(crc >> 16)] ^ tables[(4 * 256) + (byte)(crc >> 24)]
                ^ tables[(3 * 256) + (byte)(crc >> 32)] ^ tables[(2 * 256) + (byte)(crc >> 40)]
                ^ tables[256 + (byte)(crc >> 48)] ^ tables[(byte)(crc >> 56)];
            data = data[8..];
        }

        foreach (var value in data)
        {
            crc = tables[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }
}
