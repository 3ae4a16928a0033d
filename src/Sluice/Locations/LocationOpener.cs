using System.Text.RegularExpressions;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>Finds the inputs that a file location stands for.</summary>
/// <param name="openStandardInput">Opens standard input as bytes.</param>
/// <param name="http">How downloads behave; null for the defaults.</param>
public sealed class LocationOpener(Func<Stream> openStandardInput, HttpSettings? http = null)
{
    private static readonly string[] ArchiveExtensions = [".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".zip", ".tar", ".7z", ".rar", ".z", ".lzma"];

    /// <summary>The inputs in the order in which they are read. Looks at the file system; waits until a named pipe has a writer.</summary>
    /// <exception cref="SourceException">A file is missing or cannot be read, or nothing matches.</exception>
    public IReadOnlyList<InputFile> Resolve(FileLocation location) => location switch
    {
        FileLocation.LocalFile file => [Local(file.Path)],
        FileLocation.Matching matching => Matching(matching),
        FileLocation.Inline inline => [Inline(inline)],
        FileLocation.Http download => [Http(download.Address)],
        FileLocation.Stdin => [Once("stdin", "", openStandardInput)],
        _ => throw new InvalidOperationException($"Unknown location {location.GetType().Name}"),
    };

    private static InputFile Local(string path)
    {
        RefuseArchive(path, path);
        var stream = OpenLocal(path);
        if (!stream.CanSeek)
        {
            // A pipe is not opened twice: its writer would see the first reader go away.
            return Once(path, path, () => stream);
        }

        // The size of what is in a packed file is not known.
        var head = new byte[Packings.HeadBytes];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        long? bytes = Packings.Of(head.AsSpan(0, read)) == Packing.None ? stream.Length : null;
        stream.Dispose();
        return new InputFile(path, bytes, CanReopen: true, ct =>
        {
            var opened = OpenLocal(path);
            return UnpackingStream.OpenAsync(new OpenedInput(opened, opened.Length), path, Printable.Escape(path), ct);
        });
    }

    private static InputFile Once(string label, string name, Func<Stream> open) => new(label, null, CanReopen: false,
        ct => UnpackingStream.OpenAsync(new OpenedInput(new InterruptibleStream(open()), null), name, Printable.Escape(label), ct));

    private static FileStream OpenLocal(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unopened(path, failure);
        }
    }

    private static SourceException Unopened(string path, Exception failure)
    {
        var shown = Printable.Escape(path);
        if (Directory.Exists(path))
        {
            return new SourceException($"{shown} is a directory, not a file",
                "Name a file, or use ALL FILENAMES MATCHING ~/…/ IN DIRECTORY '…'", failure);
        }

        return failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => new SourceException($"File {shown} does not exist", Nearest(path), failure),
            UnauthorizedAccessException => new SourceException($"File {shown} cannot be read: permission denied",
                "Check the permissions of the file and of the folders above it", failure),
            _ => new SourceException($"File {shown} cannot be read: {failure.Message}", null, failure),
        };
    }

    private static string? Nearest(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (folder is null || !Directory.Exists(folder))
        {
            return folder is null ? null : $"The folder {Printable.Escape(folder)} does not exist either";
        }

        try
        {
            var names = Directory.EnumerateFiles(folder).Take(1000).Select(f => Path.GetFileName(f));
            return Suggest.Nearest(Path.GetFileName(path), names) is { } near ? $"Did you mean {Printable.Escape(near)}?" : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<InputFile> Matching(FileLocation.Matching matching)
    {
        var shown = Printable.Escape(matching.Directory);
        if (!Directory.Exists(matching.Directory))
        {
            throw new SourceException(
                File.Exists(matching.Directory) ? $"{shown} is a file, not a directory" : $"Directory {shown} does not exist");
        }

        List<string> names;
        try
        {
            names = [.. FileTree.Walk(matching.Directory).Where(name => matching.Pattern.IsMatch(name)).Order(StringComparer.Ordinal)];
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw new SourceException($"The regular expression {Printable.Escape(matching.Pattern.ToString())} takes too long on the file names below {shown}",
                null, failure);
        }

        if (names.Count == 0)
        {
            throw new SourceException($"No file below {shown} matches {Printable.Escape(matching.Pattern.ToString())}",
                "The expression is matched against each path below that directory, with / between folders");
        }

        return [.. (matching.All ? names : names.Take(1)).Select(name => Local(Path.Combine(matching.Directory, name)))];
    }

    private static InputFile Inline(FileLocation.Inline inline)
    {
        using var stream = OpenLocal(inline.Path);
        var bytes = Math.Max(0, stream.Length - inline.Offset);
        return new InputFile(inline.Path, bytes, CanReopen: true, ct => OpenInlineAsync(inline, ct));
    }

    // Reads up to the data to know the line it begins in.
    private static async Task<OpenedInput> OpenInlineAsync(FileLocation.Inline inline, CancellationToken ct)
    {
        var stream = OpenLocal(inline.Path);
        try
        {
            var line = 1L;
            var buffer = new byte[4096];
            for (var left = inline.Offset; left > 0;)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), ct).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                line += buffer.AsSpan(0, read).Count((byte)'\n');
                left -= read;
            }

            return new OpenedInput(stream, Math.Max(0, stream.Length - inline.Offset), inline.Offset, line);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private InputFile Http(Uri address)
    {
        var label = HttpDownload.Label(address);
        RefuseArchive(address.AbsolutePath, label);
        return new InputFile(label, null, CanReopen: false, async ct => await UnpackingStream.OpenAsync(
            await new HttpDownload(http ?? new HttpSettings()).OpenAsync(address, ct).ConfigureAwait(false), address.AbsolutePath, label, ct).ConfigureAwait(false));
    }

    private static void RefuseArchive(string name, string label)
    {
        var extension = Path.GetExtension(Packings.Unpacked(name)).Equals(".tar", StringComparison.OrdinalIgnoreCase) ? ".tar" : Path.GetExtension(name);
        if (ArchiveExtensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
        {
            throw new SourceException($"{Printable.Escape(label)} is a {extension} file: its content is not text that can be loaded",
                "Unpack it first, or load it from stdin: tar xzOf file.tgz | sluice …");
        }
    }
}
