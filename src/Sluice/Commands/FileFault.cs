using System.Text;

namespace Sluice.Commands;

/// <summary>Says why a file could not be read as text, in words that do not depend on the system's language.</summary>
internal static class FileFault
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a UTF-8 file; other bytes are an error, not replaced.</summary>
    public static string ReadUtf8(string path) => File.ReadAllText(path, StrictUtf8);

    /// <summary>Whether <see cref="Reason"/> has words for an exception.</summary>
    public static bool Is(Exception error) => error is IOException or UnauthorizedAccessException or DecoderFallbackException;

    public static string Reason(string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        DecoderFallbackException => "it is not UTF-8",
        UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "permission denied",
        _ => "reading it failed",
    };
}
