using Microsoft.Extensions.Logging;

namespace Sluice.Diagnostics;

/// <summary>
/// Every message the engine logs. Levels: Critical = fatal, Error, Warning, Information = notice (what a user follows),
/// Debug = info (each step and its SQL), Trace = debug (each batch). Nothing per row, never a secret. Ids: 1xx commands,
/// 2xx sources and locations, 3xx connections and SQL, 4xx copying, 5xx rejects, 6xx runs.
/// </summary>
public static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "Loading {Source} into {Target}")]
    public static partial void LoadStarts(ILogger logger, string source, string target);
}
