using System.Runtime.CompilerServices;

namespace Sluice.Tests.Commands;

/// <summary>Compares a text with a kept one; UPDATE_EXPECTED=1 rewrites it.</summary>
internal static class Snapshot
{
    public static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here) ?? throw new InvalidOperationException();

    public static void Matches(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "");
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; run with UPDATE_EXPECTED=1 and review it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
