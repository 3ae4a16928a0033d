// hot path
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Sluice.Casts;

/// <summary>A field's <c>date format</c>: cuts a date out of fixed places and writes it as PostgreSQL reads it.</summary>
public sealed class DateFormat
{
    private static readonly (string Word, DatePart Part, int Length)[] Words =
    [
        ("YYYY", DatePart.Year, 4), ("YYY", DatePart.Year, 3), ("YY", DatePart.Year, 2),
        ("MM", DatePart.Month, 2), ("DD", DatePart.Day, 2),
        ("HH24", DatePart.Hour, 2), ("HH12", DatePart.Hour, 2), ("HH", DatePart.Hour, 2),
        ("MI", DatePart.Minute, 2), ("SS", DatePart.Second, 2),
        ("MS", DatePart.Fraction, 4), ("US", DatePart.Fraction, 6),
        ("AM", DatePart.Meridian, 2), ("am", DatePart.Meridian, 2), ("PM", DatePart.Meridian, 2), ("pm", DatePart.Meridian, 2),
        ("a.m.", DatePart.Meridian, 4), ("A.M.", DatePart.Meridian, 4),
        ("p.m.", DatePart.Meridian, 4), ("P.M.", DatePart.Meridian, 4),
    ];

    private const string Separators = ":-. *#@/\\T";

    private readonly string _template;
    private readonly Place?[] _places = new Place?[(int)DatePart.Meridian + 1];
    private readonly int _length;
    private readonly int _requiredLength;

    private DateFormat(string template, IEnumerable<(DatePart Part, Place Place)> parts, int length)
    {
        _template = template;
        _length = length;
        foreach (var (part, place) in parts)
        {
            _places[(int)part] ??= place;
        }

        // A fraction at the very end may be shorter than its place, or missing with the separators before it.
        var fraction = _places[(int)DatePart.Fraction];
        _requiredLength = fraction?.End == length
            ? _places.Where(place => place is not null && place != fraction).Select(place => place!.Value.End).DefaultIfEmpty(0).Max()
            : length;
    }

    private enum DatePart
    {
        Year,
        Month,
        Day,
        Hour,
        Minute,
        Second,
        Fraction,
        Meridian,
    }

    /// <summary>Reads a template such as <c>YYYY-MM-DD HH24:MI:SS.US</c>.</summary>
    /// <param name="template">The template as written.</param>
    /// <param name="format">The format, when the template could be read.</param>
    /// <param name="fault">What is wrong otherwise.</param>
    public static bool TryParse(string template, [NotNullWhen(true)] out DateFormat? format, [NotNullWhen(false)] out DateFormatFault? fault)
    {
        format = null;
        var parts = ImmutableArray.CreateBuilder<(DatePart, Place)>();
        var position = 0;
        var offset = 0;
        while (offset < template.Length)
        {
            var rest = template.AsSpan(offset);
            var (word, part, length) = FindWord(rest);
            if (word is not null)
            {
                parts.Add((part, new Place(position, position + length)));
                position += length;
                offset += word.Length;
            }
            else if (Separators.Contains(rest[0], StringComparison.Ordinal))
            {
                position++;
                offset++;
            }
            else
            {
                fault = DateFormatFault.UnknownToken(template, offset, Words.Select(known => known.Word));
                return false;
            }
        }

        if (parts.Count == 0)
        {
            fault = DateFormatFault.NoDate(template);
            return false;
        }

        format = new DateFormat(template, parts, position);
        fault = null;
        return true;
    }

    /// <summary>Rewrites one value; an empty one and one with year 0000, month 00 or day 00 are NULL.</summary>
    /// <exception cref="TransformException">The value is too short, or its year, hour or am/pm cannot be read.</exception>
    public FieldResult Apply(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (utf8.IsEmpty)
        {
            return FieldResult.Null;
        }

        var characters = Utf8Text.CountCharacters(utf8);
        if (characters < _requiredLength)
        {
            throw Bad(utf8, $"{_length} characters, found {characters}");
        }

        var year = Part(utf8, DatePart.Year);
        var month = Part(utf8, DatePart.Month);
        var day = Part(utf8, DatePart.Day);
        if (year.SequenceEqual("0000"u8) || month.SequenceEqual("00"u8) || day.SequenceEqual("00"u8))
        {
            return FieldResult.Null;
        }

        if (!year.IsEmpty && !month.IsEmpty && !day.IsEmpty)
        {
            WriteYear(utf8, year, scratch);
            scratch.Write("-"u8);
            scratch.Write(month);
            scratch.Write("-"u8);
            scratch.Write(day);
            scratch.Write(" "u8);
        }

        WriteHour(utf8, scratch);
        WritePart(Part(utf8, DatePart.Minute), scratch);
        WritePart(Part(utf8, DatePart.Second), scratch);
        var fraction = Part(utf8, DatePart.Fraction);
        if (!fraction.IsEmpty)
        {
            scratch.Write("."u8);
            scratch.Write(fraction);
        }

        return FieldResult.Replaced;
    }

    public override string ToString() => _template;

    private static (string? Word, DatePart Part, int Length) FindWord(ReadOnlySpan<char> text)
    {
        foreach (var word in Words)
        {
            if (text.StartsWith(word.Word, StringComparison.Ordinal))
            {
                return word;
            }
        }

        return default;
    }

    private static void WritePart(ReadOnlySpan<byte> part, ArrayBufferWriter<byte> scratch)
    {
        scratch.Write(":"u8);
        scratch.Write(part.IsEmpty ? "00"u8 : part);
    }

    private void WriteYear(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> year, ArrayBufferWriter<byte> scratch)
    {
        if (year.Length > 2)
        {
            scratch.Write(year);
            return;
        }

        if (!TryTwoDigits(year, out _))
        {
            throw Bad(utf8, $"a year of two digits, found {Utf8Text.Show(year)}");
        }

        scratch.Write("20"u8);
        scratch.Write(year);
    }

    private void WriteHour(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        var hour = Part(utf8, DatePart.Hour);
        var meridian = Part(utf8, DatePart.Meridian);
        if (hour.IsEmpty || meridian.IsEmpty)
        {
            scratch.Write(hour.IsEmpty ? "00"u8 : hour);
            return;
        }

        var afternoon = meridian[0] is (byte)'p' or (byte)'P';
        if (!TryTwoDigits(hour, out var value) || !IsMeridian(meridian))
        {
            throw Bad(utf8, $"an hour and am or pm, found {Utf8Text.Show(hour)} and {Utf8Text.Show(meridian)}");
        }

        value = value == 12 && !afternoon ? 0 : value < 12 && afternoon ? value + 12 : value;
        Utf8Formatter.TryFormat(value, scratch.GetSpan(8), out var written, new StandardFormat('D', 2));
        scratch.Advance(written);
    }

    private static bool IsMeridian(ReadOnlySpan<byte> text) =>
        text[0] is (byte)'a' or (byte)'A' or (byte)'p' or (byte)'P'
        && (text.Length == 2 ? text[1] is (byte)'m' or (byte)'M' : text[1] == '.' && text[2] is (byte)'m' or (byte)'M' && text[3] == '.');

    // A blank may stand for a leading zero: " 9" is 9 o'clock.
    private static bool TryTwoDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text.TrimStart((byte)' '), out value, out var used) && used == text.TrimStart((byte)' ').Length && value >= 0
        && char.IsAsciiDigit((char)text[^1]);

    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> utf8, DatePart part) =>
        _places[(int)part] is { } place ? Utf8Text.Slice(utf8, place.Start, place.End) : default;

    private TransformException Bad(ReadOnlySpan<byte> value, string expected) =>
        new($"date format '{_template}' cannot use {Utf8Text.Show(value)}: expected {expected}");

    // 0-based characters of the input, end exclusive.
    private readonly record struct Place(int Start, int End);
}
