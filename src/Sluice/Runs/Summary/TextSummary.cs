using System.Globalization;
using Sluice.Diagnostics;

namespace Sluice.Runs.Summary;

/// <summary>Sluice's text summary: the table that pgloader's users paste everywhere, then what happened in words.</summary>
public static class TextSummary
{
    private const int ReasonsShown = 3;

    private static readonly string[] Headers = ["table name", "errors", "rows", "bytes", "total time"];
    private static readonly string[] VerboseHeaders =
        ["table name", "errors", "read", "imported", "skipped", "bytes", "total time", "MB/s", "read", "write"];

    /// <summary>The table and the words below it.</summary>
    public static void Write(SummaryReport report, TextWriter output, bool verbose)
    {
        WriteTable(report, output, verbose);
        output.Write("\n");
        WriteOutcome(report, output);
    }

    /// <summary>Only the words: the check of the counters, how it ended, where the rejects are and why.</summary>
    public static void WriteOutcome(SummaryReport report, TextWriter output)
    {
        foreach (var notice in report.Notices)
        {
            Line($"notice: {Text(notice)}");
        }

        Line(Balance(report));
        Line(Sentence(report));
        foreach (var failure in report.Failures)
        {
            Line($"  failed: {Text(failure.Message)}");
            if (failure.Hint is not null)
            {
                Line($"    hint: {Text(failure.Hint)}");
            }
        }

        foreach (var (reason, count) in report.RejectReasons.Take(ReasonsShown))
        {
            Line($"  {SummaryFormats.Count(count),9} × {Text(reason)}");
        }

        if (report.RejectReasons.Length > ReasonsShown)
        {
            var others = report.RejectReasons.Skip(ReasonsShown).Sum(reason => reason.Count);
            Line($"  {SummaryFormats.Count(others),9} × other reasons");
        }

        foreach (var file in report.RejectFiles)
        {
            Line($"  rejects: {Text(file)}");
        }

        void Line(string line) => output.Write(line + "\n");
    }

    private static void WriteTable(SummaryReport report, TextWriter output, bool verbose)
    {
        string[][] sections = [.. Enum.GetValues<SummarySection>()
            .SelectMany(section => report.Section(section).Select(row => Cells(row, verbose)))];
        var footer = FooterCells(report, verbose);
        var headers = verbose ? VerboseHeaders : Headers;
        int[] least = verbose ? [0, 9, 9, 9, 9, 9, 14, 9, 9, 9] : [0, 9, 9, 9, 14];
        int[] widths = [.. least.Select((width, i) => Math.Max(width, sections.Append(footer).Max(cells => cells[i].Length)))];
        var table = new SummaryTable(output, headers, widths);
        table.WriteHeader();
        foreach (var section in Enum.GetValues<SummarySection>())
        {
            string[][] lines = [.. report.Section(section).Select(row => Cells(row, verbose))];
            foreach (var line in lines)
            {
                table.WriteTrimmed(line);
            }

            if (lines.Length > 0)
            {
                table.WriteRule();
            }
        }

        table.WriteTrimmed(footer);
    }

    private static string[] Cells(SummaryRow row, bool verbose) => Cells(
        SummaryTable.Label(row.Label), SummaryFormats.Cell(row.Rejected), row.Read, row.Loaded, row.Skipped, row.Bytes, row.Elapsed,
        verbose, SummaryFormats.TimeOrEmpty(row.ReadTime), SummaryFormats.TimeOrEmpty(row.WriteTime));

    private static string[] FooterCells(SummaryReport report, bool verbose) => Cells(
        SummaryTable.Footer, SummaryTable.Verdict(report), report.Read, report.Loaded,
        report.Skipped, report.Bytes, report.Elapsed, verbose, "", "");

    private static string[] Cells(
        string label, string errors, long read, long loaded, long skipped, long bytes, TimeSpan elapsed,
        bool verbose, string reading, string writing)
    {
        var size = SummaryFormats.Bytes(bytes);
        var time = SummaryFormats.Time(elapsed);
        return verbose
            ? [label, errors, SummaryFormats.Cell(read), SummaryFormats.Cell(loaded), SummaryFormats.Cell(skipped), size, time,
                Rate(bytes, elapsed), reading, writing]
            : [label, errors, SummaryFormats.Cell(loaded), size, time];
    }

    private static string Rate(long bytes, TimeSpan elapsed) =>
        bytes == 0 || elapsed <= TimeSpan.Zero ? "" : (bytes / elapsed.TotalSeconds / 1e6).ToString("F1", CultureInfo.InvariantCulture);

    private static string Balance(SummaryReport report)
    {
        var sum = $"loaded {SummaryFormats.Count(report.Loaded)} + rejected {SummaryFormats.Count(report.Rejected)}"
            + $" + skipped {SummaryFormats.Count(report.Skipped)}";
        var read = SummaryFormats.Count(report.Read);
        if (report.IsBalanced)
        {
            return $"read {read} = {sum}";
        }

        var isStopped = report.Failures.Length > 0 || report.ExitCode is ExitCode.Interrupted or ExitCode.Terminated;
        var missing = SummaryFormats.Counted(Math.Abs(report.Missing), "record");
        var verdict = report.Missing switch
        {
            > 0 when isStopped => $"{missing} read but not loaded, as the load stopped",
            > 0 => $"{missing} unaccounted for; this load cannot be trusted",
            < 0 => $"{missing} more than were read; this load cannot be trusted",
            _ => "the tables do not add up one by one; this load cannot be trusted",
        };
        return $"read {read} ≠ {sum}: {verdict}";
    }

    private static string Sentence(SummaryReport report)
    {
        var into = report.Target is null ? "" : $" into {Text(report.Target)}";
        var time = SummaryFormats.Time(report.Elapsed);
        var loaded = SummaryFormats.Counted(report.Loaded, "row");
        return report.ExitCode switch
        {
            ExitCode.Success or ExitCode.RowsRejected when report.Rejected > 0 =>
                $"Loaded {loaded}{into} in {time}; {SummaryFormats.Counted(report.Rejected, "row")} rejected.",
            ExitCode.Success or ExitCode.RowsRejected => $"Loaded {loaded}{into} in {time}.",
            ExitCode.Interrupted => $"Interrupted after {time}: {loaded} loaded{into}.",
            ExitCode.Terminated => $"Terminated after {time}: {loaded} loaded{into}.",
            _ => $"Failed after {time}: {loaded} loaded{into}.",
        };
    }

    // Messages of servers may have several lines; later ones are indented so that none can pose as a line of ours.
    private static string Text(string text) =>
        Printable.Escape(text.TrimEnd(), keepNewlines: true).Replace("\n", "\n      ", StringComparison.Ordinal);
}
