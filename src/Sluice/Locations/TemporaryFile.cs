using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>A file in a folder of its own that only its owner may open; both are gone on dispose.</summary>
public sealed class TemporaryFile : IDisposable
{
    private readonly string _folder;

    private TemporaryFile(string folder) => _folder = folder;

    public string Path => System.IO.Path.Combine(_folder, "file");

    /// <exception cref="SourceException">There is no room for it.</exception>
    public static TemporaryFile Create()
    {
        try
        {
            return new TemporaryFile(Directory.CreateTempSubdirectory("sluice-source-").FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(e);
        }
    }

    /// <summary>A new stream into it; the file is empty.</summary>
    /// <exception cref="SourceException">It cannot be made.</exception>
    public FileStream OpenWrite()
    {
        try
        {
            return new FileStream(Path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(e);
        }
    }

    /// <summary>What a user is told when it cannot be written.</summary>
    public static SourceException Fault(Exception inner) =>
        new($"No temporary file can be written in {System.IO.Path.GetTempPath()}: {Printable.Escape(inner.Message)}", "free space there, or name another folder with TMPDIR", inner);

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or someone else holds it: nothing that a load depends on.
        }
    }
}
