namespace Sluice.Batches;

/// <summary>What stands around the tuples of a COPY binary stream (PostgreSQL documentation, COPY, "Binary Format").</summary>
public static class CopyBinaryFormat
{
    /// <summary>Signature, flags and the length of the (empty) header extension: 19 bytes.</summary>
    public static ReadOnlyMemory<byte> Header { get; } = "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".Select(c => (byte)c).ToArray();

    /// <summary>A field count of -1.</summary>
    public static ReadOnlyMemory<byte> Trailer { get; } = new byte[] { 0xff, 0xff };
}
