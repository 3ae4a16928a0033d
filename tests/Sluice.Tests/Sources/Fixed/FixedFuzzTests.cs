using System.Collections.Immutable;
using System.Text;
using Sluice.Commands;

namespace Sluice.Tests.Sources.Fixed;

public sealed class FixedFuzzTests
{
    private static readonly string[] Pieces = ["a", "42", "é", "€", "😀", " ", "\t", "\r", "\0", "xyz123456789", "\n", "\r\n"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Any_text_gives_what_cutting_its_lines_by_characters_gives(int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, 400).Select(_ => Pieces[random.Next(Pieces.Length)])).TrimStart('\r') + "\n";
        var fields = TextRun.Places([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (random.Next(12), random.Next(1, 9)))]);
        var run = await TextRun.ReadAsync(TextRun.Fixed([], fields) with { Inputs = [TextRun.Input(Encoding.UTF8.GetBytes(text), chunk: () => random.Next(1, 30))] });
        Assert.Equal(Cut(text, fields), run.Rows.Rows);
        Assert.Empty(run.Rows.Rejects);
        Assert.Equal(Enumerable.Range(1, run.Rows.Rows.Count).Select(i => (long)i), run.Rows.Origins.Select(origin => origin.Line));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_line_of_garbage_is_a_row_or_a_reject(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(1, 2000)];
        random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i += random.Next(1, 30))
        {
            bytes[i] = (byte)'\n';
        }

        for (var length = 1; length <= bytes.Length; length += random.Next(1, 400))
        {
            var part = bytes[..length];
            var settings = TextRun.Fixed(part, TextRun.Places((0, 2), (5, 3))) with { MaxRowBytes = 100, EncodingName = "utf-8" };
            var run = await TextRun.ReadAsync(settings);
            var data = part.AsSpan(part.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0);
            var lines = data.Count((byte)'\n') + (data[^1] == '\n' ? 0 : 1);
            Assert.Equal(lines, run.Lines.Length + run.Rows.Rejects.Count);
        }
    }

    // By text elements of the simplest kind: runes.
    private static List<string?[]> Cut(string text, ImmutableArray<FieldSpec> fields)
    {
        var rows = new List<string?[]>();
        foreach (var line in text[..^1].Split('\n'))
        {
            var runes = (line.EndsWith('\r') ? line[..^1] : line).EnumerateRunes().Select(rune => rune.ToString()).ToList();
            rows.Add([.. fields.Select(field => field.Start > runes.Count ? null : string.Concat(runes.Skip(field.Start).Take(field.Length)))]);
        }

        return rows;
    }
}
