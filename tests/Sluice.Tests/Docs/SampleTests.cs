using Sluice.Cli.Arguments;
using Sluice.Diagnostics;
using Sluice.Tests.Architecture;
using Sluice.Tests.Commands;

namespace Sluice.Tests.Docs;

/// <summary>What a reader copies out of a document works: load files are bound, command lines are understood.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> ExampleFiles =>
        [.. RepositoryFiles.Below("examples", "*.load").Select(file => file.Path)];

    public static TheoryData<string, string> CommandLines
    {
        get
        {
            var lines = new TheoryData<string, string>();
            foreach (var file in Documents.All)
            {
                foreach (var line in Documents.Blocks(file).Where(block => block.Kind == "sh").SelectMany(block => Commands(block.Text)))
                {
                    lines.Add(file.Path, line);
                }
            }

            return lines;
        }
    }

    [Theory]
    [MemberData(nameof(ExampleFiles))]
    public void An_example_file_is_valid_without_warnings(string path) =>
        Assert.All(
            ValidCommandTests.Reader().ReadFiles([Path.Combine(RepositoryFiles.Root, path)]),
            spec => Assert.DoesNotContain(spec.Diagnostics, found => found.Severity != DiagnosticSeverity.Note));

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void A_command_line_in_a_document_is_understood(string file, string line)
    {
        var arguments = ArgumentParser.Parse(ShellWords.Split(line), isPgloader: false);
        Assert.True(!arguments.Warnings.Any(), $"{file}: {line}: {string.Join("; ", arguments.Warnings)}");
    }

    [Fact]
    public void Every_example_is_listed()
    {
        var list = Documents.Named("examples/README.md").Text;
        Assert.All(RepositoryFiles.Below("examples", "*.load"), file => Assert.Contains($"({Path.GetFileName(file.Path)})", list, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_page_is_listed_in_the_index()
    {
        var index = Documents.Named("docs/README.md").Text;
        Assert.All(
            RepositoryFiles.Below("docs", "*.md").Where(file => file.Path != "docs/README.md" && Path.GetDirectoryName(file.Path) == "docs"),
            file => Assert.Contains($"({Path.GetFileName(file.Path)})", index, StringComparison.Ordinal));
    }

    // Otherwise no test would read them.
    [Fact]
    public void Whole_commands_are_marked_as_load_files() =>
        RepositoryFiles.MustBeNone(
            from file in Documents.All
            from block in Documents.Blocks(file)
            where block.Kind != "load" && block.Text.Split('\n').Any(line => line.StartsWith("LOAD ", StringComparison.Ordinal))
            select $"{file.Path}:{block.Line}: write ```load");

    // The words after `sluice`, with or without a path, at the start of a line or after a pipe.
    private static IEnumerable<string> Commands(string block) =>
        from line in block.Split('\n')
        from part in ShellWords.Pipeline(line)
        let words = part.Trim()
        let program = ShellWords.Split(words).SkipWhile(word => word.Contains('=', StringComparison.Ordinal)).FirstOrDefault()
        where program is "sluice" or "build/sluice"
        select words[(words.IndexOf(program, StringComparison.Ordinal) + program.Length)..];
}
