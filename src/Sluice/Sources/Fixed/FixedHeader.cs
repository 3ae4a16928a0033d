using System.Collections.Immutable;
using System.Text;
using Sluice.Commands;

namespace Sluice.Sources.Fixed;

/// <summary>Fields guessed from a header line: each begins where a word begins, and goes up to the next one; the last goes up to the line's end.</summary>
internal static class FixedHeader
{
    /// <summary>The length of a field that goes up to the end of its line.</summary>
    public const int ToTheEnd = int.MaxValue;

    /// <param name="line">The header without its line end.</param>
    /// <returns>Empty for a line of blanks. Positions are characters, as in a written list.</returns>
    public static ImmutableArray<FieldSpec> Fields(string line)
    {
        var fields = ImmutableArray.CreateBuilder<FieldSpec>();
        var name = new StringBuilder();
        var start = 0;
        var position = 0;
        var isAfterBlank = true;
        foreach (var rune in line.EnumerateRunes())
        {
            var isBlank = rune.Value == ' ';
            if (!isBlank && isAfterBlank)
            {
                Add(position - start);
                start = position;
            }

            if (!isBlank)
            {
                name.Append(rune);
            }

            isAfterBlank = isBlank;
            position++;
        }

        Add(ToTheEnd);
        return fields.ToImmutable();

        void Add(int length)
        {
            if (name.Length > 0)
            {
                fields.Add(new FieldSpec { Name = name.ToString(), Start = start, Length = length, NullIf = [new NullIf(null)], Trim = FieldTrim.Right });
                name.Clear();
            }
        }
    }
}
