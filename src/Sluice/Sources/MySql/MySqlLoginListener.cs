using Microsoft.Extensions.Logging;

namespace Sluice.Sources.MySql;

/// <summary>Hears from the driver which authentication plugin the server asked for: its exceptions do not say.</summary>
internal sealed class MySqlLoginListener : ILoggerFactory, ILogger
{
    /// <summary>The last one that was named; null when the server did not get that far.</summary>
    public string? Plugin { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            if (name is "AuthenticationMethod" or "AuthPluginName" or "AuthenticationMethodName" && value is string { Length: > 0 } plugin)
            {
                Plugin = plugin;
            }
        }
    }

    public void Dispose()
    {
    }
}
