using System.Text.RegularExpressions;

namespace RedshiftLocal.Tests.Docs;

/// <summary>What the page of redshift-local says is so. UPDATE_EXPECTED=1 writes the output of its samples into it.</summary>
public sealed partial class DocumentTests(RedshiftLocalServer fixture)
{
    [Fact]
    public async Task The_samples_give_what_the_page_shows()
    {
        RedshiftLocalServer.RequirePostgres();
        var page = new Page();
        var written = page.Text;
        await using var run = new SampleRun(fixture.NewFolder());
        var output = "";
        foreach (var block in page.Blocks)
        {
            if (block.Kind != "text")
            {
                output = await run.RunAsync(block);
                continue;
            }

            if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
            {
                var at = block.Index + written.Length - page.Text.Length;
                written = written[..at] + Shown(output) + written[(at + block.Text.Length)..];
                continue;
            }

            Assert.Equal(SampleRun.WithoutNumbers(block.Text), SampleRun.WithoutNumbers(Shown(output)));
        }

        if (written != page.Text)
        {
            await File.WriteAllTextAsync(Page.FilePath, written, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Each_option_is_listed()
    {
        var listed = new Page().FirstColumn("## Options").Select(name => name.Split(' ')[0]).Order(StringComparer.Ordinal);
        var known = CommandLine.Build().Options.Select(option => option.Name).Where(name => name is not ("--help" or "--version")).Order(StringComparer.Ordinal);

        Assert.Equal(known, listed);
    }

    [Fact]
    public void Each_message_of_the_start_is_explained_and_none_else()
    {
        var sources = Page.Sources();
        var listed = new Page().FirstColumn("## When it does not start");
        var explained = listed.Select(message => message.Split('…')[0].Trim()).Where(start => start.Length > 0).ToList();

        Assert.All(listed.SelectMany(message => message.Split('…')).Select(piece => piece.Trim()).Where(piece => piece.Length > 0),
            piece => Assert.True(piece.StartsWith("--", StringComparison.Ordinal) || sources.Contains(piece, StringComparison.Ordinal), $"No message has \"{piece}\""));
        foreach (var message in Thrown().Matches(sources).Select(match => match.Groups[1].Value).Where(message => message.Length > 8))
        {
            Assert.True(
                explained.Any(start => message.StartsWith(start, StringComparison.Ordinal) || start.StartsWith(message.Trim(), StringComparison.Ordinal)),
                $"The page does not explain \"{message}\"");
        }
    }

    // Trailing blanks of psql's columns are not kept.
    private static string Shown(string output) =>
        string.Concat(output.TrimEnd().Split('\n').Select(line => line.TrimEnd() + "\n"));

    // The literal up to the first value in it.
    [GeneratedRegex("""new StartException\(\s*\$?"([^"{]*)""")]
    private static partial Regex Thrown();
}
