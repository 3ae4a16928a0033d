using Sluice.Commands;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvFieldTests
{
    [Theory]
    [InlineData("1,2,3\n", "1|2|3")]
    [InlineData("1,2,3", "1|2|3")]
    [InlineData("1,,\n", "1|-|-")]
    [InlineData("1,\"\",\n", "1|''|-")]
    [InlineData("1,\"\",\"\"", "1|''|''")]
    [InlineData("1, x ,\t\ty\t\n", "1|x|y")]
    [InlineData("1,   ,3\n", "1|-|3")]
    [InlineData("1,2,3\r\n", "1|2|3")]
    [InlineData("1,2,\r\n", "1|2|-")]
    [InlineData("1, \" y \" ,3\n", "1| y |3")]
    [InlineData("1,\"a,b\",3\n", "1|a,b|3")]
    [InlineData("1,\"a\nb\",3\n", "1|a\nb|3")]
    [InlineData("1,\"a\r\nb\",3\r\n", "1|a\r\nb|3")]
    [InlineData("1,\"say \"\"x\"\"\",3\n", "1|say \"x\"|3")]
    [InlineData("1,\"\"\"\",3\n", "1|\"|3")]
    [InlineData("1,a\"b\",3\n", "1|ab|3")]
    [InlineData("1,a\"b,\nc\" ,3\n", "1|ab,\nc|3")]
    [InlineData("1, a \"b\",3\n", "1|a b|3")]
    [InlineData("1,NULL,\\N\n", "1|NULL|\\N")]
    [InlineData("1,é€😀,\"é\"\n", "1|é€😀|é")]
    [InlineData(",,\n", "-|-|-")]
    public async Task A_record_is_split_into_its_fields(string text, string expected)
    {
        var run = await CsvRun.ReadAsync(text);
        Assert.Equal([expected], run.Lines);
        Assert.Empty(run.Rows.Rejects);
    }

    [Theory]
    [InlineData("1, x ,3\n", "1| x |3")]
    [InlineData("1,  ,\n", "1|  |-")]
    [InlineData("1,2,3\r\n", "1|2|3\r")]
    [InlineData("1, \" y\",3\n", "1|  y|3")]
    public async Task Kept_blanks_belong_to_the_value(string text, string expected) =>
        Assert.Equal([expected], (await CsvRun.ReadAsync(text, CsvRun.Comma with { TrimUnquotedBlanks = false })).Lines);

    [Theory]
    [InlineData("1,\"y\" ,3\n")]
    [InlineData("1,2,\"y\"\r\n")]
    public async Task Kept_blanks_after_a_closing_quote_are_an_error(string text) =>
        Assert.Equal([text], (await CsvRun.ReadAsync(text, CsvRun.Comma with { TrimUnquotedBlanks = false })).Rows.RejectedText);

    [Theory]
    [InlineData("1,\"a\\\"b\",3\n", "1|a\"b|3")]
    [InlineData("1,\"a\\\\b\",3\n", "1|a\\\\b|3")]
    [InlineData("1,a\\\"b,3\n", "1|a\"b|3")]
    [InlineData("1,a\\b,\\\n", "1|a\\b|\\")]
    [InlineData("1,\"\\\"\",3\n", "1|\"|3")]
    public async Task Backslash_and_quote_stand_for_a_quote(string text, string expected) =>
        Assert.Equal([expected], (await CsvRun.ReadAsync(text, CsvRun.Comma with { Escape = "\\\"", IsQuotingWritten = true })).Lines);

    [Theory]
    [InlineData("1,\"a\\\"b\",3\n", "1|a\"b|3")]
    [InlineData("1,\"a\\\\\",3\n", "1|a\\|3")]
    [InlineData("1,\"a\\nb\",3\n", "1|a\\nb|3")]
    public async Task A_single_escape_character_escapes_the_quote_and_itself(string text, string expected) =>
        Assert.Equal([expected], (await CsvRun.ReadAsync(text, CsvRun.Comma with { Escape = "\\", IsQuotingWritten = true })).Lines);

    [Theory]
    [InlineData("1,\\n\\N\\,x,3\n", "1|nN,x|3")]
    [InlineData("1,\"a\\\"b\\\\\",3\n", "1|a\"b\\|3")]
    [InlineData("1,a\\\nb,3\n", "1|a\nb|3")]
    [InlineData("1,\\ ,\\é\n", "1| |é")]
    [InlineData("1,2,x\\", "1|2|x\\")]
    public async Task Escape_mode_following_takes_the_next_character_literally(string text, string expected) =>
        Assert.Equal([expected],
            (await CsvRun.ReadAsync(text, CsvRun.Comma with { Escape = "\\", EscapeFollowing = true, IsQuotingWritten = true })).Lines);

    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("it\"s", "it\"s")]
    [InlineData("'say \"\"x\"\"'", "say \"\"x\"\"")]
    public async Task A_doubled_quote_is_the_quote_that_was_chosen(string field, string expected) =>
        Assert.Equal([$"1|{expected}|3"], (await CsvRun.ReadAsync($"1,{field},3\n", CsvRun.Comma with { Quote = "'", IsQuotingWritten = true })).Lines);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\\\"")]
    public async Task Without_enclosure_quotes_are_ordinary(string escape) =>
        Assert.Equal(["1|\"a\"|b\"\"c", "4|5|\""],
            (await CsvRun.ReadAsync("1,\"a\",b\"\"c\n4,5,\"\n", CsvRun.Comma with { Quote = null, Escape = escape, IsQuotingWritten = true })).Lines);

    [Theory]
    [InlineData(";", "1;a;3\n", "1|a|3")]
    [InlineData("\t", "1\t\t3\n", "1|-|3")]
    [InlineData("\t", "1\t x \t3\n", "1|x|3")]
    [InlineData(" ", "1  3\n", "1|-|3")]
    [InlineData("§", "1§x§3\n", "1|x|3")]
    [InlineData("§", "1§\"a§b\"§Âx\n", "1|a§b|Âx")]
    [InlineData("😀", "1😀😀\"😁\"\n", "1|-|😁")]
    [InlineData("\u0002", "1\u0002x\u00023\n", "1|x|3")]
    public async Task Any_character_may_separate_fields(string separator, string text, string expected) =>
        Assert.Equal([expected], (await CsvRun.ReadAsync(text, new CsvOptions { Separator = separator })).Lines);

    [Theory]
    [InlineData(";", "1,2,3;4,5\n,6", new[] { "1|2|3", "4|5\n|6" })]
    [InlineData("\r", "1,2,3\r4,5, x\r", new[] { "1|2|3", "4|5|x" })]
    [InlineData("¶", "1,2,3¶4,\"5¶\",6¶", new[] { "1|2|3", "4|5¶|6" })]
    public async Task Any_character_may_end_lines(string terminator, string text, string[] expected)
    {
        var options = new CsvOptions { Separator = ",", LineTerminator = terminator, IsLineTerminatorWritten = true, TrimUnquotedBlanks = terminator != ";" };
        Assert.Equal(expected, (await CsvRun.ReadAsync(text, options)).Lines);
    }

    [Fact]
    public async Task A_quote_of_several_bytes_works()
    {
        var options = new CsvOptions { Separator = ",", Quote = "«", IsQuotingWritten = true };
        Assert.Equal(["1|a,b|«", "2|\"|-"], (await CsvRun.ReadAsync("1,«a,b«,««««\n2,\",\n", options)).Lines);
    }

    [Fact]
    public async Task Empty_lines_are_skipped_and_counted()
    {
        var run = await CsvRun.ReadAsync("1,2,3\n\n  \t\r\n4,5,6\n\n");
        Assert.Equal(["1|2|3", "4|5|6"], run.Lines);
        Assert.Equal(3, run.Rows.Skipped);
        Assert.Equal([1, 4], run.Rows.Origins.Select(o => o.Line));
    }

    [Theory]
    [InlineData("x\n\n \ny\n", new[] { "x", "y" }, 2)]
    [InlineData("x\n\"\"\ny", new[] { "x", "''", "y" }, 0)]
    public async Task A_line_whose_only_field_is_null_is_skipped(string text, string[] expected, int skipped)
    {
        var run = await CsvRun.ReadAsync(text, columns: 1);
        Assert.Equal(expected, run.Lines);
        Assert.Equal(skipped, run.Rows.Skipped);
    }

    [Fact]
    public async Task Blanks_that_are_kept_make_a_row()
    {
        var run = await CsvRun.ReadAsync("x\n  \n\n", CsvRun.Comma with { TrimUnquotedBlanks = false }, columns: 1);
        Assert.Equal(["x", "  "], run.Lines);
        Assert.Equal(1, run.Rows.Skipped);
    }

    [Fact]
    public async Task An_empty_file_has_no_rows() => Assert.Empty((await CsvRun.ReadAsync("")).Lines);

    [Fact]
    public async Task Nul_bytes_are_passed_on() => Assert.Equal(["1|a\0b|3"], (await CsvRun.ReadAsync("1,a\0b,3\n")).Lines);

    [Fact]
    public async Task Skipped_lines_are_physical_lines()
    {
        var run = await CsvRun.ReadAsync("\"a\nb\",1,2\n3,4,5\n", CsvRun.Comma with { SkipLines = 2 });
        Assert.Equal(["3|4|5"], run.Lines);
        Assert.Equal(3, run.Rows.Origins[0].Line);
        Assert.Equal(10, run.Rows.Origins[0].ByteOffset);
    }

    [Fact]
    public async Task Skipping_more_lines_than_there_are_leaves_nothing() =>
        Assert.Empty((await CsvRun.ReadAsync("1,2,3\n4", CsvRun.Comma with { SkipLines = 7 })).Lines);
}
