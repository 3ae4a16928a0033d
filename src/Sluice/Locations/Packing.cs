namespace Sluice.Locations;

/// <summary>How a file is packed, as its first bytes say.</summary>
internal enum Packing
{
    None,

    /// <summary>RFC 1952.</summary>
    Gzip,
    Bzip2,
    Xz,

    /// <summary>RFC 8878.</summary>
    Zstd,

    /// <summary>The frame format.</summary>
    Lz4,
}

/// <summary>Recognises packed files, by their beginning and by their name.</summary>
internal static class Packings
{
    /// <summary>The first bytes that have to be known.</summary>
    public const int HeadBytes = 10;

    private static readonly Dictionary<string, Packing> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [".gz"] = Packing.Gzip,
        [".bz2"] = Packing.Bzip2,
        [".xz"] = Packing.Xz,
        [".zst"] = Packing.Zstd,
        [".lz4"] = Packing.Lz4,
    };

    /// <summary>What the bytes are; text begins with none of these.</summary>
    public static Packing Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, 8, ..] => Packing.Gzip,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Packing.Bzip2,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Packing.Bzip2,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => Packing.Xz,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Packing.Zstd,
        [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => Packing.Zstd,
        [0x04, 0x22, 0x4D, 0x18, ..] => Packing.Lz4,
        _ => Packing.None,
    };

    /// <summary>Whether these bytes may be the beginning of a packed file, or of a ZIP archive, of which more has to be seen.</summary>
    public static bool MayBecome(ReadOnlySpan<byte> head) => head switch
    {
        [] => true,
        [0x1F] or [0x1F, 0x8B] => true,
        [(byte)'B', .. var rest] => "Zh"u8.StartsWith(rest) || rest.StartsWith("Zh"u8),
        [0xFD, .. var rest] => "7zXZ\0"u8.StartsWith(rest),
        [0x28, .. var rest] => ((ReadOnlySpan<byte>)[0xB5, 0x2F, 0xFD]).StartsWith(rest),
        [(byte)'P', .. var rest] => "K\u0003\u0004"u8.StartsWith(rest) || "*M\u0018"u8.StartsWith(rest),
        [0x04, .. var rest] => "\"M\u0018"u8.StartsWith(rest),
        [>= 0x50 and <= 0x5F, .. var rest] => "*M\u0018"u8.StartsWith(rest),
        _ => false,
    };

    /// <summary>What a name promises.</summary>
    public static Packing OfName(string name) => Extensions.GetValueOrDefault(Path.GetExtension(name));

    /// <summary>The name of what is inside.</summary>
    public static string Unpacked(string name) => OfName(name) == Packing.None ? name : name[..^Path.GetExtension(name).Length];
}
