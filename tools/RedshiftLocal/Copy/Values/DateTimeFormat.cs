using System.Collections.Immutable;

namespace RedshiftLocal.Copy.Values;

/// <summary>A DATEFORMAT or TIMEFORMAT string, compiled.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html</remarks>
internal sealed class DateTimeFormat
{
    // Longer words before shorter ones that they begin with.
    private static readonly ImmutableArray<(string Word, Part Part)> Words =
    [
        ("YYYY", Part.Year4), ("YY", Part.Year2), ("MONTH", Part.MonthName), ("MON", Part.MonthName), ("MM", Part.Month), ("MI", Part.Minute),
        ("DD", Part.Day), ("HH24", Part.Hour24), ("HH12", Part.Hour12), ("HH", Part.Hour24), ("SS", Part.Second), ("AM", Part.Half), ("PM", Part.Half),
    ];

    private readonly ImmutableArray<Element> _elements;
    private readonly bool _twelveHours;

    private DateTimeFormat(ImmutableArray<Element> elements)
    {
        _elements = elements;
        _twelveHours = elements.Any(element => element.Part is Part.Hour12 or Part.Half);
    }

    private enum Part
    {
        Literal,
        Year4,
        Year2,
        Month,
        MonthName,
        Day,
        Hour24,
        Hour12,
        Minute,
        Second,
        Half,
    }

    /// <summary>The format, or null: it holds letters that are no part, a part twice, parts of the time in a date, or lacks a part of the date.</summary>
    public static DateTimeFormat? TryCompile(string format, bool time)
    {
        var elements = ImmutableArray.CreateBuilder<Element>();
        var position = 0;
        while (position < format.Length)
        {
            var rest = format.AsSpan(position);
            var found = FindWord(rest);
            if (found.Word is not null)
            {
                elements.Add(new Element(found.Part, 0));
                position += found.Word.Length;
                if (found.Part == Part.Second && format.AsSpan(position).StartsWith(".SSS", StringComparison.OrdinalIgnoreCase))
                {
                    position += 1 + format.AsSpan(position + 1).IndexOfAnyExcept('S', 's') switch { < 0 => format.Length - position - 1, var count => count };
                }

                continue;
            }

            if (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] >= 128)
            {
                return null;
            }

            elements.Add(new Element(Part.Literal, (byte)rest[0]));
            position++;
        }

        var parts = elements.Where(element => element.Part != Part.Literal).Select(element => element.Part).ToList();
        var hasDate = parts.Any(part => part is Part.Year4 or Part.Year2) && parts.Any(part => part is Part.Month or Part.MonthName) && parts.Contains(Part.Day);
        var hasTime = parts.Any(part => part >= Part.Hour24);
        return parts.Distinct().Count() == parts.Count && hasDate && (time || !hasTime) ? new DateTimeFormat(elements.ToImmutable()) : null;
    }

    /// <summary>Reads the whole text or fails.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, ref DateTimeParts parts)
    {
        var pm = false;
        var half = false;
        foreach (var element in _elements)
        {
            switch (element.Part)
            {
                case Part.Literal:
                    if (text.IsEmpty || text[0] != element.Character)
                    {
                        return false;
                    }

                    text = text[1..];
                    continue;
                case Part.MonthName:
                    if (!MonthNames.TryTake(ref text, out parts.Month))
                    {
                        return false;
                    }

                    continue;
                case Part.Half:
                    if (text.Length < 2 || (text[1] | 0x20) != 'm' || (text[0] | 0x20) is not ('a' or 'p'))
                    {
                        return false;
                    }

                    half = true;
                    pm = (text[0] | 0x20) == 'p';
                    text = text[2..];
                    continue;
                default:
                    if (!TakeNumber(element.Part, ref text, ref parts))
                    {
                        return false;
                    }

                    continue;
            }
        }

        if (_twelveHours)
        {
            if (parts.Hour is < 1 or > 12)
            {
                return false;
            }

            parts.Hour = (parts.Hour % 12) + (half && pm ? 12 : 0);
        }

        return text.IsEmpty;
    }

    private static (string? Word, Part Part) FindWord(ReadOnlySpan<char> text)
    {
        foreach (var (word, part) in Words)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return (word, part);
            }
        }

        return (null, Part.Literal);
    }

    private static bool TakeNumber(Part part, ref ReadOnlySpan<byte> text, ref DateTimeParts parts)
    {
        var digits = part == Part.Year4 ? 4 : 2;
        var value = 0;
        var count = 0;
        while (count < digits && count < text.Length && (uint)(text[count] - '0') <= 9)
        {
            value = (value * 10) + text[count] - '0';
            count++;
        }

        if (count == 0 || (count != digits && part is Part.Year4 or Part.Year2))
        {
            return false;
        }

        text = text[count..];
        switch (part)
        {
            case Part.Year4:
                parts.Year = value;
                return true;
            case Part.Year2:
                parts.Year = value + (value < 70 ? 2000 : 1900);
                return true;
            case Part.Month:
                parts.Month = value;
                return true;
            case Part.Day:
                parts.Day = value;
                return true;
            case Part.Hour24 or Part.Hour12:
                parts.Hour = value;
                return true;
            case Part.Minute:
                parts.Minute = value;
                return true;
            default:
                parts.Second = value;
                return Fraction.TryTake(ref text, out parts.Microsecond);
        }
    }

    private readonly record struct Element(Part Part, byte Character);
}
