using Sluice.Runs;

namespace Sluice.Cli.Progress;

/// <summary>Samples a run's counters and works out rates. One reader.</summary>
internal sealed class ProgressMeter(RunProgress progress)
{
    private TimeSpan _lastElapsed;
    private long _lastRows;
    private long _lastBytes;
    private double _rowsPerSecond;
    private double _bytesPerSecond;

    /// <param name="smoothing">The weight of what went before, 0 to 1: 0 gives the rate since the last sample.</param>
    public ProgressSnapshot Sample(double smoothing)
    {
        var lines = progress.Lines;
        RunLine[] data = [.. lines.Where(line => line.Section == SummarySection.Data)];
        var rows = data.Sum(line => line.Loaded);
        var sourceBytes = data.Sum(line => line.SourceBytes);
        var bytes = sourceBytes > 0 ? sourceBytes : data.Sum(line => line.Bytes);
        var elapsed = progress.Elapsed;
        var seconds = (elapsed - _lastElapsed).TotalSeconds;
        if (seconds > 0)
        {
            var weight = _lastElapsed == TimeSpan.Zero ? 0 : smoothing;
            _rowsPerSecond = (weight * _rowsPerSecond) + ((1 - weight) * (rows - _lastRows) / seconds);
            _bytesPerSecond = (weight * _bytesPerSecond) + ((1 - weight) * (bytes - _lastBytes) / seconds);
            (_lastElapsed, _lastRows, _lastBytes) = (elapsed, rows, bytes);
        }

        var isSizeKnown = data.Length > 0 && data.All(line => line.TotalSourceBytes is not null);
        var total = isSizeKnown ? data.Sum(line => line.TotalSourceBytes) : null;
        double? share = total is > 0 ? Math.Min(1, sourceBytes / (double)total.Value) : null;
        var current = lines.LastOrDefault(line => !line.IsStopped && line.Phase is not null)
            ?? data.LastOrDefault(line => !line.IsStopped) ?? lines.LastOrDefault(line => !line.IsStopped);
        return new ProgressSnapshot
        {
            Rows = rows,
            Rejected = data.Sum(line => line.Rejected),
            RowsPerSecond = _rowsPerSecond,
            BytesPerSecond = _bytesPerSecond,
            Share = share,
            Remaining = Remaining(share, elapsed),
            Elapsed = elapsed,
            Step = current is null ? "" : current.Phase is null ? current.Label : $"{current.Label}: {current.Phase}",
            Tables = [.. data.OrderBy(line => line.IsStopped).Take(8)],
        };
    }

    // By the share done so far: steadier than the present rate.
    private static TimeSpan? Remaining(double? share, TimeSpan elapsed) =>
        share is > 0.005 ? TimeSpan.FromSeconds(Math.Min(elapsed.TotalSeconds * (1 - share.Value) / share.Value, 864_000)) : null;
}
