namespace Sluice.Cli.Logging;

/// <summary>Takes log entries. Thread-safe; never throws, for a load does not fail for its log.</summary>
internal interface ILogSink
{
    void Write(LogEntry entry);
}
