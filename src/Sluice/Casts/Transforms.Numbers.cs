// hot path
using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sluice.Casts;

internal static partial class Transforms
{
    // Longer numbers fit no PostgreSQL type; reading them would cost more than linear time.
    private const int MaxDigits = 131_072;

    public static FieldResult TinyintToBoolean(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        Give(scratch, utf8.SequenceEqual("0"u8) ? "f"u8 : "t"u8);

    public static FieldResult BitsToBoolean(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        utf8.Length == 1 ? Give(scratch, utf8[0] == 0 ? "f"u8 : "t"u8)
        : Utf8Text.CountCharacters(utf8) == 1 ? Give(scratch, "t"u8)
        : FieldResult.Null;

    public static FieldResult SqlServerBitToBoolean(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (utf8.Length == 5 && utf8.StartsWith("(("u8) && utf8.EndsWith("))"u8))
        {
            utf8 = utf8.Slice(2, 1);
        }

        return utf8.SequenceEqual("0"u8) ? Give(scratch, "f"u8)
            : utf8.SequenceEqual("1"u8) ? Give(scratch, "t"u8)
            : FieldResult.Null;
    }

    public static FieldResult LogicalToBoolean(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        utf8.Length == 1 && utf8[0] is (byte)'?' or (byte)' ' ? FieldResult.Null : FieldResult.Unchanged;

    public static FieldResult IntToIp(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        AddIp(scratch, utf8, "int-to-ip");
        return FieldResult.Replaced;
    }

    /// <summary>The range between two addresses, as ip4r reads it.</summary>
    public static void IpRange(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, ArrayBufferWriter<byte> scratch)
    {
        AddIp(scratch, first, TransformCatalog.IpRange);
        Add(scratch, (byte)'-');
        AddIp(scratch, last, TransformCatalog.IpRange);
    }

    public static FieldResult IntegerToString(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (!Utf8Text.TryInteger(utf8.Trim("'\""u8), out var negative, out var digits))
        {
            throw Bad("integer-to-string", utf8, "an integer");
        }

        return GiveInteger(scratch, negative, digits);
    }

    public static FieldResult EnsureParseInteger(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        Utf8Text.TryInteger(utf8, out var negative, out var digits) ? GiveInteger(scratch, negative, digits) : FieldResult.Null;

    public static FieldResult Db3NumericToPgsqlInteger(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch) =>
        Utf8Text.TryLeadingInteger(utf8, out var negative, out var digits, out _)
            ? GiveInteger(scratch, negative, digits)
            : FieldResult.Null;

    public static FieldResult Db3NumericToPgsqlNumeric(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var trimmed = utf8.Trim((byte)' ');
        return trimmed.IsEmpty ? FieldResult.Null
            : trimmed.Length == utf8.Length ? FieldResult.Unchanged
            : Give(scratch, trimmed);
    }

    public static FieldResult HexToDec(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var text = Utf8Text.TrimBlanks(utf8);
        var negative = !text.IsEmpty && text[0] == '-';
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            text = text[1..];
        }

        if (text.IsEmpty || text.Length > MaxDigits || text.ContainsAnyExcept(HexDigits))
        {
            throw Bad("hex-to-dec", utf8, "a hexadecimal number such as deadbeef");
        }

        text = text.TrimStart((byte)'0');
        if (negative && !text.IsEmpty)
        {
            Add(scratch, (byte)'-');
        }

        if (text.Length <= 32)
        {
            UInt128 value = 0;
            foreach (var digit in text)
            {
                value = (value << 4) | (uint)HexValue(digit);
            }

            value.TryFormat(scratch.GetSpan(40), out var written, default, CultureInfo.InvariantCulture);
            scratch.Advance(written);
            return FieldResult.Replaced;
        }

        // A leading zero keeps the number positive.
        var big = BigInteger.Parse("0" + Encoding.ASCII.GetString(text), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Give(scratch, Encoding.ASCII.GetBytes(big.ToString(CultureInfo.InvariantCulture)));
    }

    private static FieldResult GiveInteger(ArrayBufferWriter<byte> scratch, bool negative, ReadOnlySpan<byte> digits)
    {
        if (negative)
        {
            Add(scratch, (byte)'-');
        }

        return Give(scratch, digits);
    }

    private static void AddIp(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> text, string function)
    {
        if (!Utf8Text.TryInteger(text, out var negative, out var digits) || negative || digits.Length > 10
            || !Utf8Parser.TryParse(digits, out long address, out _) || address > uint.MaxValue)
        {
            throw Bad(function, text, "an integer from 0 to 4294967295");
        }

        AddNumber(scratch, address >> 24);
        for (var shift = 16; shift >= 0; shift -= 8)
        {
            Add(scratch, (byte)'.');
            AddNumber(scratch, (address >> shift) & 0xFF);
        }
    }
}
