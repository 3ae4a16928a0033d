using System.Globalization;
using System.Numerics;
using System.Text;

namespace Sluice.Casts.Expressions;

internal sealed partial class FormatRun
{
    private const int MaxDecimals = 1000;

    // A NULL prints nothing; a width still holds.
    private void WriteValue(FormatDirective directive, Cursor cursor)
    {
        var size = directive.Letter;
        var parameters = Read(directive, cursor);
        var value = cursor.Next(directive);
        _nulls += value is null ? 1 : 0;
        _values += value is null ? 0 : 1;
        switch (size)
        {
            case 'a' or 's' or 'w':
                Pad(value is null ? "" : size == 'a' ? LispText.Princ(value) : LispText.Prin1(value), parameters, directive.At);
                break;
            case 'c':
                _output.Append(value switch
                {
                    null => "",
                    Rune rune => rune.ToString(),
                    _ => throw Refuse(directive, "a character", value),
                });
                break;
            case 'd' or 'x' or 'o' or 'b' or 'r':
                WriteInteger(directive, parameters, value);
                break;
            default:
                WriteDecimal(directive, parameters, value);
                break;
        }
    }

    private static Settings Read(FormatDirective directive, Cursor cursor) => directive.Letter switch
    {
        'a' or 's' or 'w' => new Settings(Size(directive, cursor, 0, 0))
        {
            Step = Size(directive, cursor, 1, 1),
            Least = Size(directive, cursor, 2, 0),
            Pad = Letter(directive, cursor, 3, ' '),
        },
        'r' => new Settings(Size(directive, cursor, 1, 0))
        {
            Radix = Size(directive, cursor, 0, 0),
            Pad = Letter(directive, cursor, 2, ' '),
            Comma = Letter(directive, cursor, 3, ','),
            Step = Size(directive, cursor, 4, 3),
        },
        'd' or 'x' or 'o' or 'b' => new Settings(Size(directive, cursor, 0, 0))
        {
            Pad = Letter(directive, cursor, 1, ' '),
            Comma = Letter(directive, cursor, 2, ','),
            Step = Size(directive, cursor, 3, 3),
            Radix = directive.Letter switch { 'd' => 10, 'x' => 16, 'o' => 8, _ => 2 },
        },
        'f' => new Settings(Size(directive, cursor, 0, 0))
        {
            Decimals = Size(directive, cursor, 1, -1),
            Step = Size(directive, cursor, 2, 0),
            Overflow = directive.Parameters.Length > 3 && directive.Parameters[3] != default ? Letter(directive, cursor, 3, '*') : null,
            Pad = Letter(directive, cursor, 4, ' '),
        },
        '$' => new Settings(Size(directive, cursor, 2, 0))
        {
            Decimals = Size(directive, cursor, 0, 2),
            Least = Size(directive, cursor, 1, 1),
            Pad = Letter(directive, cursor, 3, ' '),
        },
        _ => new Settings(0),
    };

    private void WriteInteger(FormatDirective directive, Settings settings, object? value)
    {
        if (value is not BigInteger number)
        {
            // As in Lisp, what is no integer is printed as it is, without width.
            _output.Append(value is null ? "" : LispText.Princ(value));
            return;
        }

        if (settings.Radix == 0)
        {
            _output.Append(directive.At ? NumberText.Roman(number)
                : directive.Colon ? NumberText.OrdinalWords(number)
                : NumberText.Words(number));
            return;
        }

        var digits = settings.Radix is >= 2 and <= 36
            ? NumberText.InBase(BigInteger.Abs(number), settings.Radix)
            : throw Refuse(directive, "a base from 2 to 36", new BigInteger(settings.Radix));
        if (directive.Colon && settings.Step > 0)
        {
            var grouped = new StringBuilder();
            for (var i = 0; i < digits.Length; i++)
            {
                grouped.Append(i > 0 && (digits.Length - i) % settings.Step == 0 ? settings.Comma.ToString() : "").Append(digits[i]);
            }

            digits = grouped.ToString();
        }

        Pad((number.Sign < 0 ? "-" : directive.At ? "+" : "") + digits, settings with { Step = 1 }, true);
    }

    private void WriteDecimal(FormatDirective directive, Settings settings, object? value)
    {
        if (!LispNumbers.IsNumber(value))
        {
            Pad(value is null ? "" : LispText.Princ(value), settings with { Step = 1, Least = 0 }, true);
            return;
        }

        if (settings.Decimals > MaxDecimals || settings.Step > MaxDecimals)
        {
            throw Refuse(directive, $"at most {MaxDecimals} decimals", new BigInteger(Math.Max(settings.Decimals, settings.Step)));
        }

        var number = value!;
        if (directive.Letter == 'f' && settings.Step > 0)
        {
            number = LispNumbers.Multiply(number, BigInteger.Pow(10, settings.Step));
        }

        var text = settings.Decimals >= 0 ? NumberText.Fixed(number, settings.Decimals) : NumberText.Plain(number);
        var sign = text.StartsWith('-') ? "-" : directive.At ? "+" : "";
        text = text.TrimStart('-');
        if (directive.Letter == '$')
        {
            var point = text.IndexOf('.', StringComparison.Ordinal);
            text = text[..point].PadLeft(settings.Least, '0') + text[point..];
        }
        else if (settings.Width > 0 && sign.Length + text.Length > settings.Width && text is ['0', '.', _, ..])
        {
            text = text[1..];
        }

        if (settings.Overflow is { } overflow && settings.Width > 0 && sign.Length + text.Length > settings.Width)
        {
            Repeat(overflow, settings.Width);
            return;
        }

        Pad(sign + text, settings with { Step = 1, Least = 0 }, true);
    }

    // At least so many pad characters, then steps of them up to the width.
    private void Pad(string text, Settings settings, bool before)
    {
        var length = LispText.Length(text);
        var count = settings.Least;
        if (length + count < settings.Width)
        {
            var step = Math.Max(1, settings.Step);
            count += (settings.Width - length - count + step - 1) / step * step;
        }

        if (before)
        {
            Repeat(settings.Pad, count);
        }

        _output.Append(text);
        if (!before)
        {
            Repeat(settings.Pad, count);
        }
    }

    private void Repeat(Rune rune, int count)
    {
        EvalContext.CheckLength((long)_output.Length + count);
        if (rune.IsBmp)
        {
            _output.Append((char)rune.Value, count);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            _output.Append(CultureInfo.InvariantCulture, $"{rune}");
        }
    }

    private readonly record struct Settings(int Width)
    {
        public int Step { get; init; } = 1;

        public int Least { get; init; }

        public int Radix { get; init; }

        public int Decimals { get; init; } = -1;

        public Rune Pad { get; init; } = new(' ');

        public Rune Comma { get; init; } = new(',');

        public Rune? Overflow { get; init; }
    }
}
