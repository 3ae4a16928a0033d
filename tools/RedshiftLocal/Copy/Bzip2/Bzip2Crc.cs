namespace RedshiftLocal.Copy.Bzip2;

/// <summary>The CRC-32 of bzip2: the usual polynomial, its bits not reflected.</summary>
internal static class Bzip2Crc
{
    public const uint Start = 0xFFFFFFFF;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var crc = (uint)value << 24;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
        }

        return crc;
    })];

    public static uint Append(uint crc, byte value) => (crc << 8) ^ Table[(crc >> 24) ^ value];

    /// <summary>A file's checksum after one more block.</summary>
    public static uint Combine(uint file, uint block) => ((file << 1) | (file >> 31)) ^ block;
}
