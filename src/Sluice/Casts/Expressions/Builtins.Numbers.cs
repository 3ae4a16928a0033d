using System.Numerics;

namespace Sluice.Casts.Expressions;

internal static partial class Builtins
{
    private const int MaxParsedDigits = 20_000;

    /// <summary>Digits of a base that are known to be such.</summary>
    public static BigInteger ParseDigits(string function, string text, int radix)
    {
        if (text.Length > MaxParsedDigits)
        {
            throw new TransformException($"{function} reads at most {MaxParsedDigits:N0} digits, found {text.Length:N0}");
        }

        var negative = text.StartsWith('-');
        var digits = text.AsSpan(text.StartsWith('-') || text.StartsWith('+') ? 1 : 0);
        BigInteger value;
        if (radix == 10)
        {
            value = BigInteger.Parse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
        }
        else
        {
            value = BigInteger.Zero;
            foreach (var digit in digits)
            {
                value = value * radix + DigitValue(digit);
            }
        }

        return negative ? -value : value;
    }

    private static IEnumerable<Builtin> Numbers() =>
    [
        Define("+", 0, -1, call => Fold(call, BigInteger.Zero, LispNumbers.Add)),
        Define("*", 0, -1, call => Fold(call, BigInteger.One, LispNumbers.Multiply)),
        Define("-", 1, -1, call => AnyNull(call) ? null
            : call.Count == 1 ? LispNumbers.Negate(call.Number(0))
            : FoldRest(call, (a, b) => LispNumbers.Add(a, LispNumbers.Negate(b)))),
        Define("/", 1, -1, call => AnyNull(call) ? null
            : call.Count == 1 ? LispNumbers.Divide(BigInteger.One, call.Number(0))
            : FoldRest(call, LispNumbers.Divide)),
        OfNumber("1+", number => LispNumbers.Add(number, BigInteger.One)),
        OfNumber("1-", number => LispNumbers.Add(number, BigInteger.MinusOne)),
        OfNumber("abs", number => LispNumbers.Sign(number) < 0 ? LispNumbers.Negate(number) : number),
        OfNumber("signum", number => number is double value ? (double)Math.Sign(value) : new BigInteger(LispNumbers.Sign(number))),
        OfNumber("float", number => LispNumbers.ToDouble(number)),
        Define("sqrt", 1, 1, call => call[0] is null ? null : SquareRoot(call)),
        Define("numerator", 1, 1, call => call[0] is null ? null : PartsOf(call).Numerator),
        Define("denominator", 1, 1, call => call[0] is null ? null : PartsOf(call).Denominator),
        Define("expt", 2, 2, call => AnyNull(call) ? null : LispNumbers.Power(call.Number(0), call.Number(1))),
        Define("mod", 2, 2, call => AnyNull(call) ? null : LispNumbers.Remainder(call.Number(0), call.Number(1), Rounding.Floor)),
        Define("rem", 2, 2, call => AnyNull(call) ? null : LispNumbers.Remainder(call.Number(0), call.Number(1), Rounding.Truncate)),
        Rounded("floor", Rounding.Floor),
        Rounded("ceiling", Rounding.Ceiling),
        Rounded("truncate", Rounding.Truncate),
        Rounded("round", Rounding.Round),
        Define("max", 1, -1, call => AnyNull(call) ? null : FoldRest(call, (a, b) => LispNumbers.Compare(a, b) < 0 ? b : a)),
        Define("min", 1, -1, call => AnyNull(call) ? null : FoldRest(call, (a, b) => LispNumbers.Compare(a, b) > 0 ? b : a)),
        Define("gcd", 0, -1, call => AnyNull(call) ? null : Integers(call).Aggregate(BigInteger.Zero, BigInteger.GreatestCommonDivisor)),
        Define("logand", 0, -1, call => AnyNull(call) ? null : Integers(call).Aggregate(BigInteger.MinusOne, (a, b) => a & b)),
        Define("logior", 0, -1, call => AnyNull(call) ? null : Integers(call).Aggregate(BigInteger.Zero, (a, b) => a | b)),
        Define("logxor", 0, -1, call => AnyNull(call) ? null : Integers(call).Aggregate(BigInteger.Zero, (a, b) => a ^ b)),
        Define("ash", 2, 2, call => AnyNull(call) ? null : Shift(call)),
        DefineKeys("parse-integer", 1, ["start", "end", "radix", "junk-allowed"], ParseInteger),
    ];

    private static Builtin OfNumber(string name, Func<object, object> body) =>
        Define(name, 1, 1, call => call[0] is null ? null : body(call.Number(0)));

    private static Builtin Rounded(string name, Rounding rounding) =>
        Define(name, 1, 2, call => call[0] is null || (call.Has(1) && call[1] is null)
            ? null
            : LispNumbers.Quotient(call.Number(0), call.Has(1) ? call.Number(1) : BigInteger.One, rounding));

    private static bool AnyNull(Call call)
    {
        for (var i = 0; i < call.Count; i++)
        {
            if (call[i] is null)
            {
                return true;
            }
        }

        return false;
    }

    private static object? Fold(Call call, object start, Func<object, object, object> step)
    {
        if (AnyNull(call))
        {
            return null;
        }

        for (var i = 0; i < call.Count; i++)
        {
            start = step(start, call.Number(i));
        }

        return start;
    }

    private static object FoldRest(Call call, Func<object, object, object> step)
    {
        var result = call.Number(0);
        for (var i = 1; i < call.Count; i++)
        {
            result = step(result, call.Number(i));
        }

        return result;
    }

    private static IEnumerable<BigInteger> Integers(Call call)
    {
        for (var i = 0; i < call.Count; i++)
        {
            yield return call.Integer(i);
        }
    }

    private static (BigInteger Numerator, BigInteger Denominator) PartsOf(Call call) =>
        call.Number(0) is double ? throw call.Refuse(0, "an exact number") : LispNumbers.Parts(call.Number(0));

    private static double SquareRoot(Call call)
    {
        var number = LispNumbers.ToDouble(call.Number(0));
        return number < 0 ? throw call.Refuse(0, "a number that is not negative") : Math.Sqrt(number);
    }

    private static BigInteger Shift(Call call)
    {
        var places = call.Integer(1);
        if (places > EvalContext.MaxBits)
        {
            throw call.Refuse(1, $"a shift of at most {EvalContext.MaxBits:N0} bits");
        }

        return places < -EvalContext.MaxBits * 2
            ? new BigInteger(call.Integer(0).Sign < 0 ? -1 : 0)
            : EvalContext.CheckSize(call.Integer(0) << (int)places);
    }

    private static object? ParseInteger(Call call)
    {
        if (call[0] is null)
        {
            return null;
        }

        var text = call[0] as string ?? throw call.Refuse(0, "a text");
        var part = Part(call, text, 1, 2).AsSpan();
        var radix = call[3] is null ? 10
            : call.Integer(3) is var wanted && wanted >= 2 && wanted <= 36 ? (int)wanted
            : throw call.Refuse(3, "a radix from 2 to 36");
        part = part.TrimStart(" \t\n\r\f\v");
        var sign = part.Length > 0 && part[0] is '-' or '+' ? 1 : 0;
        var length = sign;
        while (length < part.Length && DigitValue(part[length]) is var digit && digit >= 0 && digit < radix)
        {
            length++;
        }

        var isWhole = part[length..].Trim(" \t\n\r\f\v").IsEmpty;
        if (length == sign || (!isWhole && call[4] is null))
        {
            return call[4] is not null ? null : throw call.Refuse(0, radix == 10 ? "an integer" : $"an integer of base {radix}");
        }

        return ParseDigits(call.Name, part[..length].ToString(), radix);
    }

    private static int DigitValue(char digit) =>
        char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetter(digit) ? (digit | 0x20) - 'a' + 10 : -1;
}
