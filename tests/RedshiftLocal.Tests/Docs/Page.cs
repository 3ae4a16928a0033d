using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace RedshiftLocal.Tests.Docs;

/// <summary>docs/redshift-local.md: its blocks of code and its tables.</summary>
internal sealed partial class Page
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    public Page() => Text = File.ReadAllText(FilePath);

    public static string FilePath => Path.Combine(Root, "docs", "redshift-local.md");

    public string Text { get; }

    /// <summary>Fenced blocks in their order.</summary>
    public IReadOnlyList<Block> Blocks =>
        [.. Fenced().Matches(Text).Select(match => new Block(match.Groups["kind"].Value, match.Groups["text"].Value, match.Groups["text"].Index))];

    /// <summary>The names in backticks in the first column of the table below a heading.</summary>
    public IReadOnlyList<string> FirstColumn(string heading)
    {
        var start = Text.IndexOf("\n" + heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, "There is no heading " + heading);
        var rows = Text[(start + heading.Length + 2)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2);
        return [.. rows.SelectMany(row => Name().Matches(ColumnEnd().Split(row)[1]).Select(match => match.Groups[1].Value))];
    }

    /// <summary>The program's sources, joined.</summary>
    public static string Sources() => string.Join('\n', Directory.EnumerateFiles(Path.Combine(Root, "tools", "RedshiftLocal"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("^```(?<kind>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fenced();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex ColumnEnd();
}

/// <summary>A fenced block; where its text begins in the page.</summary>
internal sealed record Block(string Kind, string Text, int Index);
