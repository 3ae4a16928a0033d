namespace Sluice.Runs.Summary;

/// <summary>pgloader's text summary, blank for blank; only the total time is the time that really passed.</summary>
public static class PgloaderSummary
{
    private static readonly string[] Headers = ["table name", "errors", "rows", "bytes", "total time"];
    private static readonly string[] VerboseHeaders =
        ["table name", "errors", "read", "imported", "bytes", "total time", "read", "write"];

    public static void Write(SummaryReport report, TextWriter output, bool verbose)
    {
        var label = SummaryTable.LabelWidth(report);
        var table = verbose
            ? new SummaryTable(output, VerboseHeaders, [label, 9, 9, 9, 9, 14, 9, 9])
            : new SummaryTable(output, Headers, [label, 9, 9, 9, 14]);
        var tail = verbose ? 2 : 0;
        table.WriteHeader();
        if (report.Section(SummarySection.Before).Any())
        {
            WriteSection(SummarySection.Before);
        }

        // Without data lines pgloader still rules the section off; without lines after the load it writes no footer.
        WriteSection(SummarySection.Data);
        if (report.Section(SummarySection.After).Any())
        {
            WriteSection(SummarySection.After);
            table.Write(FooterCells(report, verbose), tail);
        }

        void WriteSection(SummarySection section)
        {
            foreach (var row in report.Section(section))
            {
                table.Write(Cells(row, verbose), tail);
            }

            table.WriteRule();
        }
    }

    private static string[] Cells(SummaryRow row, bool verbose)
    {
        var label = SummaryTable.Label(row.Label);
        var errors = SummaryFormats.Cell(row.Rejected);
        var rows = SummaryFormats.Cell(row.Loaded);
        var bytes = SummaryFormats.Bytes(row.Bytes);
        var time = SummaryFormats.Time(Elapsed(row));
        return verbose
            ? [label, errors, SummaryFormats.Cell(row.Read), rows, bytes, time,
                SummaryFormats.TimeOrEmpty(row.ReadTime), SummaryFormats.TimeOrEmpty(row.WriteTime)]
            : [label, errors, rows, bytes, time];
    }

    private static string[] FooterCells(SummaryReport report, bool verbose)
    {
        var errors = SummaryTable.Verdict(report);
        var rows = SummaryFormats.Cell(report.Loaded);
        var bytes = SummaryFormats.Bytes(report.Bytes);
        var time = SummaryFormats.Time(report.Elapsed);
        return verbose
            ? [SummaryTable.Footer, errors, SummaryFormats.Cell(report.Read), rows, bytes, time, "", ""]
            : [SummaryTable.Footer, errors, rows, bytes, time];
    }

    private static TimeSpan Elapsed(SummaryRow row)
    {
        var busy = row.ReadTime > row.WriteTime ? row.ReadTime : row.WriteTime;
        return row.Elapsed > TimeSpan.Zero ? row.Elapsed : busy;
    }
}
