// hot path
using System.Buffers.Binary;
using System.Globalization;

namespace Sluice.Batches;

/// <summary>
/// float4 and float8. Only plain decimal spellings, and the three words as PostgreSQL prints them. What overflows, or vanishes to
/// zero, is the server's to refuse. What versions of PostgreSQL round differently is the server's to round.
/// </summary>
internal static class BinaryFloat
{
    /// <summary>Longer spellings could meet the limits of exponent arithmetic; they go as text.</summary>
    private const int MaxTextBytes = 128;
    private const int MaxExponentDigits = 4;

    /// <summary>2^53: whole numbers up to here are exact as double, so are the powers of ten up to 22, and one operation rounds once.</summary>
    private const ulong MaxExact8 = 1UL << 53;
    private const int MaxExactPower8 = 22;

    /// <summary>The same for float.</summary>
    private const ulong MaxExact4 = 1UL << 24;
    private const int MaxExactPower4 = 10;

    // Arrays, since a span over constants of more than a byte allocates in code that is not optimized yet.
    private static readonly double[] Powers8 =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static readonly float[] Powers4 = [1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    public static int Encode8(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        double number;
        if (!TryScan(utf8, out var decimals))
        {
            if (!TryWord(utf8, out number))
            {
                return BinaryEncoder.NotCanonical;
            }
        }
        else if (decimals.IsExact && decimals.Digits <= MaxExact8 && decimals.Exponent is >= -MaxExactPower8 and <= MaxExactPower8)
        {
            number = decimals.Exponent < 0
                ? decimals.Digits / Powers8[-decimals.Exponent]
                : decimals.Digits * Powers8[decimals.Exponent];
            number = decimals.IsNegative ? -number : number;
        }
        else if (!double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            || double.IsInfinity(number) || (number == 0 && !decimals.IsZero))
        {
            return BinaryEncoder.NotCanonical;
        }

        BinaryPrimitives.WriteDoubleBigEndian(value, number);
        return sizeof(double);
    }

    public static int Encode4(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        float number;
        if (!TryScan(utf8, out var decimals))
        {
            if (!TryWord(utf8, out var word))
            {
                return BinaryEncoder.NotCanonical;
            }

            number = (float)word;
        }
        else if (decimals.IsExact && decimals.Digits <= MaxExact4 && decimals.Exponent is >= -MaxExactPower4 and <= MaxExactPower4)
        {
            number = decimals.Exponent < 0
                ? decimals.Digits / Powers4[-decimals.Exponent]
                : decimals.Digits * Powers4[decimals.Exponent];
            number = decimals.IsNegative ? -number : number;
        }
        else if (!double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide)
            || (IsBetweenFloats(wide, out number) && !decimals.Equal(wide))
            || float.IsInfinity(number) || (number == 0 && !decimals.IsZero))
        {
            return BinaryEncoder.NotCanonical;
        }

        BinaryPrimitives.WriteSingleBigEndian(value, number);
        return sizeof(float);
    }

    public static int Decode8(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var number = BinaryPrimitives.ReadDoubleBigEndian(value);
        if (double.IsFinite(number))
        {
            number.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
            return written;
        }

        return DecodeWord(number, text);
    }

    public static int Decode4(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var number = BinaryPrimitives.ReadSingleBigEndian(value);
        if (float.IsFinite(number))
        {
            number.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
            if ((float)double.Parse(text[..written], CultureInfo.InvariantCulture) != number)
            {
                ((double)number).TryFormat(text, out written, "R", CultureInfo.InvariantCulture);
            }

            return written;
        }

        return DecodeWord(number, text);
    }

    // PostgreSQL before 12 reads a real as double and rounds again, later versions round once. Both give the same, unless the double
    // is exactly half-way between two floats: then it depends on digits that the double no longer has.
    private static bool IsBetweenFloats(double wide, out float nearest)
    {
        nearest = (float)wide;
        var other = wide > nearest ? float.BitIncrement(nearest) : float.BitDecrement(nearest);
        return wide != nearest && Math.Abs(wide - nearest) == Math.Abs(other - wide);
    }

    private static bool TryWord(ReadOnlySpan<byte> utf8, out double number)
    {
        number = utf8.SequenceEqual("Infinity"u8) ? double.PositiveInfinity
            : utf8.SequenceEqual("-Infinity"u8) ? double.NegativeInfinity
            : double.NaN;
        return !double.IsNaN(number) || utf8.SequenceEqual("NaN"u8);
    }

    private static int DecodeWord(double number, Span<byte> text)
    {
        var word = double.IsNaN(number) ? "NaN"u8 : number > 0 ? "Infinity"u8 : "-Infinity"u8;
        word.CopyTo(text);
        return word.Length;
    }

    /// <summary>Splits <c>-12.5e3</c>; false when it is anything but minus, digits, point, digits, exponent.</summary>
    private static bool TryScan(ReadOnlySpan<byte> utf8, out Decimals decimals)
    {
        const int MaxExactDigits = 19;
        decimals = default;
        if (utf8.Length > MaxTextBytes)
        {
            return false;
        }

        var i = 0;
        decimals.IsNegative = utf8.Length > 0 && utf8[0] == '-';
        if (decimals.IsNegative)
        {
            i++;
        }

        var sum = 0UL;
        var digits = 0;
        var significant = 0;
        var fraction = 0;
        var isFraction = false;
        for (; i < utf8.Length; i++)
        {
            var digit = (uint)utf8[i] - '0';
            if (digit <= 9)
            {
                sum = unchecked((sum * 10) + digit);
                digits++;
                significant += significant > 0 || digit > 0 ? 1 : 0;
                fraction += isFraction ? 1 : 0;
            }
            else if (utf8[i] == '.' && !isFraction)
            {
                isFraction = true;
            }
            else
            {
                break;
            }
        }

        if (digits == 0 || !TryScanExponent(utf8[i..], out var exponent))
        {
            return false;
        }

        decimals.Digits = sum;
        decimals.Exponent = exponent - fraction;
        decimals.IsExact = significant <= MaxExactDigits;
        decimals.IsZero = significant == 0;
        return true;
    }

    private static bool TryScanExponent(ReadOnlySpan<byte> utf8, out int exponent)
    {
        exponent = 0;
        if (utf8.Length == 0)
        {
            return true;
        }

        var signs = utf8.Length > 1 && utf8[1] is (byte)'-' or (byte)'+' ? 1 : 0;
        var digits = utf8[Math.Min(utf8.Length, 1 + signs)..];
        if (utf8[0] is not ((byte)'e' or (byte)'E') || digits.Length is 0 or > MaxExponentDigits)
        {
            return false;
        }

        foreach (var c in digits)
        {
            var digit = (uint)c - '0';
            if (digit > 9)
            {
                return false;
            }

            exponent = (exponent * 10) + (int)digit;
        }

        exponent = signs == 1 && utf8[1] == '-' ? -exponent : exponent;
        return true;
    }

    private struct Decimals
    {
        public ulong Digits;
        public int Exponent;
        public bool IsNegative;

        /// <summary>All digits are in <see cref="Digits"/>.</summary>
        public bool IsExact;
        public bool IsZero;

        /// <summary>Whether a double is known to be the very number that is written.</summary>
        public readonly bool Equal(double number) =>
            IsExact && Digits <= MaxExact8 && Exponent is >= -MaxExactPower8 and <= MaxExactPower8
            && (Exponent < 0
                ? Math.FusedMultiplyAdd(Math.Abs(number), Powers8[-Exponent], -(double)Digits)
                : Math.FusedMultiplyAdd(Digits, Powers8[Exponent], -Math.Abs(number))) == 0;
    }
}
