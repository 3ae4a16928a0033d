namespace Sluice.Cli;

/// <summary>The name the program was started under: a link called <c>pgloader</c> changes what it prints and returns.</summary>
internal static class ProgramName
{
    /// <summary>What the shell called: the managed runtime only tells the file behind the links.</summary>
    public static string Get()
    {
        try
        {
            var commandLine = File.ReadAllBytes("/proc/self/cmdline");
            var end = Array.IndexOf(commandLine, (byte)0);
            return From(System.Text.Encoding.UTF8.GetString(commandLine, 0, end < 0 ? commandLine.Length : end));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return From(Environment.GetCommandLineArgs()[0]);
        }
    }

    /// <summary><c>pgloader</c> for a path that ends in it, with or without <c>.exe</c>; <c>sluice</c> for all others.</summary>
    public static string From(string path) =>
        string.Equals(Path.GetFileNameWithoutExtension(path), "pgloader", StringComparison.Ordinal) ? "pgloader" : "sluice";
}
