using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Diagnostics;

namespace Sluice.Cli.Logging;

/// <summary>Writes log entries as text or as JSON, one a line.</summary>
internal static class LogFormat
{
    private const string Reset = "\x1b[0m";

    /// <summary>RFC 3339 with milliseconds and zone.</summary>
    public static string Time(DateTimeOffset time) => time.ToString(
        time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    /// <summary>Further lines of a message are indented, so that no value can look like an entry of its own.</summary>
    public static string Text(LogEntry entry, bool withTrace, bool withColor)
    {
        var level = withColor && Color(entry.Level) is { } color ? color + entry.Level + Reset : entry.Level;
        var text = new StringBuilder().Append(Time(entry.Time)).Append(' ').Append(level).Append(' ').Append(Safe(entry.Message));
        if (withTrace && entry.Trace is not null)
        {
            text.Append("\n    ").Append(Safe(entry.Trace));
        }

        return text.Append('\n').ToString();
    }

    public static string Json(LogEntry entry, bool withTrace)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.Default }))
        {
            json.WriteStartObject();
            json.WriteString("time", Time(entry.Time));
            json.WriteString("level", entry.Level.ToLowerInvariant());
            if (entry.EventId != 0)
            {
                json.WriteNumber("event", entry.EventId);
            }

            json.WriteString("message", entry.Message);
            if (entry.Values.Count > 0)
            {
                json.WriteStartObject("values");
                foreach (var (name, value) in entry.Values)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            if (withTrace && entry.Trace is not null)
            {
                json.WriteString("trace", entry.Trace);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static string Safe(string text) =>
        Printable.Escape(text.TrimEnd().ReplaceLineEndings("\n"), keepNewlines: true).Replace("\n", "\n    ", StringComparison.Ordinal);

    private static string? Color(string level) => level switch
    {
        "FATAL" or "ERROR" => "\x1b[31m",
        "WARNING" => "\x1b[33m",
        "PROGRESS" => "\x1b[36m",
        _ => null,
    };
}
