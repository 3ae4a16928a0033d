using System.Runtime.CompilerServices;

namespace Sluice.Tests.Cli;

/// <summary>Compares text with a file under <c>expected/</c> next to the test; <c>UPDATE_EXPECTED=1</c> rewrites the file.</summary>
internal static class Snapshot
{
    public static void Check(string name, string text, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "expected", name);
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is missing; UPDATE_EXPECTED=1 writes it");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
