using System.Text.RegularExpressions;
using Sluice.Tests.Architecture;

namespace Sluice.Tests.Docs;

/// <summary>The documents of the repository, and the blocks of code in them.</summary>
internal static partial class Documents
{
    public static IReadOnlyList<RepositoryFile> All { get; } = RepositoryFiles.Below("", "*.md");

    public static RepositoryFile Named(string path) => All.Single(file => file.Path == path);

    /// <summary>Fenced blocks: the word after the fence, the text, and the 1-based line of the fence.</summary>
    public static IEnumerable<(string Kind, string Text, int Line)> Blocks(RepositoryFile file) =>
        Fenced().Matches(file.Text).Select(match =>
            (match.Groups["kind"].Value, match.Groups["text"].Value, file.Text.AsSpan(0, match.Index).Count('\n') + 1));

    /// <summary>The names in backticks in the first column of the table below a heading.</summary>
    public static IReadOnlyList<string> FirstColumn(RepositoryFile file, string heading)
    {
        var start = file.Text.IndexOf("\n" + heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{file.Path} has no heading {heading}");
        var rows = file.Text[(start + heading.Length + 2)..].Split('\n')
            .SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2);
        return [.. rows.SelectMany(row => Name().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value))];
    }

    [GeneratedRegex("^```(?<kind>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
