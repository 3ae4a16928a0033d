using System.Globalization;
using System.Text;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Sources;

namespace Sluice.Tests.Sources.CopyText;

public sealed class CopyTextFuzzTests
{
    private static readonly string[] Pieces =
        ["a", "N", "42", "é", "😀", " ", "\t", "\n", "\r", "\\", "\b", "\f", "\v", "|", ".", "x41", "101", "\0", "xyz123456789"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Values_come_back_however_they_are_escaped(int seed)
    {
        var random = new Random(seed);
        var options = seed % 3 == 0 ? new CopyOptions { Delimiter = "|", NullMarker = "" } : new CopyOptions();
        var expected = new List<string?[]>();
        var text = new StringBuilder();
        for (var i = 0; i < 150; i++)
        {
            string?[] row = [.. Enumerable.Range(0, 3).Select(_ => random.Next(6) == 0 ? null : Value(random, mayBeEmpty: options.NullMarker.Length > 0))];
            expected.Add(row);
            text.AppendJoin(options.Delimiter, row.Select(value => value is null ? options.NullMarker : Escape(value, options.Delimiter, seed % 2 == 0 ? random : null)));
            text.Append(random.Next(8) == 0 ? "\r\n" : "\n");
        }

        var largest = random.Next(1, 60);
        var settings = TextRun.Copy([], options: options) with { Inputs = [TextRun.Input(Encoding.UTF8.GetBytes(text.ToString()), chunk: () => random.Next(1, largest + 1))] };
        var run = await TextRun.ReadAsync(settings);
        Assert.Empty(run.Rows.Rejects);
        Assert.Equal(expected, run.Rows.Rows);
        Assert.True(run.Rows.EncodedRows > 0 || seed % 3 == 0, "rows as a server writes them are relayed");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Relayed_or_taken_apart_garbage_comes_to_the_same_rows_and_rejects(int seed)
    {
        var random = new Random(seed);
        var bytes = Garbage(random);
        var columns = TextRun.Columns(2);
        var relayed = await ReadAsync(TextRun.Copy([], columns: 2) with { MaxRowBytes = 200 }, bytes, random);
        var apart = await ReadAsync(TextRun.Copy([], columns: 2) with
        {
            MaxRowBytes = 200,
            Columns = [.. columns.Select(column => new ColumnSpec { Name = column.Name, Using = new SExpression.Text("x") })],
            CompileExpression = (column, names) => (fields, scratch) =>
            {
                var index = names.ToList().IndexOf(column.Name);
                if (fields.IsNull(index))
                {
                    return FieldResult.Null;
                }

                var text = fields.Text(index);
                text.CopyTo(scratch.GetSpan(Math.Max(1, text.Length)));
                scratch.Advance(text.Length);
                return FieldResult.Replaced;
            },
        }, bytes, random);
        Assert.Equal(apart.Rows.Rows, relayed.Rows.Rows);
        Assert.Equal(apart.Rows.Origins.Select(origin => origin.Line), relayed.Rows.Origins.Select(origin => origin.Line));
        Assert.Equal(apart.Rows.Rejects.Select(reject => reject.Rejection), relayed.Rows.Rejects.Select(reject => reject.Rejection));
        Assert.Equal(apart.Notices.Texts, relayed.Notices.Texts);
        Assert.Equal(apart.Rows.Skipped, relayed.Rows.Skipped);
        Assert.Equal(0, apart.Rows.EncodedRows);
    }

    [Fact]
    public async Task Truncated_input_never_throws()
    {
        var bytes = "1\ta\\tb\n2\t\\x41é\n3\t\\\\\\\n\n\\N\t\\N\r\n5\tx\n\\.\nrest\n"u8.ToArray();
        for (var length = 0; length <= bytes.Length; length++)
        {
            var run = await ReadAsync(TextRun.Copy([], columns: 2), bytes[..length], new Random(length));
            Assert.InRange(run.Lines.Length + run.Rows.Rejects.Count, length == 0 ? 0 : 1, 6);
        }
    }

    private static Task<TextRun> ReadAsync(TextSourceSettings settings, byte[] bytes, Random random) =>
        TextRun.ReadAsync(settings with { Inputs = [TextRun.Input(bytes, chunk: () => random.Next(1, 40))] });

    private static string Value(Random random, bool mayBeEmpty)
    {
        var value = string.Concat(Enumerable.Range(0, random.Next(mayBeEmpty ? 0 : 1, 5)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        return value;
    }

    // Without a random source: as COPY TO writes it. With one: any spelling that means the same.
    private static string Escape(string value, string delimiter, Random? random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var letter = "\b\f\n\r\t\v\\".IndexOf(c, StringComparison.Ordinal) is >= 0 and var index ? "bfnrtv\\"[index].ToString() : null;
            if (letter is null && delimiter[0] != c && (random is null || c > 0x7f || random.Next(4) > 0))
            {
                text.Append(c);
                continue;
            }

            var next = i + 1 < value.Length ? value[i + 1] : '\0';
            text.Append('\\').Append(random?.Next(4) switch
            {
                0 when c < 0x80 => Convert.ToString(c, 8).PadLeft(3, '0'),
                1 when c < 0x80 => "x" + ((int)c).ToString(char.IsAsciiHexDigit(next) || random.Next(2) == 0 ? "x2" : "X", CultureInfo.InvariantCulture),
                2 when !(char.IsAsciiLetterOrDigit(c) || c == '.') => c.ToString(),
                _ => letter ?? (delimiter[0] == c ? c.ToString() : "x" + ((int)c).ToString("X2", CultureInfo.InvariantCulture)),
            });
        }

        return text.ToString();
    }

    private static byte[] Garbage(Random random)
    {
        var bytes = new List<byte>();
        while (bytes.Count < 1500)
        {
            bytes.AddRange(random.Next(12) switch
            {
                0 => [(byte)random.Next(0x80, 0x100)],
                1 or 2 => "\n"u8.ToArray(),
                3 or 4 => "\t"u8.ToArray(),
                5 => "a\tb\n"u8.ToArray(),
                _ => Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]),
            });
        }

        bytes.Insert(1, (byte)'\n');
        return [.. bytes];
    }
}
