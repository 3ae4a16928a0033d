using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Tests.Sources.CopyText;

public sealed class CopyTextSourceTests
{
    private static readonly CopyOptions Bar = new() { Delimiter = "|" };

    [Theory]
    [InlineData("1\tx\t\\N\n", "1|x|-")]
    [InlineData("1\tx\t", "1|x|''")]
    [InlineData("1\tx\ty\r\n", "1|x|y")]
    [InlineData("\\t\t\\n\\r\t\\b\\f\\v\\\\\n", "\t|\n\r|\b\f\v\\")]
    [InlineData("\\\t\t\\\\N\t\\NN\n", "\t|\\N|NN")]
    [InlineData("a\\\nb\tc\td\n", "a\nb|c|d")]
    [InlineData("a\\\r\tc\td\\\r\n", "a\r|c|d\r")]
    [InlineData("\\101\t\\x41\t\\7\\x7\n", "A|A|\a\a")]
    [InlineData("\\1012\t\\x412\t\\8\\xg\n", "A2|A2|8xg")]
    [InlineData("\\303\\251\t\\xC3\\xa9\té\n", "é|é|é")]
    [InlineData("a\rb\tc\td\n", "a\rb|c|d")]
    [InlineData("\\é\t\\€\t\\😀\n", "é|€|😀")]
    public async Task Fields_are_read_as_PostgreSQL_reads_them(string text, string expected)
    {
        Assert.Equal([expected], (await ReadAsync(text)).Lines);
        var reordered = await TextRun.ReadAsync(TextRun.Copy(Encoding.UTF8.GetBytes(text)) with { Columns = [Column("c"), Column("b"), Column("a")], Fields = Fields("a", "b", "c") });
        Assert.Equal([string.Join('|', expected.Split('|').Reverse())], reordered.Lines);
        Assert.Equal(0, reordered.Rows.EncodedRows);
    }

    [Theory]
    [InlineData("1|a\\|b|\\N\n", "1|a|b|-")]
    [InlineData("1|a\tb|\\\\\n", "1|a\tb|\\")]
    [InlineData("|\\||\n", "''|||''")]
    public async Task Another_delimiter_is_escaped_by_a_backslash(string text, string expected) => Assert.Equal([expected], (await ReadAsync(text, Bar)).Lines);

    [Fact]
    public async Task A_delimiter_of_several_bytes_is_a_character()
    {
        var run = await TextRun.ReadAsync(TextRun.Copy([], options: new CopyOptions { Delimiter = "§" }) with
        {
            Inputs = [TextRun.Input(Encoding.UTF8.GetBytes("1§Â\\§b§\\N\n"), chunk: () => 1)],
        });
        Assert.Equal(["1|Â§b|-"], run.Lines);
    }

    [Theory]
    [InlineData("", "x||\n", "x|-|-")]
    [InlineData("NULL", "NULL|\\NULL|\\N\n", "-|NULL|N")]
    [InlineData("\\N", "\\N|N|\\\\N\n", "-|N|\\N")]
    public async Task The_null_marker_is_compared_before_escapes_are_undone(string marker, string text, string expected) =>
        Assert.Equal([expected], (await ReadAsync(text, Bar with { NullMarker = marker })).Lines);

    [Fact]
    public async Task Rows_as_a_server_writes_them_are_relayed_and_others_are_taken_apart_in_their_order()
    {
        var run = await ReadAsync("1\ta\\tb\t\\N\n2\t\\\\\té\n3\t\\x41\tz\n4\tx\ty\r\n5\tx\n6\tx\ty\n7\tx\ty");
        Assert.Equal(["1|a\tb|-", "2|\\|é", "3|A|z", "4|x|y", "5|x|-", "6|x|y", "7|x|y"], run.Lines);
        Assert.Equal(5, run.Rows.EncodedRows);
        Assert.Equal([1L, 2, 3, 4, 5, 6, 7], run.Rows.Origins.Select(origin => origin.Line));
    }

    [Fact]
    public async Task Nothing_is_relayed_where_something_changes()
    {
        var copy = TextRun.Copy("1\t2\t3\n"u8.ToArray());
        Assert.Equal(1, (await TextRun.ReadAsync(copy)).Rows.EncodedRows);
        Assert.Equal(1, (await TextRun.ReadAsync(copy with { Columns = [Column("c"), Column("b"), Column("a")] })).Rows.EncodedRows);
        foreach (var changed in new[]
        {
            copy with { Options = new CopyOptions { NullMarker = "" } },
            copy with { Fields = Fields("a", "c", "b"), Columns = [Column("a"), Column("b"), Column("c")] },
            copy with { Fields = Fields("a", "b", "c"), Columns = [Column("a"), Column("b")] },
            copy with
            {
                Columns = [Column("a"), Column("b"), Column("c") with { Using = new SExpression.Text("x") }],
                CompileExpression = (_, _) => (_, _) => FieldResult.Null,
            },
        })
        {
            var run = await TextRun.ReadAsync(changed);
            Assert.Equal((0, 1), (run.Rows.EncodedRows, run.Lines.Length));
        }
    }

    [Fact]
    public async Task Records_with_fewer_or_more_fields_are_counted()
    {
        var run = await ReadAsync("1\t2\t3\n1\t2\n\n1\t2\t3\t4\n");
        Assert.Equal(["1|2|3", "1|2|-", "''|-|-", "1|2|3"], run.Lines);
        Assert.Equal(
            [
                "1 record has fewer fields than expected: the missing ones were loaded as NULL; the first is data:2 (2 instead of 3). Use WITH strict fields to reject such records",
                "1 record has more fields than expected: the extra ones were ignored; the first is data:4 (4 instead of 3). Use WITH strict fields to reject such records",
                "1 empty line was loaded as a row: what begins a line is the empty string, the other fields are NULL; the first is data:3",
            ],
            run.Notices.Texts);
    }

    [Fact]
    public async Task Strict_fields_reject_them()
    {
        var run = await ReadAsync("1\t2\t3\n1\t2\n\n1\t2\t3\t4\n", new CopyOptions { StrictFields = true });
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal(["Found 2 fields, expected 3 (strict fields)", "Found 1 field, expected 3 (strict fields)", "Found 4 fields, expected 3 (strict fields)"],
            run.Rows.Rejects.Select(reject => reject.Rejection.Message));
    }

    [Fact]
    public async Task An_empty_line_is_a_value_where_there_is_one_column()
    {
        var run = await TextRun.ReadAsync(TextRun.Copy("\nx\n\\N\n"u8.ToArray(), columns: 1));
        Assert.Equal(["''", "x", "-"], run.Lines);
        Assert.Empty(run.Notices.Texts);
    }

    [Fact]
    public async Task The_end_mark_ends_the_data_and_what_follows_is_rejected_line_by_line()
    {
        var run = await ReadAsync("1\t2\t3\n\\.\n\r\n4\t5\t\\\n6\n");
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal(1, run.Rows.Skipped);
        Assert.Equal(["4\t5\t\\\n", "6\n"], run.Rows.RejectedText);
        Assert.Equal([4L, 5L], run.Rows.Rejects.Select(reject => reject.Rejection.Origin.Line));
        Assert.StartsWith("The line follows the end-of-data mark \\.\n", run.Rows.Rejects[0].Rejection.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\.\r\n")]
    [InlineData("\\.")]
    [InlineData("\\.\n")]
    public async Task The_end_mark_may_have_any_line_end(string mark)
    {
        var run = await ReadAsync("1\t2\t3\n" + mark);
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Empty(run.Rows.Rejects);
    }

    [Theory]
    [InlineData("1\t\\.\t3\n")]
    [InlineData("\\.x\n")]
    [InlineData("x\\.\n")]
    [InlineData("\\.\t\n")]
    public async Task An_end_mark_that_does_not_stand_alone_rejects_its_record(string text)
    {
        var run = await ReadAsync(text + "1\t2\t3\n");
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal("The end-of-data mark \\. does not stand alone\nLine 1: a backslash in a value is written twice", Assert.Single(run.Rows.Rejects).Rejection.Message);
    }

    [Fact]
    public async Task An_input_that_ends_behind_a_backslash_loses_nothing_in_silence()
    {
        var run = await ReadAsync("1\t2\t3\n1\t2\t3\\");
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal("The input ends in the middle of an escape\nLine 2: a backslash is its last character", Assert.Single(run.Rows.Rejects).Rejection.Message);
    }

    [Fact]
    public async Task Escapes_that_come_to_no_text_reject_their_record()
    {
        var run = await ReadAsync("1\t\\xff\t3\n1\t\\303\t3\n1\t2\t3\n");
        Assert.Equal(["1|2|3"], run.Lines);
        Assert.Equal((RejectStage.Encoding, "Escapes by number come to bytes that are not valid UTF-8\nLine 1, field 2"),
            (run.Rows.Rejects[0].Rejection.Stage, run.Rows.Rejects[0].Rejection.Message));
        Assert.Equal(2, run.Rows.Rejects.Count);
    }

    [Fact]
    public async Task Invalid_bytes_reject_their_record_only()
    {
        var run = await TextRun.ReadAsync(TextRun.Copy([.. "1\t2\t3\n1\t"u8, 0xE9, .. "\t3\n4\t5\t6\n"u8]));
        Assert.Equal(["1|2|3", "4|5|6"], run.Lines);
        Assert.Equal("Invalid UTF-8\nLine 2, byte 3 of the line: 0xE9", Assert.Single(run.Rows.Rejects).Rejection.Message);
        Assert.Equal([1L, 3L], run.Rows.Origins.Select(origin => origin.Line));
    }

    [Fact]
    public async Task Another_encoding_is_decoded()
    {
        var run = await TextRun.ReadAsync(TextRun.Copy([.. "1\t"u8, 0xE9, .. "\t3\n"u8]) with { EncodingName = "iso-8859-1" });
        Assert.Equal(["1|é|3"], run.Lines);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("x\\\n")]
    public async Task A_record_that_is_too_long_is_passed_over_to_its_own_end(string piece)
    {
        var text = $"1\t2\t3\n1\t{string.Concat(Enumerable.Repeat(piece, 2000))}\t3\n4\t5\t6\n";
        var run = await TextRun.ReadAsync(TextRun.Copy(Encoding.UTF8.GetBytes(text)) with { MaxRowBytes = 500 });
        Assert.Equal(["1|2|3", "4|5|6"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.StartsWith("The record is longer than max row size (500 bytes)\nIt begins in line 2", rejection.Message, StringComparison.Ordinal);
        Assert.Equal(500, source.Length);
        Assert.Equal(text.Split('\n').Length - 1, run.Rows.Origins[1].Line);
    }

    [Fact]
    public async Task Lines_are_skipped() => Assert.Equal(["1|2|3"], (await ReadAsync("a\nb\n1\t2\t3\n", new CopyOptions { SkipLines = 2 })).Lines);

    [Fact]
    public async Task An_empty_file_has_no_rows() => Assert.Empty((await ReadAsync("")).Lines);

    [Fact]
    public async Task A_binary_file_is_refused_by_name()
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() =>
            TextRun.ReadAsync(TextRun.Copy([.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])));
        Assert.Equal("data is in COPY's binary format, which is not read; text was expected", failure.Message);
        Assert.Contains("FORMAT binary", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_end_in_CR_alone_are_refused()
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => ReadAsync("1\t2\t3\r4\t5\t6\r"));
        Assert.StartsWith("The lines of data end in a carriage return (CR) without a newline", failure.Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<FieldSpec> Fields(params string[] names) => [.. names.Select(name => new FieldSpec { Name = name })];

    private static ColumnSpec Column(string name) => new() { Name = name };

    private static Task<TextRun> ReadAsync(string text, CopyOptions? options = null) => TextRun.ReadAsync(TextRun.Copy(Encoding.UTF8.GetBytes(text), options: options));
}
