// hot path
using System.Collections.Immutable;
using System.Text;
using Sluice.Commands;

namespace Sluice.Sources.Fixed;

/// <summary>Finds fields in a line by their places, which count characters: where all of the line is ASCII, bytes.</summary>
internal sealed class FixedFields
{
    private readonly (int Start, int End)[] _places;

    /// <summary>All starts and ends, ascending, each once; and what byte of the line at hand each is.</summary>
    private readonly int[] _marks;
    private readonly int[] _bytes;

    /// <summary>Where each field's start and end stand in <see cref="_marks"/>; -1 for the end of the line.</summary>
    private readonly (int Start, int End)[] _fieldMarks;

    /// <param name="fields">Those of a record.</param>
    /// <param name="kept">How many of them are wanted.</param>
    public FixedFields(ImmutableArray<FieldSpec> fields, int kept)
    {
        Slots = new TextField[kept];
        _places = [.. fields.Select(field => (field.Start, End(field)))];
        _marks = [.. _places.SelectMany(place => new[] { place.Start, place.End }).Where(mark => mark < FixedHeader.ToTheEnd).Distinct().Order()];
        _bytes = new int[_marks.Length];
        _fieldMarks = [.. _places.Select(place => (Array.IndexOf(_marks, place.Start), Array.IndexOf(_marks, place.End)))];
        Width = _places.Max(place => place.End == FixedHeader.ToTheEnd ? place.Start : place.End);
        IsOpen = _places.Any(place => place.End == FixedHeader.ToTheEnd);
    }

    /// <summary>Where the wanted fields of the last line lie.</summary>
    public TextField[] Slots { get; }

    /// <summary>Characters that a line needs for all fields to be whole.</summary>
    public int Width { get; }

    /// <summary>One field goes up to the end of the line: no line is too long.</summary>
    public bool IsOpen { get; }

    /// <summary>Finds the fields of a line, which is valid UTF-8 without its end, and counts its characters: those behind the last field up to the last that is not blank.</summary>
    public int Find(ReadOnlySpan<byte> line)
    {
        if (!Ascii.IsValid(line))
        {
            return FindInText(line);
        }

        for (var i = 0; i < Slots.Length; i++)
        {
            var (start, end) = _places[i];
            Slots[i] = start > line.Length ? new TextField(0, 0, TextFieldKind.Null) : new TextField(start, Math.Min(end, line.Length) - start, TextFieldKind.Plain);
        }

        return line.Length <= Width ? line.Length : Width + line[Width..].TrimEnd((byte)' ').Length;
    }

    private static int End(FieldSpec field) => (int)Math.Min((long)field.Start + field.Length, FixedHeader.ToTheEnd);

    private int FindInText(ReadOnlySpan<byte> line)
    {
        var at = 0;
        var characters = 0;
        var widthAt = line.Length;
        for (var i = 0; i < _marks.Length; i++)
        {
            while (characters < _marks[i] && at < line.Length)
            {
                at += LengthOf(line[at]);
                characters++;
            }

            _bytes[i] = characters == _marks[i] ? at : -1;
            widthAt = _marks[i] == Width && characters == Width ? at : widthAt;
        }

        for (var i = 0; i < Slots.Length; i++)
        {
            var (start, end) = _fieldMarks[i];
            var first = start < 0 ? -1 : _bytes[start];
            var next = end < 0 || _bytes[end] < 0 ? line.Length : _bytes[end];
            Slots[i] = first < 0 ? new TextField(0, 0, TextFieldKind.Null) : new TextField(first, next - first, TextFieldKind.Plain);
        }

        return characters < Width ? characters : Width + Count(line[widthAt..].TrimEnd((byte)' '));
    }

    private static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    private static int LengthOf(byte first) => first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}
