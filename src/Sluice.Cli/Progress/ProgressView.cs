using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.Runs.Summary;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sluice.Cli.Progress;

/// <summary>What the live display shows: one line for the run, one for each table under way. At most twelve lines.</summary>
internal static class ProgressView
{
    private const int BarWidth = 20;

    public static IRenderable Build(ProgressSnapshot snapshot)
    {
        var rows = new List<IRenderable> { new Text(Head(snapshot)) { Overflow = Overflow.Ellipsis } };
        var grid = new Grid { Expand = false };
        for (var column = 0; column < 4; column++)
        {
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var line in snapshot.Tables)
        {
            grid.AddRow(Plain(Printable.Escape(line.Label)), Bar(line), Plain(SummaryFormats.Counted(line.Loaded, "row")), State(line));
        }

        if (snapshot.Tables.Count > 0)
        {
            rows.Add(grid);
        }

        if (snapshot.Step.Length > 0 && !snapshot.Tables.Any(line => line.Label == snapshot.Step))
        {
            rows.Add(new Text(Printable.Escape(snapshot.Step), new Style(Color.Grey)) { Overflow = Overflow.Ellipsis });
        }

        return new Rows(rows);
    }

    private static string Head(ProgressSnapshot snapshot)
    {
        var share = snapshot.Share is { } done ? $"   {ProgressText.Percent(done)}" : "";
        var left = snapshot.Remaining is { } remaining ? $"   ETA {ProgressText.Clock(remaining)}" : "";
        return $"rows {SummaryFormats.Count(snapshot.Rows)}   {ProgressText.Rate(snapshot.BytesPerSecond)}{share}"
            + $"   rejects {SummaryFormats.Count(snapshot.Rejected)}   {ProgressText.Clock(snapshot.Elapsed)}{left}";
    }

    private static Text Bar(RunLine line)
    {
        if (line.TotalSourceBytes is not > 0)
        {
            return Plain("");
        }

        var share = Math.Min(1, line.SourceBytes / (double)line.TotalSourceBytes.Value);
        var filled = (int)(share * BarWidth);
        var bar = new string('█', filled).PadRight(BarWidth, '░');
        return new Text($"{bar} {ProgressText.Percent(share),5}", new Style(Color.Teal));
    }

    private static Text State(RunLine line) =>
        line.Rejected > 0 ? new Text($"{SummaryFormats.Count(line.Rejected)} rejected", new Style(Color.Olive))
        : line.IsStopped ? new Text("done", new Style(Color.Green))
        : Plain(Printable.Escape(line.Phase ?? ""));

    private static Text Plain(string text) => new(text) { Overflow = Overflow.Ellipsis };
}
