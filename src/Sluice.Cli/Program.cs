using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Cli.Arguments;
using Sluice.Diagnostics;

namespace Sluice.Cli;

/// <summary>Where it starts. Version and help are answered before anything else of the program is loaded.</summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["--version" or "-V"] => Print(VersionText.Write(ProgramName.Get() == "pgloader")),
        ["--help" or "-h"] => Help(),
        _ => Start(args),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Help() => Print(HelpText.Write(ProgramName.Get()));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Start(string[] args) => CommandLine.Run(args);

    private static int Print(string text)
    {
        try
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Encoding.UTF8.GetBytes(text));
            return (int)ExitCode.Success;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return (int)ExitCode.LoadFailed;
        }
    }
}
