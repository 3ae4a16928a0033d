using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Tests.Sources.Fixed;

public sealed class FixedSourceTests
{
    private static readonly ImmutableArray<FieldSpec> Two = TextRun.Places((0, 3), (3, 2));

    private static readonly FixedOptions Header = new() { HasHeader = true };

    [Theory]
    [InlineData("12345\n", "123|45")]
    [InlineData("12345", "123|45")]
    [InlineData("12345\r\n", "123|45")]
    [InlineData("1 3 5\n", "1 3| 5")]
    [InlineData("1234\n", "123|4")]
    [InlineData("123\n", "123|''")]
    [InlineData("12\n", "12|-")]
    [InlineData("12\r\n", "12|-")]
    [InlineData("\n", "''|-")]
    [InlineData("1\t3\r5\n", "1\t3|\r5")]
    [InlineData("éa€😀x\n", "éa€|😀x")]
    [InlineData("éa\n", "éa|-")]
    [InlineData("éa€\n", "éa€|''")]
    [InlineData("e\u0301xy\n", "e\u0301x|y")]
    public async Task Places_are_counted_in_characters_of_the_line(string text, string expected) =>
        Assert.Equal([expected], (await ReadAsync(text, Two)).Lines);

    [Fact]
    public async Task Fields_may_overlap_leave_gaps_and_stand_in_any_order()
    {
        var run = await ReadAsync("0123456789\nä123456789\n", TextRun.Places((8, 2), (0, 4), (2, 3)));
        Assert.Equal(["89|0123|234", "89|ä123|234"], run.Lines);
    }

    [Fact]
    public async Task A_field_that_reaches_beyond_any_number_ends_with_the_line() =>
        Assert.Equal(["2é"], (await ReadAsync("12é\n", TextRun.Places((1, int.MaxValue)))).Lines);

    [Theory]
    [InlineData("iso-8859-1", "Zürich    41.5 \n", "Zürich    | 41.5")]
    [InlineData("utf-16", "Zürich    41.5 \n", "Zürich    | 41.5")]
    [InlineData("utf-16BE", "Z😀rich    41.5 \n", "Z😀rich    | 41.5")]
    [InlineData("shift_jis", "東京都       41.5 \n", "東京都       | 41.5")]
    public async Task Characters_are_counted_whatever_the_encoding(string encoding, string text, string expected)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        ImmutableArray<FieldSpec> fields = TextRun.Places((0, 10), (9, 5));
        var run = await TextRun.ReadAsync(TextRun.Fixed(bytes.GetBytes(text), fields) with { EncodingName = encoding });
        Assert.Equal([expected], run.Lines);
    }

    [Fact]
    public async Task Invalid_bytes_reject_their_line_only()
    {
        var run = await TextRun.ReadAsync(TextRun.Fixed([.. "12345\n12"u8, 0xC3, .. "45\n67890\n"u8], Two));
        Assert.Equal(["123|45", "678|90"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.Equal((RejectStage.Encoding, "Invalid UTF-8\nLine 2, byte 3 of the line: 0xC3"), (rejection.Stage, rejection.Message));
        Assert.Equal([.. "12"u8, 0xC3, .. "45\n"u8], source);
        Assert.Equal([1L, 3L], run.Rows.Origins.Select(origin => origin.Line));
        Assert.Equal([0L, 12L], run.Rows.Origins.Select(origin => origin.ByteOffset));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_rejected_and_passed_over()
    {
        var run = await TextRun.ReadAsync(TextRun.Fixed(Encoding.UTF8.GetBytes($"12345\n{new string('x', 5000)}\n67890\n"), Two) with { MaxRowBytes = 1000 });
        Assert.Equal(["123|45", "678|90"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.StartsWith("The record is longer than max row size (1000 bytes)\nIt begins in line 2", rejection.Message, StringComparison.Ordinal);
        Assert.Equal(1000, source.Length);
        Assert.Equal(3, run.Rows.Origins[1].Line);
    }

    [Fact]
    public async Task A_NUL_is_left_to_the_server() => Assert.Equal(["1\03|45"], (await ReadAsync("1\0345\n", Two)).Lines);

    [Fact]
    public async Task Short_long_and_empty_lines_are_counted_and_the_first_of_each_is_named()
    {
        var run = await ReadAsync("12345\n1234\n\n12345 x\nä2\n12345   \n\r\n", Two);
        Assert.Equal(7, run.Lines.Length);
        Assert.Equal(
            [
                "2 lines are shorter than the fields: what is not there was loaded as NULL or cut short; the first is data:2 (4 characters instead of 5). Use WITH strict fields to reject such lines",
                "1 line is longer than the fields: the rest was ignored; the first is data:4 (7 characters instead of 5). Use WITH strict fields to reject such lines",
                "2 empty lines were loaded as rows: what begins a line is the empty string, the other fields are NULL; the first is data:3",
            ],
            run.Notices.Texts);
    }

    [Fact]
    public async Task Strict_fields_reject_lines_of_another_width_but_not_for_blanks_at_their_end()
    {
        var run = await ReadAsync("12345\n1234\n\n12345 x\n12345  \nä2345é\n", Two, new FixedOptions { StrictFields = true });
        Assert.Equal(["123|45", "123|45"], run.Lines);
        Assert.Equal(
            ["Found 4 characters, expected 5 (strict fields)", "Found 0 characters, expected 5 (strict fields)", "Found 7 characters, expected 5 (strict fields)", "Found 6 characters, expected 5 (strict fields)"],
            run.Rows.Rejects.Select(reject => reject.Rejection.Message));
        Assert.Empty(run.Notices.Texts);
    }

    [Fact]
    public async Task Null_if_trim_and_date_format_are_those_of_the_fields()
    {
        ImmutableArray<FieldSpec> fields =
        [
            Two[0] with { NullIf = [new NullIf(null)], Trim = FieldTrim.Both },
            Two[1] with { DateFormat = "own" },
        ];
        var settings = TextRun.Fixed("   12\n x 34\n"u8.ToArray(), fields, new FixedOptions { NullIf = [new NullIf("12")] });
        var run = await TextRun.ReadAsync(settings with
        {
            CompileDateFormat = _ => (text, scratch) =>
        {
            scratch.GetSpan(1)[0] = (byte)'!';
            scratch.Advance(1);
            return FieldResult.Replaced;
        }
        });
        Assert.Equal(["-|-", "x|!"], run.Lines);
    }

    [Fact]
    public async Task Lines_are_skipped_before_the_header_and_before_the_data()
    {
        Assert.Equal(["123|45"], (await ReadAsync("x\ny\n12345\n", Two, new FixedOptions { SkipLines = 2 })).Lines);
        Assert.Equal(["1|z"], (await HeaderAsync("title\na    b\n1    z\n", 2, Header with { SkipLines = 1 })).Lines);
    }

    [Theory]
    [InlineData("a   b   c\n1   2   3\n", "1|2|3")]
    [InlineData("a   b   c\n1   2   345678  \n", "1|2|345678")]
    [InlineData("a   b   c  \r\n1   2   34\r\n", "1|2|34")]
    [InlineData("a   b   c\n1       \n", "1|-|''")]
    [InlineData("a   b   c\n1       x\n", "1|-|x")]
    [InlineData("C   b   A\n1   2   3\n", "3|2|1")]
    [InlineData("a   b   c\nä€  é   ü\n", "ä€|é|ü")]
    [InlineData("  a b c\n  1 2 3\n", "1|2|3")]
    public async Task A_header_names_the_fields_and_shows_where_they_begin(string text, string expected) =>
        Assert.Equal([expected.Replace("|''", "|-", StringComparison.Ordinal)], (await HeaderAsync(text, 3, Header)).Lines);

    [Fact]
    public async Task A_written_field_list_passes_over_the_header() =>
        Assert.Equal(["123|45"], (await ReadAsync("anything\n12345\n", Two, Header)).Lines);

    [Theory]
    [InlineData("   \n1\n", "The header in line 1 of data cannot be read: it names no field")]
    [InlineData("\n1\n", "The header in line 1 of data cannot be read: it names no field")]
    [InlineData("x y\n1 2\n", "The header of data names no column of the table: found x, y, expected some of a, b")]
    [InlineData("a a b\n1 2 3\n", "Column a could be fields 1 and 2 of data: the name stands there 2 times")]
    public async Task A_header_that_is_none_is_refused(string text, string message)
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => HeaderAsync(text, 2, Header));
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public async Task A_header_in_another_encoding_is_refused()
    {
        var settings = TextRun.Fixed([(byte)'a', 0xE9, (byte)'\n'], [], Header);
        var failure = await Assert.ThrowsAsync<SourceException>(() => TextRun.ReadAsync(settings));
        Assert.Equal("The header in line 1 of data cannot be read: it is not valid UTF-8", failure.Message);
    }

    [Fact]
    public async Task A_header_that_never_ends_is_refused()
    {
        var settings = TextRun.Fixed(Encoding.UTF8.GetBytes("a" + new string(' ', 3000)), [], Header) with { MaxRowBytes = 500 };
        var failure = await Assert.ThrowsAsync<SourceException>(() => TextRun.ReadAsync(settings));
        Assert.Equal("The header in line 1 of data cannot be read: it is longer than max row size (500 bytes)", failure.Message);
    }

    [Fact]
    public async Task An_empty_file_has_no_rows()
    {
        Assert.Empty((await ReadAsync("", Two)).Lines);
        Assert.Empty((await HeaderAsync("", 2, Header)).Lines);
        Assert.Empty((await HeaderAsync("a b\n", 2, Header)).Lines);
    }

    [Fact]
    public async Task Lines_that_end_in_CR_alone_are_refused()
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => ReadAsync("12345\r67890\r", Two));
        Assert.StartsWith("The lines of data end in a carriage return (CR) without a newline", failure.Message, StringComparison.Ordinal);
        Assert.Contains("tr '\\r' '\\n'", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_be_read_once_is_opened_once()
    {
        var settings = TextRun.Fixed([], [], Header) with { Inputs = [TextRun.Input("a b\n1 2\n"u8.ToArray(), canReopen: false)], TargetColumns = TextRun.Columns(2) };
        Assert.Equal(["1|2"], (await TextRun.ReadAsync(settings)).Lines);
    }

    private static Task<TextRun> ReadAsync(string text, ImmutableArray<FieldSpec> fields, FixedOptions? options = null) =>
        TextRun.ReadAsync(TextRun.Fixed(Encoding.UTF8.GetBytes(text), fields, options));

    private static Task<TextRun> HeaderAsync(string text, int columns, FixedOptions options) =>
        TextRun.ReadAsync(TextRun.Fixed(Encoding.UTF8.GetBytes(text), [], options) with { TargetColumns = TextRun.Columns(columns) });
}
