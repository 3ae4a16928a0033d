using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Runs.Summary;

/// <summary>The summary as CSV (<c>"label";read;rows;errors;bytes;"0.123s"</c>) or as COPY text, like pgloader's: no header, no final newline.</summary>
public static class DelimitedSummary
{
    public static string Csv(IEnumerable<SummaryReport> reports) =>
        string.Join('\n', Rows(reports).Select(row => Line(row, ';', $"\"{EscapeQuotes(row.Label)}\"")));

    public static string Copy(IEnumerable<SummaryReport> reports) =>
        string.Join('\n', Rows(reports).Select(row => Line(row, '\t', EscapeCopy(row.Label))));

    private static IEnumerable<SummaryRow> Rows(IEnumerable<SummaryReport> reports) =>
        reports.SelectMany(report => Enum.GetValues<SummarySection>().SelectMany(report.Section));

    private static string Line(SummaryRow row, char separator, string label) => new StringBuilder(label)
        .Append(separator).Append(SummaryFormats.Cell(row.Read))
        .Append(separator).Append(SummaryFormats.Cell(row.Loaded))
        .Append(separator).Append(SummaryFormats.Cell(row.Rejected))
        .Append(separator).Append(SummaryFormats.Cell(row.Bytes))
        .Append(separator).Append('"').Append(SummaryFormats.Time(row.Elapsed)).Append('"').ToString();

    private static string EscapeQuotes(string label) =>
        Printable.Escape(label).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string EscapeCopy(string label) => label
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
