using Sluice.Runs;

namespace Sluice.Cli.Progress;

/// <summary>How far a run is, at one moment.</summary>
internal sealed record ProgressSnapshot
{
    /// <summary>Rows committed on the target.</summary>
    public long Rows { get; init; }

    public long Rejected { get; init; }

    public double RowsPerSecond { get; init; }

    /// <summary>Of the source where its bytes are counted, else of what is sent.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>0 to 1, or null when the size of the source is not known.</summary>
    public double? Share { get; init; }

    public TimeSpan? Remaining { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>The step under way: the label of the last line that is not finished, with its phase.</summary>
    public string Step { get; init; } = "";

    /// <summary>Data lines under way, and those finished only while there are few.</summary>
    public IReadOnlyList<RunLine> Tables { get; init; } = [];
}
