using System.Globalization;
using System.Text;

namespace Sluice.Runs.Summary;

/// <summary>How a summary spells sizes and times: as pgloader does.</summary>
public static class SummaryFormats
{
    /// <summary><c>1.5 MB</c>, five characters wide before the unit; empty for 0.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes == 0)
        {
            return "";
        }

        var (shift, unit) = bytes switch
        {
            >= 1L << 40 => (40, "TB"),
            >= 1L << 30 => (30, "GB"),
            >= 1L << 20 => (20, "MB"),
            _ => (10, "kB"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << shift),5:F1} {unit}");
    }

    /// <summary><c>1m8.390s</c>: parts that are 0 are left out, seconds always stand.</summary>
    public static string Time(TimeSpan time)
    {
        time = TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
        var text = new StringBuilder();
        if (time.Days > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.Days} days ");
        }

        if (time.Hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.Hours}h");
        }

        if (time.Minutes > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{time.Minutes}m");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{time.Seconds}.{time.Milliseconds:D3}s").ToString();
    }

    /// <summary>The same, empty for 0.</summary>
    public static string TimeOrEmpty(TimeSpan time) => time.TotalMilliseconds < 0.5 ? "" : Time(time);

    /// <summary>A count with thousands separators, for sentences.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 row</c>, <c>2 rows</c>.</summary>
    public static string Counted(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Plain digits, for cells that scripts read.</summary>
    public static string Cell(long count) => count.ToString(CultureInfo.InvariantCulture);
}
