using System.Text.RegularExpressions;

namespace Sluice.Tests.Architecture;

/// <summary>What the documents point at is there.</summary>
public static partial class DocumentRules
{
    // Commands a reader has, or is told to install.
    private static readonly string[] KnownCommands = ["sluice", "build/sluice", "build/redshift-local", "psql", "git", "cd", "apt-get", "cat", "export", "printf", "curl", "openssl", "s3cmd"];

    /// <summary>Links to files of the repository, and to headings in them.</summary>
    public static IEnumerable<string> CheckLinks(RepositoryFile file, Func<string, string?> read)
    {
        foreach (Match match in Link().Matches(CodeBlock().Replace(file.Text, "")))
        {
            var target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0 ? file.Path : Resolve(file.Path, parts[0]);
            var text = read(path);
            if (text is null)
            {
                yield return $"links: {file.Path}: {target} leads nowhere";
            }
            else if (parts.Length == 2 && path.EndsWith(".md", StringComparison.Ordinal) && !Anchors(text).Contains(parts[1]))
            {
                yield return $"links: {file.Path}: {target} names a heading that is not there";
            }
        }
    }

    /// <summary>Each command in a fenced sh block is a make target, a script of the repository or a known program.</summary>
    public static IEnumerable<string> CheckCommands(RepositoryFile file, string makefile, Func<string, string?> read)
    {
        var targets = Target().Matches(makefile).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (Match block in ShellBlock().Matches(file.Text))
        {
            foreach (var line in block.Groups[1].Value.Split('\n').Where(IsCommand))
            {
                var words = Quoted().Replace(line, "text").Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => Assignment().IsMatch(word)).ToArray();
                if (words.Length == 0)
                {
                    continue;
                }

                if (words[0] == "make")
                {
                    foreach (var target in words.Skip(1).TakeWhile(word => word != "#").Where(word => !Assignment().IsMatch(word) && !targets.Contains(word)))
                    {
                        yield return $"commands: {file.Path}: the Makefile has no target {target}";
                    }
                }
                else if (!KnownCommands.Contains(words[0]) && read(words[0].StartsWith("./", StringComparison.Ordinal) ? words[0][2..] : words[0]) is null)
                {
                    yield return $"commands: {file.Path}: {words[0]} is neither a script of the repository nor a known program";
                }
            }
        }
    }

    private static bool IsCommand(string line) => line.Length > 0 && line[0] is not (' ' or '#');

    private static string Resolve(string from, string target)
    {
        var folder = Path.GetDirectoryName(from) ?? "";
        return Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, target))).Replace('\\', '/');
    }

    // As GitHub makes them: lower case, blanks to hyphens, other signs dropped.
    private static HashSet<string> Anchors(string text) =>
        Heading().Matches(CodeBlock().Replace(text, ""))
            .Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
            .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("^([a-z][a-z-]*):", RegexOptions.Multiline)]
    private static partial Regex Target();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[A-Z_]+=")]
    private static partial Regex Assignment();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
