using System.Globalization;
using Sluice.Diagnostics;

namespace Sluice.Cli.Output;

/// <summary>The folder of a run: reject files and the log. Unless one is named, each run has a new one that only its owner opens.</summary>
internal static class RunFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="written">The folder of <c>--root-dir</c>, or null.</param>
    /// <param name="currentDirectory">What a relative folder is relative to.</param>
    /// <param name="now">For the name of a new folder.</param>
    /// <exception cref="LoadStoppedException">The folder cannot be made.</exception>
    public static string Create(string? written, string currentDirectory, DateTimeOffset now)
    {
        try
        {
            return written is null ? CreateNew(now) : CreateWritten(Path.GetFullPath(written, currentDirectory));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadStoppedException(
                $"The folder for reject files and the log cannot be made: {fault.Message}",
                "name another with --root-dir, or set TMPDIR",
                fault);
        }
    }

    private static string CreateWritten(string path)
    {
        if (File.Exists(path))
        {
            throw new IOException($"{path} is a file");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }

        return path;
    }

    // The system makes the folder in one step, with random letters at its end and mode 0700: no link can be put in its place beforehand.
    private static string CreateNew(DateTimeOffset now)
    {
        var user = new string([.. Environment.UserName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')]);
        var stamp = now.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        return Directory.CreateTempSubdirectory($"sluice-{user}-{stamp}-{Environment.ProcessId}-").FullName;
    }
}
