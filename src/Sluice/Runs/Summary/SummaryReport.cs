using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Runs.Summary;

/// <summary>What is told about one command's run once it ended: the counters, frozen, and how it went.</summary>
public sealed record SummaryReport
{
    /// <summary>What a user knows the command by: its file, or the two addresses.</summary>
    public required string Command { get; init; }

    /// <summary>The words after LOAD.</summary>
    public required string Kind { get; init; }

    /// <summary>The target's address without its password, or null.</summary>
    public string? Target { get; init; }

    public required ExitCode ExitCode { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Wall time of the whole command.</summary>
    public TimeSpan Elapsed { get; init; }

    public ImmutableArray<SummaryRow> Rows { get; init; } = [];

    public ImmutableArray<SummaryFailure> Failures { get; init; } = [];

    public ImmutableArray<string> Notices { get; init; } = [];

    public ImmutableArray<string> RejectFiles { get; init; } = [];

    /// <summary>Most frequent first.</summary>
    public ImmutableArray<(string Reason, long Count)> RejectReasons { get; init; } = [];

    public long Read => Data.Sum(row => row.Read);

    public long Loaded => Data.Sum(row => row.Loaded);

    public long Rejected => Data.Sum(row => row.Rejected);

    public long Skipped => Data.Sum(row => row.Skipped);

    public long Bytes => Data.Sum(row => row.Bytes);

    /// <summary>Records that were read and are neither loaded, rejected nor skipped.</summary>
    public long Missing => Read - Loaded - Rejected - Skipped;

    /// <summary>Whether <c>read = loaded + rejected + skipped</c>, for each table.</summary>
    public bool IsBalanced => Data.All(row => row.Read == row.Loaded + row.Rejected + row.Skipped);

    private IEnumerable<SummaryRow> Data => Section(SummarySection.Data);

    public IEnumerable<SummaryRow> Section(SummarySection section) => Rows.Where(row => row.Section == section);

    /// <summary>
    /// Freezes a result. A load that says it finished but cannot account for every record is turned into a failure.
    /// </summary>
    public static SummaryReport From(RunResult result, string command, string kind, string? target, DateTimeOffset startedAt)
    {
        var report = new SummaryReport
        {
            Command = command,
            Kind = kind,
            Target = target,
            ExitCode = result.ExitCode,
            StartedAt = startedAt,
            Elapsed = result.Progress.Elapsed,
            Rows = [.. result.Progress.Lines.Select(SummaryRow.From)],
            Failures = [.. result.Failures.Select(SummaryFailure.From)],
            Notices = result.Notices,
            RejectFiles = result.RejectFiles,
            RejectReasons = result.RejectReasons,
        };
        var isFinished = result.ExitCode is ExitCode.Success or ExitCode.RowsRejected;
        return report.IsBalanced || !isFinished ? report : report with { ExitCode = ExitCode.LoadFailed };
    }
}

/// <summary>What failed in a run.</summary>
public sealed record SummaryFailure(ExitCode ExitCode, string Message, string? Hint)
{
    public static SummaryFailure From(SluiceException failure) => new(failure.ExitCode, failure.Message, failure.Hint);
}
