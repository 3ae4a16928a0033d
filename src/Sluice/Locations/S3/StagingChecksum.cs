using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sluice.Locations.S3;

/// <summary>CRC32C as S3 takes it. Processors compute it; the CRC32 that the SDK would add costs twenty times as much.</summary>
internal static class StagingChecksum
{
    public const uint Begin = uint.MaxValue;

    public static uint Append(uint checksum, ReadOnlySpan<byte> content)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(content))
        {
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var one in content[(content.Length & ~7)..])
        {
            checksum = BitOperations.Crc32C(checksum, one);
        }

        return checksum;
    }

    /// <summary>Big-endian, in Base64.</summary>
    public static string Text(uint checksum)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~checksum);
        return Convert.ToBase64String(bytes);
    }
}
