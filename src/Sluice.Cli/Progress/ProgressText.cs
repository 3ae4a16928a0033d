using System.Globalization;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Progress;

/// <summary>The words for a run's progress, the same on one line and in the display.</summary>
internal static class ProgressText
{
    /// <summary><c>1,200 rows, 40 rows/s, 4.5 MB/s, 37 % done, 12 rejected, 00:01:10 left; public.t: copying</c></summary>
    public static string Line(ProgressSnapshot snapshot)
    {
        var parts = new List<string>
        {
            SummaryFormats.Counted(snapshot.Rows, "row"),
            $"{SummaryFormats.Count((long)snapshot.RowsPerSecond)} rows/s",
            Rate(snapshot.BytesPerSecond),
        };
        if (snapshot.Share is { } share)
        {
            parts.Add($"{Percent(share)} done");
        }

        parts.Add($"{SummaryFormats.Count(snapshot.Rejected)} rejected");
        if (snapshot.Remaining is { } remaining)
        {
            parts.Add($"{Clock(remaining)} left");
        }

        var step = snapshot.Step.Length == 0 ? "" : $"; {snapshot.Step}";
        return string.Join(", ", parts) + step;
    }

    public static string Rate(double bytesPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond / 1e6:F1} MB/s");

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100):F0} %");

    public static string Clock(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:D2}:{time.Minutes:D2}:{time.Seconds:D2}");
}
