using Microsoft.Extensions.Logging;

namespace Sluice.Diagnostics;

/// <summary>pgloader's names of log levels, and what they are here (see <see cref="Log"/>).</summary>
public static class LogLevels
{
    /// <summary>The names that options take, most severe first.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["panic", "fatal", "log", "error", "warning", "notice", "sql", "info", "debug", "data"];

    /// <summary>The least severe level that a threshold of this name lets through, or null when there is no such name.</summary>
    public static LogLevel? Parse(string name) => name.ToLowerInvariant() switch
    {
        "panic" or "fatal" or "log" or "critical" => LogLevel.Critical,
        "error" => LogLevel.Error,
        "warning" => LogLevel.Warning,
        "notice" => LogLevel.Information,
        "sql" or "info" => LogLevel.Debug,
        "debug" or "data" => LogLevel.Trace,
        _ => null,
    };

    /// <summary>The name that log lines show.</summary>
    public static string Name(LogLevel level) => level switch
    {
        LogLevel.Critical => "FATAL",
        LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARNING",
        LogLevel.Information => "NOTICE",
        LogLevel.Debug => "INFO",
        _ => "DEBUG",
    };
}
