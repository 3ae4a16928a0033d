using Microsoft.Extensions.Logging;

namespace Sluice.Diagnostics;

/// <content>3xx: connections and SQL.</content>
public static partial class Log
{
    [LoggerMessage(300, LogLevel.Debug, "Connected to {Place} as {User}, database {Database}, server {Version}, process {ProcessId}, sslmode={SslMode}")]
    public static partial void Connected(
        ILogger logger, string place, string user, string database, string version, int processId, string sslMode);

    [LoggerMessage(301, LogLevel.Warning, "{Message}")]
    public static partial void ConnectionWarning(ILogger logger, string message);

    [LoggerMessage(302, LogLevel.Information, "{Place}: {Reason}; trying again in {Delay} ms")]
    public static partial void ConnectionRetried(ILogger logger, string place, string reason, double delay);

    [LoggerMessage(303, LogLevel.Information, "The server says: {Message}")]
    public static partial void ServerNotice(ILogger logger, string message);

    [LoggerMessage(304, LogLevel.Warning, "The server warns: {Message}")]
    public static partial void ServerWarning(ILogger logger, string message);
}
