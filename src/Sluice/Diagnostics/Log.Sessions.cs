using Microsoft.Extensions.Logging;

namespace Sluice.Diagnostics;

/// <content>What the command line says about a session: ids 650 to 679.</content>
public static partial class Log
{
    [LoggerMessage(650, LogLevel.Information, "sluice {Version} starts; reject files below {RootDirectory}")]
    public static partial void SessionStarts(ILogger logger, string version, string rootDirectory);

    [LoggerMessage(651, LogLevel.Warning, "{Note}")]
    public static partial void OptionWithoutEffect(ILogger logger, string note);

    [LoggerMessage(652, LogLevel.Error, "{Message}")]
    public static partial void RunFailed(ILogger logger, string message);

    [LoggerMessage(653, LogLevel.Error, "{Message} (hint: {Hint})")]
    public static partial void RunFailedWithHint(ILogger logger, string message, string hint);

    [LoggerMessage(654, LogLevel.Critical, "This is a bug in Sluice: {Type}: {Message}")]
    public static partial void Bug(ILogger logger, string type, string message, Exception exception);

    [LoggerMessage(655, LogLevel.Error, "{Command}: the records read are not all loaded, rejected or skipped ({Missing} missing); "
        + "this is a bug in Sluice, please report it")]
    public static partial void CountersDisagree(ILogger logger, string command, long missing);

    [LoggerMessage(656, LogLevel.Warning, "Finishing the batches in flight; press Ctrl-C again to stop now")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(657, LogLevel.Warning, "Stopping now")]
    public static partial void Aborting(ILogger logger);

    [LoggerMessage(658, LogLevel.Warning, "Commands not started: {Count}")]
    public static partial void CommandsNotStarted(ILogger logger, int count);

    [LoggerMessage(659, LogLevel.Information, "The terminal is gone; the load goes on")]
    public static partial void HangUp(ILogger logger);

    [LoggerMessage(660, LogLevel.Information, "Summary written to {Path}")]
    public static partial void SummaryWritten(ILogger logger, string path);

    [LoggerMessage(661, LogLevel.Information, "{Command} ends with exit code {ExitCode}: "
        + "read {Read}, loaded {Loaded}, rejected {Rejected}, skipped {Skipped}")]
    public static partial void CommandEnds(
        ILogger logger, string command, int exitCode, long read, long loaded, long rejected, long skipped);
}
