using System.Collections.Immutable;
using System.Text;

namespace Sluice.Runs;

/// <summary>The primary key of the rows of a table, where it has one: what a person looks a refused row up by.</summary>
/// <param name="Columns">The key's columns and the number of their field, 0-based.</param>
/// <param name="Fields">How many fields a row has.</param>
public sealed record RejectKey(ImmutableArray<(string Name, int Field)> Columns, int Fields)
{
    private const int LongestValue = 200;

    /// <summary>The key's values, by their columns; empty where the bytes are no row of the table.</summary>
    /// <param name="copyText">A line of COPY text, with or without its end.</param>
    public IReadOnlyList<(string Name, string? Value)> Read(ReadOnlySpan<byte> copyText)
    {
        var line = copyText.EndsWith("\n"u8) ? copyText[..^1] : copyText;
        if (Columns.IsEmpty || line.Count((byte)'\t') != Fields - 1)
        {
            return [];
        }

        var values = new List<(string, string?)>();
        foreach (var (name, number) in Columns)
        {
            var rest = line;
            for (var i = 0; i < number; i++)
            {
                rest = rest[(rest.IndexOf((byte)'\t') + 1)..];
            }

            var field = rest.IndexOf((byte)'\t') is var end and >= 0 ? rest[..end] : rest;
            values.Add((name, field.SequenceEqual("\\N"u8) ? null : Text(field)));
        }

        return values;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var text = Encoding.UTF8.GetString(field.Length > LongestValue ? field[..LongestValue] : field);
        return field.Length > LongestValue ? text + "…" : text;
    }
}
