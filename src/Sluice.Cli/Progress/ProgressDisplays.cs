using Sluice.Cli.Arguments;
using Sluice.Cli.Logging;
using Sluice.Cli.Output;
using Sluice.Runs;

namespace Sluice.Cli.Progress;

/// <summary>Chooses how progress is shown.</summary>
internal static class ProgressDisplays
{
    /// <summary>Shows the run's progress until the result is disposed; null when nothing is to be shown.</summary>
    public static IAsyncDisposable? Start(RunProgress progress, CommandArguments arguments, ConsoleSink sink, CommandHost host) =>
        Choose(arguments, host) switch
        {
            ProgressMode.Bar => new LiveProgress(progress, sink, host, host.UsesColor(arguments.Color)),
            ProgressMode.Lines => new LineProgress(progress, sink, host.Time),
            _ => null,
        };

    /// <summary>By itself: a display on a terminal that can show one, lines elsewhere, nothing when only errors are wanted.</summary>
    public static ProgressMode Choose(CommandArguments arguments, CommandHost host) => arguments.Progress switch
    {
        ProgressMode.Auto when arguments.ConsoleLevel >= Microsoft.Extensions.Logging.LogLevel.Error => ProgressMode.Off,
        ProgressMode.Auto when host.IsErrorTerminal && !host.IsDumbTerminal && !arguments.IsLogJson => ProgressMode.Bar,
        ProgressMode.Auto => ProgressMode.Lines,
        var written => written,
    };
}
