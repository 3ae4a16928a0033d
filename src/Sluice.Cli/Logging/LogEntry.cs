namespace Sluice.Cli.Logging;

/// <summary>One line of the log.</summary>
/// <param name="Time">With the local zone.</param>
/// <param name="Level">As shown: <c>WARNING</c>, or <c>PROGRESS</c> for a line that is not a message.</param>
/// <param name="EventId">Of the message, or 0.</param>
/// <param name="Message">May have several lines.</param>
/// <param name="Values">The message's parts by name, as text.</param>
/// <param name="Trace">A stack trace for the developers, or null.</param>
internal sealed record LogEntry(
    DateTimeOffset Time, string Level, int EventId, string Message, IReadOnlyList<KeyValuePair<string, string?>> Values, string? Trace)
{
    public LogEntry(DateTimeOffset time, string level, string message)
        : this(time, level, 0, message, [], null)
    {
    }
}
