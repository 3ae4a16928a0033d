namespace Sluice.Tests.Postgres;

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sluice-test-").FullName;

    /// <param name="name">May hold sub-folders.</param>
    /// <param name="text">The content.</param>
    /// <param name="mode">Permissions, as octal digits.</param>
    public string Write(string name, string text, string mode = "600")
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }

        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
