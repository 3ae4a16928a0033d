using System.Text;
using Sluice.Commands;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvGuessTests
{
    [Theory]
    [InlineData("1\t2,x\t3\n", "1|2,x|3")]
    [InlineData("1,2;x,3\n", "1|2;x|3")]
    [InlineData("1;2|x;3\n", "1|2|x|3")]
    [InlineData("1|2|3\n", "1|2|3")]
    [InlineData("1%2%3\n", "1|2|3")]
    [InlineData("1^2^3\n", "1|2|3")]
    [InlineData("1!2!3\n", "1|2|3")]
    [InlineData("1$2$3\n", "1|2|3")]
    [InlineData("1,\"a,\"\"b\",3\n", "1|a,\"b|3")]
    [InlineData("1,\"a,\\\"b\",3\n", "1|a,\"b|3")]
    [InlineData("1,\"a\nb\",3\n", "1|a\nb|3")]
    public async Task The_separator_that_gives_one_field_for_each_column_is_taken(string text, string expected) =>
        Assert.Equal([expected, "7|8|9"], (await CsvRun.ReadAsync(text + Same(text), new CsvOptions())).Lines);

    [Fact]
    public async Task The_choice_is_told()
    {
        Assert.Equal(["Fields of data.csv are taken to be separated by ','"], (await CsvRun.ReadAsync("1,2,3\n", new CsvOptions())).Notices.Texts);
        Assert.Equal(["Fields of data.csv are taken to be separated by TAB"], (await CsvRun.ReadAsync("1\t2\t3\n", new CsvOptions())).Notices.Texts);
        Assert.Empty((await CsvRun.ReadAsync("", new CsvOptions())).Notices.Texts);
    }

    [Fact]
    public async Task Where_nothing_fits_tab_is_taken()
    {
        var run = await CsvRun.ReadAsync("1 2 3\n4 5 6\n", new CsvOptions());
        Assert.Equal(["1 2 3|-|-", "4 5 6|-|-"], run.Lines);
        Assert.StartsWith("No separator gives every line of data.csv one field for each column; TAB is used", run.Notices.Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_bad_records_do_not_spoil_the_guess()
    {
        var text = string.Concat(Enumerable.Repeat("1;2;3\n", 20)) + "4;5\n1;2;3;4\n";
        Assert.Equal(22, (await CsvRun.ReadAsync(text, new CsvOptions())).Lines.Count(l => l.StartsWith("1|2|3", StringComparison.Ordinal) || l == "4|5|-"));
    }

    [Fact]
    public async Task A_written_quote_is_left_alone()
    {
        var options = new CsvOptions { Quote = "'", IsQuotingWritten = true };
        Assert.Equal(["1|a,b|\"3"], (await CsvRun.ReadAsync("1,'a,b',\"3\n", options)).Lines);
    }

    [Fact]
    public async Task The_header_is_split_by_the_guessed_separator()
    {
        var run = await CsvRun.ReadAsync("c;b;a\n3;2;1\n", new CsvOptions { HasHeader = true });
        Assert.Equal(["1|2|3"], run.Lines);
    }

    [Fact]
    public async Task A_header_that_names_fewer_columns_guides_the_guess()
    {
        var run = await CsvRun.ReadAsync("c;x,y\n3;2,5\n", new CsvOptions { HasHeader = true });
        Assert.Equal(["3"], run.Lines);
        Assert.Equal(["c"], run.Units[0].Columns);
    }

    [Fact]
    public async Task Skipped_lines_are_not_part_of_the_sample() =>
        Assert.Equal(["1|2|3"], (await CsvRun.ReadAsync("a file; made by x\n1,2,3\n", new CsvOptions { SkipLines = 1 })).Lines);

    [Fact]
    public async Task Columns_count_before_fields_and_fields_count_after_them()
    {
        var settings = CsvRun.Settings("1,2,3,4\n"u8.ToArray(), new CsvOptions(), "a", "b", "c") with
        {
            Fields = [.. new[] { "a", "x", "b", "c" }.Select(n => new FieldSpec { Name = n })],
        };
        Assert.Equal(["1|3|4"], (await CsvRun.ReadAsync(settings)).Lines);
    }

    [Fact]
    public async Task Guessing_and_a_header_work_on_input_that_is_read_once()
    {
        var bytes = Encoding.UTF8.GetBytes("a|b|c\n" + string.Concat(Enumerable.Repeat("1|2|3\n", 5000)));
        var settings = CsvRun.Settings(bytes, new CsvOptions { HasHeader = true }, "a", "b", "c") with
        {
            Inputs = [CsvRun.Input(bytes, "stdin", () => 1000, canReopen: false)],
        };
        var run = await CsvRun.ReadAsync(settings);
        Assert.Equal(5000, run.Lines.Length);
        Assert.All(run.Lines, l => Assert.Equal("1|2|3", l));
    }

    private static string Same(string text) =>
        string.Join(new[] { '\t', ',', ';', '|', '%', '^', '!', '$' }.First(c => text[1] == c), "789".Select(c => c.ToString())) + "\n";
}
