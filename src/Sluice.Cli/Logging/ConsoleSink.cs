using Sluice.Cli.Output;

namespace Sluice.Cli.Logging;

/// <summary>The log on standard error. While a live display owns the terminal, lines go through it.</summary>
internal sealed class ConsoleSink(TerminalWriter error, bool isJson, bool withTrace, bool withColor) : ILogSink
{
    private readonly Lock _gate = new();
    private Action<string>? _display;

    public void Write(LogEntry entry)
    {
        var line = isJson ? LogFormat.Json(entry, withTrace) : LogFormat.Text(entry, withTrace, withColor);
        lock (_gate)
        {
            if (_display is not null)
            {
                _display(line);
            }
            else
            {
                error.WriteRaw(line);
            }
        }
    }

    /// <summary>From now on lines are given to <paramref name="display"/>; null ends that.</summary>
    public void Redirect(Action<string>? display)
    {
        lock (_gate)
        {
            _display = display;
        }
    }
}
