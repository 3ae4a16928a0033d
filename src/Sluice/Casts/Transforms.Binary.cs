// hot path
using System.Buffers;
using System.Text.Unicode;

namespace Sluice.Casts;

internal static partial class Transforms
{
    private const string InetText = "an address as hexadecimal digits: 8 for IPv4, 32 for IPv6";
    private const string UuidText = "a uuid as 32 hexadecimal digits";

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Bytes, or the bytes of a text, in PostgreSQL's hex form; nothing gives NULL.</summary>
    public static FieldResult BinaryToBytea(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch) =>
        bytes.IsEmpty ? FieldResult.Null : ByteVectorToBytea(bytes, scratch);

    public static FieldResult ByteVectorToBytea(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        scratch.Write("\\x"u8);
        return BytesToHexstring(bytes, scratch);
    }

    public static FieldResult TextToHexstring(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        utf8.IsEmpty ? FieldResult.Null : BytesToHexstring(utf8, scratch);

    public static FieldResult BytesToHexstring(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        var digits = scratch.GetSpan(2 * bytes.Length);
        Convert.TryToHexStringLower(bytes, digits, out var written);
        scratch.Advance(written);
        return FieldResult.Replaced;
    }

    public static FieldResult BytesToHexBitstring(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        Add(scratch, (byte)'X');
        return BytesToHexstring(bytes, scratch);
    }

    /// <summary>The default of a bit column, <c>b'101'</c>: first two characters and the last are dropped, whatever they are.</summary>
    public static FieldResult DefaultToBitstring(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var count = Utf8Text.CountCharacters(utf8);
        if (count < 3)
        {
            throw Bad("bits-to-hex-bitstring", utf8, "bits such as b'101'");
        }

        return Give(scratch, Utf8Text.Slice(utf8, 2, count - 1));
    }

    public static FieldResult HexToBytea(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        scratch.Write("\\x"u8);
        return Give(scratch, WithoutHexPrefix(Utf8Text.TrimBlanks(utf8)));
    }

    public static FieldResult BytesToText(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch) =>
        Utf8.IsValid(bytes) ? FieldResult.Unchanged : throw Bad("varbinary-to-string", bytes, "bytes that are text in UTF-8");

    public static FieldResult HexToInet(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        Span<byte> bytes = stackalloc byte[16];
        var count = utf8.IsEmpty ? 0 : HexBytes(utf8, bytes);
        return utf8.IsEmpty ? FieldResult.Null
            : count is 4 or 16 ? BytesToInet(bytes[..count], scratch)
            : throw Bad("varbinary-to-inet", utf8, InetText);
    }

    public static FieldResult BytesToInet(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        switch (bytes.Length)
        {
            case 0:
                return FieldResult.Null;
            case 4:
                for (var i = 0; i < 4; i++)
                {
                    scratch.Write(i == 0 ? ""u8 : "."u8);
                    AddNumber(scratch, bytes[i]);
                }

                return FieldResult.Replaced;
            case 16:
                for (var i = 0; i < 16; i += 2)
                {
                    scratch.Write(i == 0 ? ""u8 : ":"u8);
                    AddUpperHex(scratch, bytes.Slice(i, 2));
                }

                return FieldResult.Replaced;
            default:
                throw new TransformException($"varbinary-to-inet cannot use {bytes.Length} bytes: expected 4 for IPv4 or 16 for IPv6");
        }
    }

    public static FieldResult HexToUuid(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (utf8.IsEmpty)
        {
            return FieldResult.Null;
        }

        Span<byte> bytes = stackalloc byte[16];
        return HexBytes(utf8, bytes) switch
        {
            16 => BytesToUuid(bytes, scratch),
            < 0 => throw Bad("binary-to-uuid", utf8, UuidText),
            _ => FieldResult.Null,
        };
    }

    public static FieldResult BytesToUuid(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        if (bytes.Length != 16)
        {
            return FieldResult.Null;
        }

        AddUuid(scratch, bytes);
        return FieldResult.Replaced;
    }

    public static FieldResult HexToSqlServerUuid(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        Span<byte> bytes = stackalloc byte[16];
        return HexBytes(utf8, bytes) == 16
            ? BytesToSqlServerUuid(bytes, scratch)
            : throw Bad("sql-server-uniqueidentifier-to-uuid", utf8, UuidText);
    }

    /// <summary>The first three groups are stored with their lowest byte first.</summary>
    public static FieldResult BytesToSqlServerUuid(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        if (bytes.Length != 16)
        {
            throw new TransformException($"sql-server-uniqueidentifier-to-uuid cannot use {bytes.Length} bytes: expected 16");
        }

        Span<byte> swapped = stackalloc byte[16];
        bytes.CopyTo(swapped);
        swapped[..4].Reverse();
        swapped.Slice(4, 2).Reverse();
        swapped.Slice(6, 2).Reverse();
        AddUuid(scratch, swapped);
        return FieldResult.Replaced;
    }

    private static void AddUuid(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> bytes)
    {
        AddUpperHex(scratch, bytes[..4]);
        for (var start = 4; start < 10; start += 2)
        {
            Add(scratch, (byte)'-');
            AddUpperHex(scratch, bytes.Slice(start, 2));
        }

        Add(scratch, (byte)'-');
        AddUpperHex(scratch, bytes[10..]);
    }

    private static void AddUpperHex(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexString(bytes, scratch.GetSpan(2 * bytes.Length), out var written);
        scratch.Advance(written);
    }

    private static ReadOnlySpan<byte> WithoutHexPrefix(ReadOnlySpan<byte> text) =>
        text.StartsWith("0x"u8) || text.StartsWith("\\x"u8) ? text[2..] : text;

    // How many bytes the digits stand for (filled up to the room there is), or -1 when they are not pairs of digits.
    private static int HexBytes(ReadOnlySpan<byte> utf8, Span<byte> bytes)
    {
        var digits = WithoutHexPrefix(Utf8Text.TrimBlanks(utf8));
        if (digits.Length % 2 != 0 || digits.ContainsAnyExcept(HexDigits))
        {
            return -1;
        }

        for (var i = 0; i < digits.Length / 2 && i < bytes.Length; i++)
        {
            bytes[i] = (byte)(HexValue(digits[2 * i]) << 4 | HexValue(digits[2 * i + 1]));
        }

        return digits.Length / 2;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
