using System.Diagnostics;
using System.Text;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvMalformedTests
{
    [Theory]
    [InlineData("1,\"x\"y,3\n", "Text follows a closing quote\nLine 1, field 2: found 'y,3'")]
    [InlineData("1,\"a\" \"b\",3\n", "Text follows a closing quote\nLine 1, field 2: found '\"b\",3'")]
    [InlineData("1,ab\"cd\"ef,3\n", "Text follows a closing quote\nLine 1, field 2: found 'ef,3'")]
    [InlineData("\"a\nb\"c,2,3\r\n", "Text follows a closing quote\nLine 2, field 1: found 'c,2,3'")]
    [InlineData("1,2,\"x\"é", "Text follows a closing quote\nLine 1, field 3: found 'é'")]
    public async Task Text_after_a_closing_quote_rejects_the_record_up_to_the_end_of_the_line(string bad, string message)
    {
        var run = await CsvRun.ReadAsync($"7,8,9\n{bad}{(bad.EndsWith('\n') ? "4,5,6\n" : "")}");
        Assert.Equal(bad.EndsWith('\n') ? ["7|8|9", "4|5|6"] : ["7|8|9"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.Equal(bad, Encoding.UTF8.GetString(source));
        Assert.Equal(RejectStage.Parse, rejection.Stage);
        Assert.Equal(new RowOrigin(0, 2, 6), rejection.Origin);
        Assert.Contains(message.Replace("Line 2", "Line 3", StringComparison.Ordinal).Replace("Line 1", "Line 2", StringComparison.Ordinal),
            rejection.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,3\r4,5,6\r")]
    [InlineData("1,2,3\r4,5,6")]
    [InlineData("a,b,c\r\"x\ry\",5,6\r7,8,9\r")]
    public async Task Lines_that_end_in_CR_alone_are_refused_and_told_what_to_write(string text)
    {
        var options = CsvRun.Comma with { SkipLines = 1 };
        var failure = await Assert.ThrowsAsync<SourceException>(() => CsvRun.ReadAsync(text, options));
        Assert.Equal("The lines of data.csv end in a carriage return (CR) without a newline, as on old Macintosh systems", failure.Message);
        Assert.Equal("Write WITH lines terminated by '\\r'", failure.Hint);
        Assert.NotEmpty((await CsvRun.ReadAsync(text, options with { LineTerminator = "\r", IsLineTerminatorWritten = true })).Lines);
    }

    [Theory]
    [InlineData("1,2,3\r", "1|2|3")]
    [InlineData("1,\"a\rb\",3", "1|a\rb|3")]
    [InlineData("1,a\rb,3\n4,5,6\n", "1|a\rb|3", "4|5|6")]
    public async Task A_CR_that_ends_no_line_is_data_or_a_blank(string text, params string[] lines) =>
        Assert.Equal(lines, (await CsvRun.ReadAsync(text)).Lines);

    [Fact]
    public async Task A_quote_that_never_ends_costs_its_first_line_only()
    {
        var run = await CsvRun.ReadAsync("1,2,3\n4,\"5,6\n7,8,9\n10,11,12");
        Assert.Equal(["1|2|3", "7|8|9", "10|11|12"], run.Lines);
        Assert.Equal(["4,\"5,6\n"], run.Rows.RejectedText);
        Assert.Equal(
            "A quote never ends\nIt opens in line 2, field 2; only the first line of the record is set aside, reading goes on with the next",
            run.Rows.Rejects[0].Rejection.Message);
        Assert.Equal([1, 3, 4], run.Rows.Origins.Select(o => o.Line));
        Assert.Equal([0, 13, 19], run.Rows.Origins.Select(o => o.ByteOffset));
    }

    [Fact]
    public async Task A_quote_that_never_ends_in_the_last_line_rejects_that_line()
    {
        var run = await CsvRun.ReadAsync("1,2,3\n4,\"5,6");
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal(["4,\"5,6"], run.Rows.RejectedText);
    }

    [Fact]
    public async Task A_quote_that_opens_in_a_later_line_of_a_record_names_that_line()
    {
        var run = await CsvRun.ReadAsync("\"1\n1\",\"2,3\n4,5,6\n");
        Assert.Contains("It opens in line 2, field 2", run.Rows.Rejects[0].Rejection.Message, StringComparison.Ordinal);
        Assert.Equal("\"1\n", run.Rows.RejectedText[0]);
    }

    [Fact]
    public async Task A_quote_that_does_not_end_within_max_row_size_costs_its_first_line_only()
    {
        var text = "1,2,3\n4,\"5,6\n" + string.Concat(Enumerable.Repeat("7,8,9\n", 300)) + "a,\"b\",c\nd,e,f\n";
        var run = await ReadAsync(text, maxRowBytes: 1024);
        Assert.Equal(["4,\"5,6\n"], run.Rows.RejectedText);
        Assert.Equal(303, run.Lines.Length);
        Assert.Equal(["a|b|c", "d|e|f"], run.Lines[^2..]);
        Assert.Contains("longer than max row size (1 kB), perhaps for a quote that never ends\nIt begins in line 2;", run.Rows.Rejects[0].Rejection.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    public async Task A_record_longer_than_max_row_size_is_rejected_by_name_and_skipped_to_its_end(string quote)
    {
        var longField = new string('x', 5000);
        var run = await ReadAsync($"1,2,3\n4,{quote}{longField}{quote},6\n7,8,9\n", maxRowBytes: 1024);
        Assert.Equal(["1|2|3", "7|8|9"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.Equal(RejectStage.Parse, rejection.Stage);
        Assert.Equal("The record is longer than max row size (1 kB)\nIt begins in line 2; raise max row size to load it."
            + " At most this much of it is kept with the rejects", rejection.Message);
        Assert.InRange(source.Length, 1, 1025);
        Assert.StartsWith($"4,{quote}xxx", Encoding.UTF8.GetString(source), StringComparison.Ordinal);
        Assert.Equal([1, 3], run.Rows.Origins.Select(o => o.Line));
    }

    [Fact]
    public async Task A_long_record_is_loaded_when_the_limit_allows_it()
    {
        var longField = new string('x', 5000);
        var run = await ReadAsync($"4,\"{longField}\",6\n", maxRowBytes: 5006);
        Assert.Equal([$"4|{longField}|6"], run.Lines);
        Assert.Single((await ReadAsync($"4,\"{longField}\",6\n", maxRowBytes: 5005)).Rows.Rejects);
    }

    [Theory]
    [InlineData("\"\"", "x,\"\"\"\",3\n")]
    [InlineData("\"\"", "\"\"\"\",2,3\n")]
    [InlineData("\"\"", "plain,2,3\n")]
    [InlineData("\\\"", "a\\\"b,\\\"2,3\n")]
    [InlineData("\\", "a\\\"b\\\\,2,3\n")]
    public async Task Many_lines_after_an_open_quote_take_no_time(string escape, string line)
    {
        const int Lines = 200_000;
        var text = "0,\"open,3\n" + string.Concat(Enumerable.Repeat(line, Lines));
        var options = CsvRun.Comma with { Escape = escape, IsQuotingWritten = true };
        var watch = Stopwatch.StartNew();
        var run = await CsvRun.ReadAsync(text, options);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal(Lines, run.Lines.Length + run.Rows.Rejects.Count - 1);
        Assert.Equal("0,\"open,3\n", run.Rows.RejectedText[0]);
    }

    [Fact]
    public async Task Many_open_quotes_take_no_time()
    {
        const int Lines = 200_001;
        var watch = Stopwatch.StartNew();
        var run = await ReadAsync(string.Concat(Enumerable.Repeat("1,\"x\\\",3\n", Lines)), 64 << 20, CsvRun.Comma with { Escape = "\\\"" });
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        Assert.True(run.Rows.Rejects.Count > 0);
    }

    [Fact]
    public async Task Invalid_utf8_rejects_its_record_and_names_line_and_byte()
    {
        byte[] text = [.. "1,é,3\n4,\"x\n"u8, 0x61, 0xE9, 0x62, .. "\",6\n7,8,9\n"u8];
        var run = await CsvRun.ReadAsync(CsvRun.Settings(text, CsvRun.Comma, "a", "b", "c"));
        Assert.Equal(["1|é|3", "7|8|9"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.Equal(RejectStage.Encoding, rejection.Stage);
        Assert.Equal("Invalid UTF-8\nLine 3, byte 2 of the line: 0xE9", rejection.Message);
        Assert.Equal(text[7..^6], source);
        Assert.Equal(new RowOrigin(0, 2, 7), rejection.Origin);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 })]
    public async Task A_character_cut_off_by_the_end_of_the_file_rejects_the_record(byte[] cut)
    {
        var run = await CsvRun.ReadAsync(CsvRun.Settings([.. "1,2,3\n4,5,"u8, .. cut], CsvRun.Comma, "a", "b", "c"));
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal(RejectStage.Encoding, Assert.Single(run.Rows.Rejects).Rejection.Stage);
    }

    [Fact]
    public async Task Ascii_is_strict()
    {
        var settings = CsvRun.Settings("1,2,3\n4,é,6\n7,8,9\n"u8.ToArray(), CsvRun.Comma, "a", "b", "c") with { EncodingName = "us-ascii" };
        var run = await CsvRun.ReadAsync(settings);
        Assert.Equal(["1|2|3", "7|8|9"], run.Lines);
        Assert.Equal("Invalid us-ascii\nLine 2, byte 3 of the line: 0xC3", Assert.Single(run.Rows.Rejects).Rejection.Message);
    }

    [Fact]
    public async Task Missing_fields_are_null_and_extra_ones_ignored_but_both_are_counted()
    {
        var run = await CsvRun.ReadAsync("1,2,3\n4,5\n6\n7,8,9,10\n");
        Assert.Equal(["1|2|3", "4|5|-", "6|-|-", "7|8|9"], run.Lines);
        Assert.Equal((2, 1), (run.Notices.MissingFields, run.Notices.ExtraFields));
        Assert.Equal(
            [
                "2 records have fewer fields than expected: the missing ones were loaded as NULL; the first is data.csv:2"
                    + " (2 instead of 3). Use WITH strict fields to reject such records",
                "1 record has more fields than expected: the extra ones were ignored; the first is data.csv:4"
                    + " (4 instead of 3). Use WITH strict fields to reject such records",
            ],
            run.Notices.Texts);
    }

    [Fact]
    public async Task Strict_fields_rejects_records_of_another_width()
    {
        var run = await CsvRun.ReadAsync("1,2,3\n4,5\n7,8,9,10\n6\n", CsvRun.Comma with { StrictFields = true });
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal(["4,5\n", "7,8,9,10\n", "6\n"], run.Rows.RejectedText);
        Assert.All(run.Rows.Rejects, r => Assert.Equal(RejectStage.Project, r.Rejection.Stage));
        Assert.Equal(
            ["Found 2 fields, expected 3 (strict fields)", "Found 4 fields, expected 3 (strict fields)", "Found 1 field, expected 3 (strict fields)"],
            run.Rows.Rejects.Select(r => r.Rejection.Message));
        Assert.Empty(run.Notices.Texts);
    }

    private static Task<CsvRun> ReadAsync(string text, long maxRowBytes, CsvOptions? options = null) =>
        CsvRun.ReadAsync(CsvRun.Settings(Encoding.UTF8.GetBytes(text), options ?? CsvRun.Comma, "a", "b", "c") with { MaxRowBytes = maxRowBytes });
}
