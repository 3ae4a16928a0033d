using Microsoft.Extensions.Logging;

namespace Sluice.Diagnostics;

/// <summary>Messages about rows on their way into the target.</summary>
public static partial class Log
{
    [LoggerMessage(400, LogLevel.Trace, "{Table}: batch {Batch} loaded, {Rows} rows")]
    public static partial void BatchLoaded(ILogger logger, string table, long batch, long rows);

    [LoggerMessage(401, LogLevel.Information, "{Table}: batch {Batch} is sent again: {Reason}")]
    public static partial void BatchRetried(ILogger logger, string table, long batch, string reason);

    [LoggerMessage(402, LogLevel.Warning, "{Table}: the connection was lost: {Reason}")]
    public static partial void ConnectionLost(ILogger logger, string table, string reason);

    [LoggerMessage(403, LogLevel.Warning, "{Table}: connected again; the batch in flight was {Outcome}")]
    public static partial void OutcomeKnown(ILogger logger, string table, string outcome);

    [LoggerMessage(404, LogLevel.Warning, "{Table}: reading stopped on request; the rows read so far are being loaded")]
    public static partial void ReadingStopped(ILogger logger, string table);

    [LoggerMessage(405, LogLevel.Warning, "{Table}: the server has been busy with one statement for {Seconds} seconds. Perhaps another session holds a lock: "
        + "SELECT pid, pg_blocking_pids(pid), wait_event_type, query FROM pg_stat_activity WHERE application_name = 'sluice'")]
    public static partial void ServerTakesLong(ILogger logger, string table, int seconds);

    [LoggerMessage(406, LogLevel.Warning, "{Table}: the server has no room for writer {Writer}; the load goes on with fewer")]
    public static partial void WriterWithoutConnection(ILogger logger, string table, int writer);

    [LoggerMessage(310, LogLevel.Debug, "{Step}: {Sql} ({Seconds:F3} s)")]
    public static partial void SqlExecuted(ILogger logger, string step, string sql, double seconds);
}
