namespace Sluice.Runs.Summary;

/// <summary>One line of a summary, as it stood when the summary was made.</summary>
public sealed record SummaryRow
{
    public required SummarySection Section { get; init; }

    public required string Label { get; init; }

    public long Read { get; init; }

    public long Loaded { get; init; }

    public long Rejected { get; init; }

    public long Skipped { get; init; }

    /// <summary>Bytes sent to the target.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes read from the source.</summary>
    public long SourceBytes { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Summed over readers.</summary>
    public TimeSpan ReadTime { get; init; }

    /// <summary>Summed over writers.</summary>
    public TimeSpan WriteTime { get; init; }

    public static SummaryRow From(RunLine line) => new()
    {
        Section = line.Section,
        Label = line.Label,
        Read = line.Read,
        Loaded = line.Loaded,
        Rejected = line.Rejected,
        Skipped = line.Skipped,
        Bytes = line.Bytes,
        SourceBytes = line.SourceBytes,
        Elapsed = line.Elapsed,
        ReadTime = line.ReadTime,
        WriteTime = line.WriteTime,
    };
}
