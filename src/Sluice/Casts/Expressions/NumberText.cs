using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

/// <summary>Numbers as text: in other bases, with decimals, in words, as Roman numerals.</summary>
internal static class NumberText
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly string[] Scales =
    [
        "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion", "octillion",
        "nonillion",
    ];

    private static readonly (int Value, string Letters)[] RomanLetters =
    [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
        (5, "V"), (4, "IV"), (1, "I"),
    ];

    private static readonly BigInteger WordsLimit = BigInteger.Pow(1000, Scales.Length);

    /// <summary>Digits above 9 are upper-case letters.</summary>
    public static string InBase(BigInteger number, int radix)
    {
        if (radix == 10)
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        if (radix == 16)
        {
            var hex = BigInteger.Abs(number).ToString("X", CultureInfo.InvariantCulture).TrimStart('0');
            return (number.Sign < 0 ? "-" : "") + (hex.Length == 0 ? "0" : hex);
        }

        if (number.GetBitLength() > 20_000)
        {
            throw new TransformException("A number is too long to be written in this base");
        }

        var digits = new StringBuilder();
        for (var rest = BigInteger.Abs(number); digits.Length == 0 || !rest.IsZero; rest /= radix)
        {
            var digit = (int)(rest % radix);
            digits.Insert(0, (char)(digit < 10 ? '0' + digit : 'A' + digit - 10));
        }

        return (number.Sign < 0 ? "-" : "") + digits;
    }

    /// <summary>Exactly so many decimals, halves away from zero; no decimals leaves the point.</summary>
    public static string Fixed(object number, int decimals)
    {
        var (numerator, denominator) = LispNumbers.DecimalParts(number);
        var scaled = BigInteger.Abs(numerator) * BigInteger.Pow(10, decimals);
        var digits = ((scaled * 2 + denominator) / (denominator * 2)).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return $"{(numerator.Sign < 0 ? "-" : "")}{digits[..^decimals]}.{digits[(digits.Length - decimals)..]}";
    }

    /// <summary>As many decimals as the number needs, at least one, never an exponent.</summary>
    public static string Plain(object number)
    {
        if (number is BigInteger integer)
        {
            return integer.ToString(CultureInfo.InvariantCulture) + ".0";
        }

        var value = LispNumbers.ToDouble(number);
        var (numerator, denominator) = LispNumbers.DecimalParts(value);
        var decimals = denominator.IsOne ? 0 : denominator.ToString(CultureInfo.InvariantCulture).Length - 1;
        return decimals == 0 ? numerator.ToString(CultureInfo.InvariantCulture) + ".0" : Fixed(value, decimals);
    }

    public static string Words(BigInteger number)
    {
        if (BigInteger.Abs(number) >= WordsLimit)
        {
            throw new TransformException($"~r cannot write a number of more than {3 * Scales.Length} digits in words");
        }

        if (number.IsZero)
        {
            return Small[0];
        }

        var groups = new List<string>();
        var rest = BigInteger.Abs(number);
        for (var scale = 0; !rest.IsZero; scale++, rest /= 1000)
        {
            var group = (int)(rest % 1000);
            if (group > 0)
            {
                groups.Insert(0, scale == 0 ? Hundreds(group) : $"{Hundreds(group)} {Scales[scale]}");
            }
        }

        return (number.Sign < 0 ? "minus " : "") + string.Join(' ', groups);
    }

    public static string OrdinalWords(BigInteger number)
    {
        var words = Words(number);
        var start = words.LastIndexOfAny([' ', '-']) + 1;
        var last = words[start..];
        return words[..start] + last switch
        {
            "one" => "first",
            "two" => "second",
            "three" => "third",
            "five" => "fifth",
            "eight" => "eighth",
            "nine" => "ninth",
            "twelve" => "twelfth",
            _ when last.EndsWith('y') => last[..^1] + "ieth",
            _ => last + "th",
        };
    }

    public static string Roman(BigInteger number)
    {
        if (number < 1 || number > 3999)
        {
            throw new TransformException($"~@r writes numbers from 1 to 3999, found {LispText.Describe(number)}");
        }

        var rest = (int)number;
        var result = new StringBuilder();
        foreach (var (value, letters) in RomanLetters)
        {
            for (; rest >= value; rest -= value)
            {
                result.Append(letters);
            }
        }

        return result.ToString();
    }

    private static string Hundreds(int group)
    {
        var words = group >= 100 ? Small[group / 100] + " hundred" : "";
        group %= 100;
        var low = group < 20 ? Small[group] : group % 10 == 0 ? Tens[group / 10] : $"{Tens[group / 10]}-{Small[group % 10]}";
        return group == 0 ? words : words.Length == 0 ? low : $"{words} {low}";
    }
}
