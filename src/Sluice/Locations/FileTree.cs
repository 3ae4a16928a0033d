using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>Lists the files below a folder, each folder once, however many links lead to it.</summary>
internal static class FileTree
{
    /// <summary>Paths relative to the root, with <c>/</c>. Real folders come before linked ones, so that files keep their real names.</summary>
    public static IEnumerable<string> Walk(string root)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal) { RealPath(new DirectoryInfo(root)) };
        var links = new Queue<(DirectoryInfo Folder, string Name)>();
        var folders = new Queue<(DirectoryInfo Folder, string Name)>();
        folders.Enqueue((new DirectoryInfo(root), ""));
        while (folders.Count > 0 || links.Count > 0)
        {
            var (folder, name) = folders.Count > 0 ? folders.Dequeue() : links.Dequeue();
            if (name.Length > 0 && !visited.Add(RealPath(folder)))
            {
                continue;
            }

            foreach (var entry in Entries(folder))
            {
                var path = name + entry.Name;
                if (entry is not DirectoryInfo below)
                {
                    yield return path;
                }
                else
                {
                    (below.LinkTarget is null ? folders : links).Enqueue((below, path + "/"));
                }
            }
        }
    }

    private static List<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        try
        {
            var all = new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = 0, RecurseSubdirectories = false };
            return [.. folder.EnumerateFileSystemInfos("*", all).OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new SourceException($"Directory {Printable.Escape(folder.FullName)} cannot be read: permission denied", null, failure);
        }
        catch (IOException failure)
        {
            throw new SourceException($"Directory {Printable.Escape(folder.FullName)} cannot be read: {failure.Message}", null, failure);
        }
    }

    private static string RealPath(DirectoryInfo folder)
    {
        try
        {
            var target = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
            return Path.TrimEndingDirectorySeparator(target);
        }
        catch (IOException)
        {
            return Path.TrimEndingDirectorySeparator(folder.FullName);
        }
    }
}
