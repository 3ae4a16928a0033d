using System.Globalization;
using System.Numerics;

namespace Sluice.Casts.Expressions;

/// <summary>How a quotient becomes a whole number.</summary>
internal enum Rounding
{
    Floor,
    Ceiling,
    Truncate,

    /// <summary>To the nearest, halves to the even one.</summary>
    Round,
}

/// <summary>Exact arithmetic on integers and fractions; a double makes the result a double.</summary>
internal static class LispNumbers
{
    public static bool IsNumber(object? value) => value is BigInteger or Ratio or double;

    public static bool IsZero(object value) => value is BigInteger { IsZero: true } or 0.0;

    public static int Sign(object value) => value switch
    {
        BigInteger integer => integer.Sign,
        Ratio ratio => ratio.Numerator.Sign,
        _ => Math.Sign((double)value),
    };

    public static object Add(object left, object right)
    {
        if (left is BigInteger a && right is BigInteger b)
        {
            return EvalContext.CheckSize(a + b);
        }

        if (left is double || right is double)
        {
            return Finite(ToDouble(left) + ToDouble(right));
        }

        var (ln, ld) = Parts(left);
        var (rn, rd) = Parts(right);
        return Fraction(ln * rd + rn * ld, ld * rd);
    }

    public static object Negate(object value) => value switch
    {
        BigInteger integer => -integer,
        Ratio ratio => new Ratio(-ratio.Numerator, ratio.Denominator),
        _ => -(double)value,
    };

    public static object Multiply(object left, object right)
    {
        if (left is double || right is double)
        {
            return Finite(ToDouble(left) * ToDouble(right));
        }

        var (ln, ld) = Parts(left);
        var (rn, rd) = Parts(right);
        CheckProduct(ln, rn);
        CheckProduct(ld, rd);
        return Fraction(ln * rn, ld * rd);
    }

    public static object Divide(object left, object right)
    {
        CheckDivisor(right);
        if (left is double || right is double)
        {
            return Finite(ToDouble(left) / ToDouble(right));
        }

        var (ln, ld) = Parts(left);
        var (rn, rd) = Parts(right);
        CheckProduct(ln, rd);
        CheckProduct(ld, rn);
        return Fraction(ln * rd, ld * rn);
    }

    public static BigInteger Quotient(object left, object right, Rounding rounding)
    {
        CheckDivisor(right);
        if (left is double || right is double)
        {
            var exact = Finite(ToDouble(left) / ToDouble(right));
            return new BigInteger(rounding switch
            {
                Rounding.Floor => Math.Floor(exact),
                Rounding.Ceiling => Math.Ceiling(exact),
                Rounding.Truncate => Math.Truncate(exact),
                _ => Math.Round(exact, MidpointRounding.ToEven),
            });
        }

        var (ln, ld) = Parts(left);
        var (rn, rd) = Parts(right);
        CheckProduct(ln, rd);
        CheckProduct(ld, rn);
        var numerator = ln * rd;
        var denominator = ld * rn;
        return denominator.Sign < 0 ? RoundFraction(-numerator, -denominator, rounding) : RoundFraction(numerator, denominator, rounding);
    }

    /// <summary>What is left of <paramref name="left"/> after the whole quotient: mod with Floor, rem with Truncate.</summary>
    public static object Remainder(object left, object right, Rounding rounding) =>
        Add(left, Negate(Multiply(Quotient(left, right, rounding), right)));

    public static int Compare(object left, object right)
    {
        if (left is double || right is double)
        {
            return ToDouble(left).CompareTo(ToDouble(right));
        }

        var (ln, ld) = Parts(left);
        var (rn, rd) = Parts(right);
        return (ln * rd).CompareTo(rn * ld);
    }

    public static object Power(object number, object exponent)
    {
        if (exponent is BigInteger power && number is not double)
        {
            var (numerator, denominator) = Parts(number);
            var size = BigInteger.Abs(power);
            var trivial = BigInteger.Abs(numerator) <= 1 && denominator.IsOne;
            if (!trivial && size * (numerator.GetBitLength() + denominator.GetBitLength()) > EvalContext.MaxBits)
            {
                throw new TransformException($"expt makes a number of more than {EvalContext.MaxBits:N0} bits");
            }

            var times = trivial ? (int)(size % 2) + (size.IsZero ? 0 : 2) : (int)size;
            var top = BigInteger.Pow(numerator, times);
            var bottom = BigInteger.Pow(denominator, times);
            if (power.Sign >= 0)
            {
                return Fraction(top, bottom);
            }

            return top.IsZero ? throw new TransformException("expt divides by zero") : Fraction(bottom, top);
        }

        return Finite(Math.Pow(ToDouble(number), ToDouble(exponent)));
    }

    public static object Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsOne)
        {
            return EvalContext.CheckSize(numerator);
        }

        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        divisor = denominator.Sign < 0 ? -divisor : divisor;
        numerator /= divisor;
        denominator /= divisor;
        EvalContext.CheckSize(numerator);
        EvalContext.CheckSize(denominator);
        return denominator.IsOne ? numerator : new Ratio(numerator, denominator);
    }

    public static (BigInteger Numerator, BigInteger Denominator) Parts(object value) => value switch
    {
        BigInteger integer => (integer, BigInteger.One),
        Ratio ratio => (ratio.Numerator, ratio.Denominator),
        _ => throw new InvalidOperationException("A double has no exact parts here"),
    };

    /// <summary>Any number as numerator and denominator, a double by its decimal digits.</summary>
    public static (BigInteger Numerator, BigInteger Denominator) DecimalParts(object value)
    {
        if (value is not double number)
        {
            return Parts(value);
        }

        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var text = shortest.Contains('E', StringComparison.Ordinal) ? shortest : shortest + "E0";
        var parts = text.Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        var scale = int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) - decimals;
        var whole = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = BigInteger.Parse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return scale >= 0 ? (digits * BigInteger.Pow(10, scale), BigInteger.One) : (digits, BigInteger.Pow(10, -scale));
    }

    public static double ToDouble(object value) => value switch
    {
        BigInteger integer => Finite((double)integer),
        Ratio ratio => RatioToDouble(ratio),
        _ => (double)value,
    };

    public static double Finite(double value) =>
        double.IsFinite(value) ? value : throw new TransformException("The expression makes a number that is too big for floating point");

    private static double RatioToDouble(Ratio ratio)
    {
        var shift = (int)(ratio.Denominator.GetBitLength() - ratio.Numerator.GetBitLength()) + 66;
        var quotient = shift >= 0 ? (ratio.Numerator << shift) / ratio.Denominator : ratio.Numerator / (ratio.Denominator << -shift);
        return Finite(Math.ScaleB((double)quotient, -shift));
    }

    private static BigInteger RoundFraction(BigInteger numerator, BigInteger denominator, Rounding rounding)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        if (remainder.IsZero)
        {
            return quotient;
        }

        var half = (BigInteger.Abs(remainder) * 2).CompareTo(denominator);
        var up = rounding switch
        {
            Rounding.Floor => numerator.Sign < 0,
            Rounding.Ceiling => numerator.Sign > 0,
            Rounding.Truncate => false,
            _ => half > 0 || (half == 0 && !quotient.IsEven),
        };
        return up ? quotient + numerator.Sign : quotient;
    }

    private static void CheckDivisor(object divisor)
    {
        if (IsZero(divisor))
        {
            throw new TransformException("The expression divides by zero");
        }
    }

    private static void CheckProduct(BigInteger left, BigInteger right)
    {
        if (left.GetBitLength() + right.GetBitLength() > EvalContext.MaxBits + 64)
        {
            throw new TransformException($"The expression makes a number of more than {EvalContext.MaxBits:N0} bits");
        }
    }
}
