// hot path
using System.Buffers.Text;
using System.Globalization;
using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>Numbers and truth values: what PostgreSQL reads is written in the spelling that COPY reads, the rest is refused.</summary>
internal static class RedshiftNumbers
{
    private const int MaxIntegerBytes = 20;
    private const int MaxDigits = 64;
    private const int MaxExponent = 100_000;

    /// <summary>What PostgreSQL's input functions skip around a value.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t\n\v\f\r"u8);

    public static RedshiftProblem Boolean(ReadOnlySpan<byte> value, RowBuffer output)
    {
        value = Trim(value);
        Span<byte> word = stackalloc byte[5];
        if (value.Length is 0 or > 5)
        {
            return RedshiftProblem.Syntax;
        }

        for (var i = 0; i < value.Length; i++)
        {
            word[i] = (byte)(value[i] is >= (byte)'A' and <= (byte)'Z' ? value[i] | 0x20 : value[i]);
        }

        word = word[..value.Length];
        var isTrue = "true"u8.StartsWith(word) || "yes"u8.StartsWith(word) || word.SequenceEqual("on"u8) || word.SequenceEqual("1"u8);
        if (!isTrue && !"false"u8.StartsWith(word) && !"no"u8.StartsWith(word) && !(word.Length > 1 && "off"u8.StartsWith(word)) && !word.SequenceEqual("0"u8))
        {
            return RedshiftProblem.Syntax;
        }

        output.GetSpan(1)[0] = isTrue ? (byte)'t' : (byte)'f';
        output.Advance(1);
        return RedshiftProblem.None;
    }

    public static RedshiftProblem Integer(ReadOnlySpan<byte> value, long most, RowBuffer output)
    {
        value = Trim(value);
        var isNegative = value.Length > 0 && value[0] == '-';
        var digits = isNegative || (value.Length > 0 && value[0] == '+') ? value[1..] : value;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return RedshiftProblem.Syntax;
        }

        digits = digits.TrimStart((byte)'0');
        if (digits.Length > 19)
        {
            return RedshiftProblem.Range;
        }

        var sum = 0UL;
        foreach (var digit in digits)
        {
            sum = (sum * 10) + digit - '0';
        }

        if (sum > (ulong)most + (isNegative ? 1UL : 0UL))
        {
            return RedshiftProblem.Range;
        }

        Utf8Formatter.TryFormat(isNegative ? (long)(0 - sum) : (long)sum, output.GetSpan(MaxIntegerBytes), out var written);
        output.Advance(written);
        return RedshiftProblem.None;
    }

    public static RedshiftProblem Float(ReadOnlySpan<byte> value, bool isSingle, RowBuffer output)
    {
        value = Trim(value);
        if (value.Length > 0 && value[0] == '+')
        {
            value = value[1..];
        }

        var unsigned = value.Length > 0 && value[0] == '-' ? value[1..] : value;
        if (unsigned.IsEmpty || unsigned[0] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.')
            || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return IsNotFinite(unsigned) ? RedshiftProblem.NotFinite : RedshiftProblem.Syntax;
        }

        var narrow = isSingle ? (float)number : number;
        if (!double.IsFinite(narrow) || (narrow == 0 && !IsZero(unsigned)))
        {
            return RedshiftProblem.Range;
        }

        Write(value, output);
        return RedshiftProblem.None;
    }

    /// <summary>Rounds half away from zero, as PostgreSQL does.</summary>
    public static RedshiftProblem Numeric(ReadOnlySpan<byte> value, RedshiftColumn column, RowBuffer output)
    {
        var start = value.Length > 0 && value[0] == '-' ? 1 : 0;
        var point = -1;
        var end = start;
        for (; end < value.Length; end++)
        {
            if ((uint)(value[end] - '0') <= 9)
            {
                continue;
            }

            if (value[end] != '.' || point >= 0)
            {
                break;
            }

            point = end;
        }

        var whole = (point < 0 ? value.Length : point) - start;
        var fraction = point < 0 ? 0 : value.Length - point - 1;
        if (end == value.Length && column.Precision != 19
            && whole > 0 && whole <= column.Precision - column.Scale && fraction <= column.Scale && (point < 0 || fraction > 0))
        {
            Write(value, output);
            return RedshiftProblem.None;
        }

        return Round(Trim(value), column, output);
    }

    private static RedshiftProblem Round(ReadOnlySpan<byte> value, RedshiftColumn column, RowBuffer output)
    {
        var isNegative = value.Length > 0 && value[0] == '-';
        value = isNegative || (value.Length > 0 && value[0] == '+') ? value[1..] : value;
        Span<byte> digits = stackalloc byte[MaxDigits];
        if (!TryScan(value, digits, out var count, out var point))
        {
            return IsNotFinite(value) ? RedshiftProblem.NotFinite : RedshiftProblem.Syntax;
        }

        // The value is 0.d1d2d3… times ten to the power of point; d1 is not zero.
        var kept = point + column.Scale;
        if (count > 0 && kept > column.Precision)
        {
            return RedshiftProblem.NumericOverflow;
        }

        UInt128 unscaled = 0;
        for (var i = 0; count > 0 && i < kept; i++)
        {
            unscaled = (unscaled * 10) + (i < count ? digits[i] : 0u);
        }

        if (kept >= 0 && kept < count && digits[kept] >= 5)
        {
            unscaled++;
        }

        if (unscaled >= column.NumericEnd)
        {
            return RedshiftProblem.NumericOverflow;
        }

        WriteDecimal(unscaled, isNegative, column.Scale, output);
        return RedshiftProblem.None;
    }

    /// <summary>The significant digits of a decimal number without its sign, as many as fit, and where the point is.</summary>
    private static bool TryScan(ReadOnlySpan<byte> value, Span<byte> digits, out int count, out int point)
    {
        count = 0;
        point = 0;
        var hasDigits = false;
        var hasPoint = false;
        var i = 0;
        for (; i < value.Length; i++)
        {
            var digit = (uint)(value[i] - '0');
            if (digit > 9)
            {
                if (value[i] != '.' || hasPoint)
                {
                    break;
                }

                hasPoint = true;
                continue;
            }

            hasDigits = true;
            if (count == 0 && digit == 0)
            {
                point -= hasPoint ? 1 : 0;
                continue;
            }

            point += hasPoint ? 0 : 1;
            if (count < digits.Length)
            {
                digits[count++] = (byte)digit;
            }
        }

        return hasDigits && (i == value.Length || TryExponent(value[i..], ref point));
    }

    private static bool TryExponent(ReadOnlySpan<byte> value, ref int point)
    {
        if (value[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        value = value[1..];
        var isNegative = value.Length > 0 && value[0] == '-';
        value = isNegative || (value.Length > 0 && value[0] == '+') ? value[1..] : value;
        if (value.IsEmpty)
        {
            return false;
        }

        var exponent = 0;
        foreach (var c in value)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }

            exponent = Math.Min((exponent * 10) + (int)digit, MaxExponent);
        }

        point += isNegative ? -exponent : exponent;
        return true;
    }

    private static void WriteDecimal(UInt128 unscaled, bool isNegative, int scale, RowBuffer output)
    {
        Span<byte> text = stackalloc byte[48];
        var position = text.Length;
        var isZero = unscaled == 0;
        for (var written = 0; unscaled != 0 || written <= scale; written++)
        {
            if (written == scale && scale > 0)
            {
                text[--position] = (byte)'.';
            }

            (unscaled, var digit) = UInt128.DivRem(unscaled, 10);
            text[--position] = (byte)('0' + (int)digit);
        }

        if (isNegative && !isZero)
        {
            text[--position] = (byte)'-';
        }

        Write(text[position..], output);
    }

    private static bool IsNotFinite(ReadOnlySpan<byte> value) =>
        System.Text.Ascii.EqualsIgnoreCase(value, "nan"u8) || System.Text.Ascii.EqualsIgnoreCase(value, "inf"u8) || System.Text.Ascii.EqualsIgnoreCase(value, "infinity"u8);

    // No digit but zero before the exponent.
    private static bool IsZero(ReadOnlySpan<byte> value)
    {
        var exponent = value.IndexOfAny((byte)'e', (byte)'E');
        return !(exponent < 0 ? value : value[..exponent]).ContainsAnyInRange((byte)'1', (byte)'9');
    }

    private static void Write(ReadOnlySpan<byte> value, RowBuffer output)
    {
        value.CopyTo(output.GetSpan(value.Length));
        output.Advance(value.Length);
    }
}
