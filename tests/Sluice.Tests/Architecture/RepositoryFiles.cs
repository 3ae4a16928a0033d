using System.Runtime.CompilerServices;

namespace Sluice.Tests.Architecture;

/// <summary>A file of this repository: its path from the root with forward slashes, and its text.</summary>
public sealed record RepositoryFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');
}

/// <summary>The repository that these tests were built from.</summary>
public static class RepositoryFiles
{
    private static readonly string[] Ignored = ["artifacts", "build", "bin", "obj", "node_modules"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", ".."));

    /// <summary>The files below a folder that match a pattern, hidden folders and build output left out, in ordinal order.</summary>
    public static IReadOnlyList<RepositoryFile> Below(string folder, string pattern) =>
        [.. Walk(Path.Combine(Root, folder), pattern)
            .Select(path => new RepositoryFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>Fails with one line for each finding.</summary>
    public static void MustBeNone(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{all.Count} finding(s):\n" + string.Join('\n', all));
        }
    }

    private static IEnumerable<string> Walk(string folder, string pattern)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(folder, pattern))
        {
            yield return file;
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(child);
            if (name.StartsWith('.') || Ignored.Contains(name))
            {
                continue;
            }

            foreach (var file in Walk(child, pattern))
            {
                yield return file;
            }
        }
    }

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
