using System.Text;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Tests.Copy.Records;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html, ESCAPE and REMOVEQUOTES.</summary>
public sealed class MarkedTextTests
{
    private static readonly RecordFormat Escape = new() { Escape = true };
    private static readonly RecordFormat RemoveQuotes = new() { RemoveQuotes = true };

    [Theory]
    [InlineData("1|The quick brown fox\\\njumped\n2|A\\\\B\n3|A\\|B\\|C\n", "1|The quick brown fox\njumped;2|A\\B;3|A|B|C")]
    [InlineData("\\012|\\n|\\x41\n", "012|n|x41")]
    [InlineData("a\\\r\nb\n", "a\r;b")]
    [InlineData("a\\\r\\\nb\n", "a\r\nb")]
    [InlineData("é\\é|x", "éé|x")]
    [InlineData("a||\n|", "a||;|")]
    [InlineData("a\\\n", "a\n")]
    public async Task A_backslash_takes_what_follows_as_it_is(string text, string expected)
    {
        Assert.Equal(expected, await Cut.TextAsync(text, Escape));
        Assert.Equal(expected, await Cut.TextAsync(text, Escape, pieceBytes: 1));
        Assert.Equal(expected, await Cut.TextAsync(text, Escape, pieceBytes: 1000));
    }

    [Fact]
    public async Task The_default_null_string_may_be_escaped_or_not() =>
        Assert.Equal("NULL|NULL|\\N x|N|\\\\N", await Cut.TextAsync("\\N|\\\\N|\\\\N x|N|\\\\\\\\N\n", Escape));

    [Fact]
    public async Task A_backslash_at_the_end_of_the_data_is_an_error() => Assert.Equal("a;!1216", await Cut.TextAsync("a\nb\\", Escape));

    [Theory]
    [InlineData("a\\\0b\nc\n")]
    [InlineData("a\0b\nc\n")]
    public async Task A_nul_byte_cannot_be_escaped(string text) => Assert.Equal("!1216;c", await Cut.TextAsync(text, Escape));

    [Theory]
    [InlineData("'The delimiter is a pipe (|) character'", "The delimiter is a pipe (|) character")]
    [InlineData("'Black'|\"White\"|Blue'|Red", "Black|White|Blue'|Red")]
    [InlineData("' ' 'Black' ' '", " ' 'Black' ' ")]
    [InlineData("' '|x", " |x")]
    [InlineData("''|\"\"|\"a'b\"|'a\"b'", "||a'b|a\"b")]
    [InlineData("'a''b'|'c'd'", "a''b|c'd")]
    [InlineData("x'a|b'", "x'a|b'")]
    public async Task A_pair_of_quotes_around_a_value_is_removed(string text, string expected)
    {
        Assert.Equal(expected, await Cut.TextAsync(text + "\n", RemoveQuotes));
        Assert.Equal(expected, await Cut.TextAsync(text, RemoveQuotes, pieceBytes: 1));
    }

    [Theory]
    [InlineData("'Blue\nx\n", "!1214;x")]
    [InlineData("a|\"Blue|b\nx\n", "!1214;x")]
    [InlineData("\"", "!1214")]
    [InlineData("'a\"\nx", "!1214;x")]
    public async Task An_opening_quote_without_a_closing_one_is_an_error(string text, string expected) => Assert.Equal(expected, await Cut.TextAsync(text, RemoveQuotes));

    [Fact]
    public async Task With_both_an_escaped_quote_is_kept() =>
        Assert.Equal("4|A Midsummer Night's Dream|'x'|a\"", await Cut.TextAsync("4|'A Midsummer Night\\'s Dream'|\\'x\\'|\"a\\\"\"\n", Escape with { RemoveQuotes = true }));

    [Theory]
    [InlineData("1  Köln  x\n22 Rom   y\r\n", "1  |Köln  |x;22 |Rom   |y")]
    [InlineData("1  Köln\n", "1  |Köln")]
    [InlineData("1  Köln  xy\n", "1  |Köln  |x|y")]
    [InlineData("\n1", ";1")]
    [InlineData("\\N Rom   \\\n", "NULL|Rom   |\\")]
    public async Task Fixed_widths_are_characters(string text, string expected) => Assert.Equal(expected, await Cut.TextAsync(text, new RecordFormat { Widths = [3, 6, 1] }));

    [Fact]
    public async Task Random_text_is_cut_alike_whatever_the_pieces()
    {
        var random = new Random(20261123);
        RecordFormat[] formats = [Escape, RemoveQuotes, Escape with { RemoveQuotes = true }, new() { Widths = [2, 3] }];
        for (var round = 0; round < 1500; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => "ab|\\\n\r\"'\0é N"[random.Next(12)]));
            var format = formats[round % formats.Length];
            var whole = await Cut.TextAsync(text, format, pieceBytes: 1000);

            Assert.Equal(whole, await Cut.TextAsync(text, format, pieceBytes: 1));
            Assert.Equal(whole, await Cut.TextAsync(text, format, pieceBytes: 7));
        }
    }

    [Fact]
    public async Task What_unload_escapes_comes_back()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => "ab|\\\n\r\"'é"[random.Next(9)])) + ".";
            var written = new StringBuilder();
            foreach (var letter in value)
            {
                written.Append("|\\\n\r\"'".Contains(letter, StringComparison.Ordinal) ? "\\" : "").Append(letter);
            }

            Assert.Equal(value + "|x", await Cut.TextAsync($"{written}|x\n", Escape));
            Assert.Equal(value + "|x", await Cut.TextAsync($"\"{written}\"|\"x\"\n", Escape with { RemoveQuotes = true }));
        }
    }
}
