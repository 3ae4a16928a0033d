using Sluice.Diagnostics;

namespace Sluice.Runs.Summary;

/// <summary>The table of a text summary: right-aligned columns, two blanks apart, as pgloader's users know it.</summary>
internal sealed class SummaryTable(TextWriter output, IReadOnlyList<string> headers, IReadOnlyList<int> widths)
{
    public const string Footer = "Total import time";

    /// <summary>The footer's cell for errors: a tick only when nothing went wrong.</summary>
    public static string Verdict(SummaryReport report) =>
        report.Rejected > 0 ? SummaryFormats.Cell(report.Rejected) : report.ExitCode == ExitCode.Success ? "✓" : "✗";

    /// <summary>The label column takes the longest label; others keep at least their usual width.</summary>
    public static int LabelWidth(SummaryReport report) =>
        Math.Max(Footer.Length, report.Rows.Select(row => Label(row.Label).Length).DefaultIfEmpty(0).Max());

    /// <summary>Labels come from databases: nothing in them may move the cursor.</summary>
    public static string Label(string label) => Printable.Escape(label);

    public void WriteHeader()
    {
        Write(headers, blankTail: 0);
        WriteRule();
    }

    public void WriteRule() => output.Write(string.Join("  ", widths.Select(width => new string('-', width))) + "\n");

    /// <summary>One line as pgloader writes it: the last <paramref name="blankTail"/> columns take no room when they are empty.</summary>
    public void Write(IReadOnlyList<string> cells, int blankTail) => output.Write(Line(cells, blankTail) + "\n");

    /// <summary>One line without blanks at its end.</summary>
    public void WriteTrimmed(IReadOnlyList<string> cells) => output.Write(Line(cells, blankTail: 0).TrimEnd() + "\n");

    private string Line(IReadOnlyList<string> cells, int blankTail) => string.Join(
        "  ", cells.Select((cell, i) => cell.Length == 0 && i >= cells.Count - blankTail ? "" : cell.PadLeft(widths[i])));
}
