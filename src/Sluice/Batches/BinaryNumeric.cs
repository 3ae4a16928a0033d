// hot path
using System.Buffers.Binary;

namespace Sluice.Batches;

/// <summary>
/// numeric on the wire: four words (count of groups, weight of the first, sign, display scale), then groups of four decimal digits.
/// The receive function drops needless groups and applies the type modifier as the input function does.
/// </summary>
internal static class BinaryNumeric
{
    private const int HeaderBytes = 8;
    private const ushort Negative = 0x4000;
    private const ushort NotANumber = 0xC000;
    private const ushort PositiveInfinity = 0xD000;
    private const ushort NegativeInfinity = 0xF000;

    /// <summary>The receive function takes 3,000 groups of 4 digits and a display scale of 16,383.</summary>
    private const int MaxDigits = 8_000;

    public static int Encode(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        var isNegative = utf8.Length > 0 && utf8[0] == '-';
        var digits = isNegative ? utf8[1..] : utf8;
        var point = digits.Length;
        for (var i = 0; i < digits.Length; i++)
        {
            if ((uint)digits[i] - '0' > 9)
            {
                if (digits[i] != '.' || point < digits.Length)
                {
                    return utf8.SequenceEqual("NaN"u8) ? EncodeNotANumber(value) : BinaryEncoder.NotCanonical;
                }

                point = i;
            }
        }

        var whole = digits[..point];
        var fraction = point < digits.Length ? digits[(point + 1)..] : [];
        if (whole.Length + fraction.Length is 0 or > MaxDigits)
        {
            return BinaryEncoder.NotCanonical;
        }

        whole = whole.TrimStart((byte)'0');
        var position = HeaderBytes;
        var wholeGroups = (whole.Length + 3) / 4;
        for (var i = whole.Length - (wholeGroups * 4); i < whole.Length; i += 4)
        {
            WriteGroup(i < 0 ? Leading(whole[..(i + 4)]) : Four(whole[i..]), value, ref position);
        }

        for (var i = 0; i + 4 <= fraction.Length; i += 4)
        {
            WriteGroup(Four(fraction[i..]), value, ref position);
        }

        var rest = fraction.Length & 3;
        if (rest > 0)
        {
            var group = Leading(fraction[^rest..]);
            WriteGroup(rest == 1 ? group * 1000 : rest == 2 ? group * 100 : group * 10, value, ref position);
        }

        BinaryPrimitives.WriteInt16BigEndian(value, (short)((position - HeaderBytes) / 2));
        BinaryPrimitives.WriteInt16BigEndian(value[2..], (short)(wholeGroups - 1));
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], isNegative ? Negative : (ushort)0);
        BinaryPrimitives.WriteInt16BigEndian(value[6..], (short)fraction.Length);
        return position;
    }

    /// <summary>The size of <see cref="Decode"/>'s output, or a little more.</summary>
    public static int MaxTextBytes(ReadOnlySpan<byte> value)
    {
        var weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        return 12 + (4 * Math.Max(weight + 1, 1)) + BinaryPrimitives.ReadUInt16BigEndian(value[6..]);
    }

    /// <summary>The plain decimal spelling with all digits of the display scale; returns its size.</summary>
    public static int Decode(ReadOnlySpan<byte> value, Span<byte> text)
    {
        int groups = BinaryPrimitives.ReadInt16BigEndian(value);
        int weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        int scale = BinaryPrimitives.ReadUInt16BigEndian(value[6..]);
        if ((sign & NotANumber) == NotANumber)
        {
            var word = sign == PositiveInfinity ? "Infinity"u8 : sign == NegativeInfinity ? "-Infinity"u8 : "NaN"u8;
            word.CopyTo(text);
            return word.Length;
        }

        var position = 0;
        if (sign == Negative)
        {
            text[position++] = (byte)'-';
        }

        var start = position;
        for (var i = 0; i <= weight; i++)
        {
            WriteDigits(Group(value, groups, i), text[position..]);
            position += 4;
        }

        var leading = text[start..position].IndexOfAnyExcept((byte)'0');
        if (leading != 0)
        {
            // Keeps one zero before the point.
            leading = leading < 0 ? position - start : leading;
            text[(start + leading)..position].CopyTo(text[start..]);
            position -= leading;
            if (position == start)
            {
                text[position++] = (byte)'0';
            }
        }

        if (scale > 0)
        {
            text[position++] = (byte)'.';
            Span<byte> four = stackalloc byte[4];
            for (var i = 0; i < scale; i += 4)
            {
                WriteDigits(Group(value, groups, weight + 1 + (i / 4)), four);
                four[..Math.Min(4, scale - i)].CopyTo(text[position..]);
                position += Math.Min(4, scale - i);
            }
        }

        return position;
    }

    private static int EncodeNotANumber(Span<byte> value)
    {
        value[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], NotANumber);
        return HeaderBytes;
    }

    private static void WriteGroup(uint group, Span<byte> value, ref int position)
    {
        BinaryPrimitives.WriteUInt16BigEndian(value[position..], (ushort)group);
        position += sizeof(ushort);
    }

    private static uint Four(ReadOnlySpan<byte> digits) =>
        ((digits[0] - (uint)'0') * 1000) + ((digits[1] - (uint)'0') * 100) + ((digits[2] - (uint)'0') * 10) + (digits[3] - (uint)'0');

    private static uint Leading(ReadOnlySpan<byte> digits)
    {
        var sum = 0u;
        foreach (var digit in digits)
        {
            sum = (sum * 10) + digit - '0';
        }

        return sum;
    }

    private static int Group(ReadOnlySpan<byte> value, int groups, int index) =>
        (uint)index < (uint)groups ? BinaryPrimitives.ReadUInt16BigEndian(value[(HeaderBytes + (2 * index))..]) : 0;

    private static void WriteDigits(int group, Span<byte> four)
    {
        four[0] = (byte)('0' + (group / 1000));
        four[1] = (byte)('0' + (group / 100 % 10));
        four[2] = (byte)('0' + (group / 10 % 10));
        four[3] = (byte)('0' + (group % 10));
    }
}
