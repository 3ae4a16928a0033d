using System.Globalization;
using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Cli.Logging;

/// <summary>Hands the engine's messages to the terminal and the log file, each from its own level on.</summary>
internal sealed class SluiceLogger(TimeProvider time, params IReadOnlyList<(ILogSink Sink, LogLevel Least)> sinks) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && sinks.Any(sink => logLevel >= sink.Least);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var entry = new LogEntry(
            time.GetLocalNow(), LogLevels.Name(logLevel), eventId.Id, formatter(state, exception), Values(state), exception?.ToString());
        foreach (var (sink, least) in sinks)
        {
            if (logLevel >= least)
            {
                sink.Write(entry);
            }
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string?>> Values<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> values
            ? [.. values.Where(value => value.Key != "{OriginalFormat}")
                .Select(value => KeyValuePair.Create(value.Key, Convert.ToString(value.Value, CultureInfo.InvariantCulture)))]
            : [];
}
