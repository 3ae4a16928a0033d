using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Runs.Summary;

/// <summary>pgloader's JSON summary, made valid: its keys, one inner array per command, the tables' names as text.</summary>
public static class PgloaderJsonSummary
{
    public static string Write(IReadOnlyList<SummaryReport> reports)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteSection(json, "PRELOAD", reports, SummarySection.Before);
            WriteSection(json, "DATA", reports, SummarySection.Data);
            WriteSection(json, "POSTLOAD", reports, SummarySection.After);
            json.WriteNumber("BYTES", reports.Sum(report => report.Bytes));
            WriteSeconds(json, "SECS", TimeSpan.FromTicks(reports.Sum(report => report.Elapsed.Ticks)));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteSection(Utf8JsonWriter json, string name, IReadOnlyList<SummaryReport> reports, SummarySection section)
    {
        json.WriteStartArray(name);
        foreach (var report in reports)
        {
            json.WriteStartArray();
            foreach (var row in report.Section(section))
            {
                WriteRow(json, row);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // START and STOP are clock ticks of pgloader's own; here they are microseconds from the line's start.
    private static void WriteRow(Utf8JsonWriter json, SummaryRow row)
    {
        json.WriteStartObject();
        json.WriteString("NAME", row.Label);
        json.WriteNumber("READ", row.Read);
        json.WriteNumber("ROWS", row.Loaded);
        json.WriteNumber("ERRS", row.Rejected);
        WriteSeconds(json, "SECS", row.Elapsed);
        WriteSeconds(json, "RS", row.ReadTime);
        WriteSeconds(json, "WS", row.WriteTime);
        json.WriteNumber("BYTES", row.Bytes);
        json.WriteNumber("START", 0);
        json.WriteNumber("STOP", (long)row.Elapsed.TotalMicroseconds);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(time.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture));
    }
}
