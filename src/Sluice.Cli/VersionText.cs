using System.Runtime.InteropServices;

namespace Sluice.Cli;

/// <summary>What <c>--version</c> prints.</summary>
internal static class VersionText
{
    /// <summary>The pgloader release whose command line and load files are understood.</summary>
    private const string PgloaderVersion = "3.6.10";

    public static string Number => BuildVersion.Number;

    /// <summary>Under the name pgloader the first line is one that scripts made for pgloader can read.</summary>
    public static string Write(bool isPgloader)
    {
        var runtime = ".NET " + Environment.Version.ToString(3) + ", " + RuntimeInformation.RuntimeIdentifier + "\n";
        return isPgloader
            ? "pgloader version \"" + PgloaderVersion + "\"\nprovided by sluice " + Number + ", " + runtime
            : "sluice " + Number + "\n" + runtime;
    }
}
