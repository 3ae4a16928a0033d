using System.Globalization;
using System.Numerics;
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Casts.Expressions;

/// <summary>Characters and printed forms. A character is a code point, so lengths and places count those.</summary>
internal static class LispText
{
    public static bool HasSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    public static int Length(string text) => HasSurrogates(text) ? text.EnumerateRunes().Count() : text.Length;

    /// <summary>The UTF-16 place of a 0-based character that is known to exist, or the end.</summary>
    public static int Offset(string text, int character)
    {
        if (!HasSurrogates(text))
        {
            return character;
        }

        var offset = 0;
        for (var i = 0; i < character; i++)
        {
            offset += Rune.GetRuneAt(text, offset).Utf16SequenceLength;
        }

        return offset;
    }

    /// <summary>The 0-based character at a UTF-16 place.</summary>
    public static int Character(string text, int offset) => HasSurrogates(text) ? Length(text[..offset]) : offset;

    public static Rune At(string text, int character) => Rune.GetRuneAt(text, Offset(text, character));

    /// <summary>What a user sees of a value: <c>~a</c>.</summary>
    public static string Princ(object? value) => Print(value, false);

    /// <summary>The same with quotes around text: <c>~s</c>.</summary>
    public static string Prin1(object? value) => Print(value, true);

    /// <summary>The value of a whole expression as the text of a column; null stays NULL.</summary>
    public static string? ToColumn(object? value) => value switch
    {
        null => null,
        Symbol symbol when symbol == Symbol.True => "t",
        LispFunction function => throw new TransformException($"The expression gives the function {function.Name}, not a value"),
        _ => Princ(value),
    };

    /// <summary>A value for a message.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "NULL",
        string text => $"the text {Utf8Text.Show(Encoding.UTF8.GetBytes(text.Length > 200 ? text[..200] : text))}",
        Rune rune => $"the character {Utf8Text.Show(Encoding.UTF8.GetBytes(rune.ToString()))}",
        BigInteger number => number.GetBitLength() > 200 ? "a very long number" : $"the number {Princ(number)}",
        Ratio ratio when ratio.Denominator.GetBitLength() + ratio.Numerator.GetBitLength() > 200 => "a fraction",
        Ratio ratio => $"the fraction {Princ(ratio)}",
        double number => $"the number {Princ(number)}",
        Cons => "a list",
        LispFunction function => $"the function {function.Name}",
        _ => Printable.Escape(Princ(value)),
    };

    public static string Capitalize(string text, bool firstWordOnly = false)
    {
        var result = new StringBuilder(text.Length);
        var inWord = false;
        var done = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isLetter = Rune.IsLetterOrDigit(rune);
            var upper = isLetter && !inWord && !done;
            done |= upper && firstWordOnly;
            inWord = isLetter;
            result.Append((upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune)).ToString());
        }

        return result.ToString();
    }

    private static string Print(object? value, bool quoted)
    {
        switch (value)
        {
            case string text:
                return !quoted ? text
                    : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            case Cons:
                var output = new StringBuilder();
                PrintList(output, value, quoted);
                return output.ToString();
            default:
                return PrintAtom(value, quoted);
        }
    }

    private static string PrintAtom(object? value, bool quoted) => value switch
    {
        null => "NIL",
        Rune rune => quoted ? $"#\\{CharacterName(rune)}" : rune.ToString(),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        Ratio ratio => string.Create(CultureInfo.InvariantCulture, $"{ratio.Numerator}/{ratio.Denominator}"),
        double number => PrintDouble(number),
        Symbol symbol => quoted && symbol.IsKeyword ? $":{symbol.Name}" : symbol.Name,
        LispFunction function => $"#<FUNCTION {function.Name.ToUpperInvariant()}>",
        _ => throw new InvalidOperationException($"A value of type {value.GetType().Name} cannot be printed"),
    };

    private static void PrintList(StringBuilder output, object? list, bool quoted)
    {
        EvalContext.CheckStack();
        output.Append('(');
        for (var first = true; list is Cons cell; list = cell.Cdr, first = false)
        {
            output.Append(first ? "" : " ");
            if (cell.Car is Cons)
            {
                PrintList(output, cell.Car, quoted);
            }
            else
            {
                output.Append(Print(cell.Car, quoted));
            }

            EvalContext.CheckLength(output.Length);
        }

        if (list is not null)
        {
            output.Append(" . ").Append(Print(list, quoted));
        }

        output.Append(')');
    }

    // Plain from 0.001 up to 10,000,000, with an exponent outside, always with a decimal point.
    private static string PrintDouble(double value)
    {
        var text = Math.Abs(value).ToString("E16", CultureInfo.InvariantCulture);
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var exponentStart = text.IndexOf('E', StringComparison.Ordinal) + 1;
        var exponent = int.Parse(text.AsSpan(exponentStart), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = shortest.Split('E')[0].Replace(".", "", StringComparison.Ordinal).Trim('0');
        digits = digits.Length == 0 ? "0" : digits;
        var sign = value < 0 ? "-" : "";
        if (value != 0 && exponent is < -3 or > 6)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}e{exponent}");
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        digits = digits.PadRight(exponent + 2, '0');
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string CharacterName(Rune rune) => rune.Value switch
    {
        ' ' => "Space",
        '\t' => "Tab",
        '\n' => "Newline",
        '\r' => "Return",
        0 => "Nul",
        _ => rune.ToString(),
    };
}
