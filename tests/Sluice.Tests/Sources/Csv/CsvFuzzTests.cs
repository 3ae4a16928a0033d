using System.Text;
using Sluice.Commands;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvFuzzTests
{
    private const int MaxRowBytes = 500;

    private static readonly string[] Pieces =
        ["a", "42", "é", "€", "😀", " ", "\t", ",", ";", "\n", "\r\n", "\"", "\"\"", "\\", "NULL", "§", "xyz123456789", "\0"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Generated_records_come_back_as_they_went_in(int seed)
    {
        var random = new Random(seed);
        var options = Options(random);
        var columns = random.Next(2, 6);
        var expected = new List<string?[]>();
        var starts = new List<int>();
        var text = new StringBuilder();
        for (var i = 0; i < 200; i++)
        {
            starts.Add(Encoding.UTF8.GetByteCount(text.ToString()));
            expected.Add(AppendRecord(random, options, columns, text));
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var largest = random.Next(1, 40);
        var settings = CsvRun.Settings(bytes, options, [.. "abcdefgh".Take(columns).Select(c => c.ToString())]) with
        {
            Inputs = [CsvRun.Input(bytes, chunk: () => random.Next(1, largest + 1))],
        };
        var run = await CsvRun.ReadAsync(settings);
        Assert.Empty(run.Rows.Rejects);
        Assert.Equal(expected, run.Rows.Rows);
        Assert.Equal(starts.Select(s => (long)s), run.Rows.Origins.Select(o => o.ByteOffset));
        var terminator = Encoding.UTF8.GetBytes(options.LineTerminator);
        Assert.Equal(starts.Select(s => 1L + bytes.AsSpan(0, s).Count(terminator)), run.Rows.Origins.Select(o => o.Line));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_byte_of_garbage_is_in_a_row_a_reject_or_a_skipped_line(int seed)
    {
        var random = new Random(seed);
        var options = Options(random) with { StrictFields = seed % 2 == 0 };
        var bytes = Garbage(random, random.Next(0, 3000));
        var whole = await ReadAsync(bytes, options, () => int.MaxValue);
        var pieces = await ReadAsync(bytes, options, () => random.Next(1, 9));
        Assert.Equal(whole.Lines, pieces.Lines);
        Assert.Equal(whole.Rows.Rejects.Select(r => r.Rejection), pieces.Rows.Rejects.Select(r => r.Rejection));
        Assert.Equal(whole.Rows.Skipped, pieces.Rows.Skipped);
        Assert.All(whole.Rows.Rejects, r =>
            Assert.Equal(bytes.AsSpan((int)r.Rejection.Origin.ByteOffset, r.Source.Length).ToArray(), r.Source));
        var places = whole.Rows.Origins.Concat(whole.Rows.Rejects.Select(r => r.Rejection.Origin)).OrderBy(o => o.ByteOffset).ToList();
        Assert.Equal(places.Count, places.Select(o => o.ByteOffset).Distinct().Count());
        var terminator = Encoding.UTF8.GetBytes(options.LineTerminator);
        Assert.All(places, o => Assert.Equal(1L + bytes.AsSpan(0, (int)o.ByteOffset).Count(terminator), o.Line));
        var lengths = whole.Rows.Rejects.ToDictionary(r => r.Rejection.Origin.ByteOffset, r => r.Source.Length);
        Assert.All(places, o => Assert.True(
            o.ByteOffset == 0 || bytes.AsSpan(0, (int)o.ByteOffset).EndsWith(terminator), "a record begins where no line ended"));
        Assert.All(lengths, l => Assert.True(
            l.Value == MaxRowBytes || l.Key + l.Value == bytes.Length || bytes.AsSpan(0, (int)l.Key + l.Value).EndsWith(terminator), "a reject ends within a line"));
    }

    [Fact]
    public async Task Truncated_input_never_throws()
    {
        var random = new Random(7);
        var options = CsvRun.Comma with { HasHeader = false };
        var text = new StringBuilder();
        for (var i = 0; i < 12; i++)
        {
            AppendRecord(random, options, 3, text);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        for (var length = 0; length <= bytes.Length; length++)
        {
            var run = await ReadAsync(bytes[..length], options, () => 5);
            Assert.InRange(run.Lines.Length + run.Rows.Rejects.Count + run.Rows.Skipped, length == 0 ? 0 : 1, 40);
        }
    }

    private static Task<CsvRun> ReadAsync(byte[] bytes, CsvOptions options, Func<int> chunk) =>
        CsvRun.ReadAsync(CsvRun.Settings(bytes, options, "a", "b", "c") with
        {
            Inputs = [CsvRun.Input(bytes, chunk: chunk)],
            MaxRowBytes = MaxRowBytes,
        });

    private static CsvOptions Options(Random random)
    {
        var escape = random.Next(4);
        return new CsvOptions
        {
            Separator = random.Next(3) switch { 0 => ",", 1 => "§", _ => ";" },
            Quote = random.Next(4) == 0 ? "'" : "\"",
            IsQuotingWritten = true,
            Escape = escape switch { 0 => "\\\"", 1 => "\\", 2 => "\\", _ => "\"\"" },
            EscapeFollowing = escape == 2,
            TrimUnquotedBlanks = random.Next(3) > 0,
            LineTerminator = random.Next(5) == 0 ? "¶" : "\n",
        };
    }

    private static byte[] Garbage(Random random, int length)
    {
        var bytes = new List<byte>();
        while (bytes.Count < length)
        {
            if (random.Next(40) == 0)
            {
                bytes.Add((byte)random.Next(0x80, 0x100));
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(random.Next(5) == 0 ? "\n" : Pieces[random.Next(Pieces.Length)]));
            }
        }

        return [.. bytes];
    }

    // What each field has to become is known from how it is built, not from reading it.
    private static string?[] AppendRecord(Random random, CsvOptions options, int columns, StringBuilder text)
    {
        var values = new string?[columns];
        for (var i = 0; i < columns; i++)
        {
            text.Append(i == 0 ? "" : options.Separator);
            values[i] = AppendField(random, options, text, mayBeNull: i > 0);
        }

        text.Append(options.TrimUnquotedBlanks && random.Next(4) == 0 ? " \t" : "").Append(options.LineTerminator);
        return values;
    }

    private static string? AppendField(Random random, CsvOptions options, StringBuilder text, bool mayBeNull)
    {
        var quote = options.Quote ?? "\"";
        var blank = options.TrimUnquotedBlanks ? new string(' ', random.Next(3)) : "";
        if (mayBeNull && random.Next(5) == 0)
        {
            text.Append(blank);
            return null;
        }

        var value = string.Concat(Enumerable.Range(0, random.Next(0, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        if (random.Next(2) == 0)
        {
            var plain = value;
            foreach (var special in new[] { options.Separator!, options.LineTerminator, quote, "\\", "\"", " ", "\t", "\r", "\n" })
            {
                plain = plain.Replace(special, "", StringComparison.Ordinal);
            }

            if (plain.Length > 0)
            {
                text.Append(blank).Append(plain).Append(blank);
                return plain;
            }
        }

        if (options.Escape == "\\\"")
        {
            value = value.Replace("\\", "", StringComparison.Ordinal);
        }

        var escaped = options.Escape switch
        {
            "\"\"" => value.Replace(quote, quote + quote, StringComparison.Ordinal),
            "\\\"" => value.Replace(quote, "\\" + quote, StringComparison.Ordinal),
            _ => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(quote, "\\" + quote, StringComparison.Ordinal),
        };
        text.Append(blank).Append(quote).Append(escaped).Append(quote).Append(blank);
        return value;
    }
}
