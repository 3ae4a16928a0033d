using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>How one command ended.</summary>
public sealed record RunResult
{
    public required ExitCode ExitCode { get; init; }

    public required RunProgress Progress { get; init; }

    /// <summary>Where it went, with every default filled in, without any secret; null when that was never known.</summary>
    public string? Target { get; init; }

    /// <summary>What failed, in order; empty when nothing did. Already logged.</summary>
    public ImmutableArray<SluiceException> Failures { get; init; } = [];

    /// <summary>What a user should know though nothing failed: the first record with missing fields, a choice the plan made.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>Reject files that were written, absolute.</summary>
    public ImmutableArray<string> RejectFiles { get; init; } = [];

    /// <summary>The most frequent reasons for rejects, with their counts, most frequent first.</summary>
    public ImmutableArray<(string Reason, long Count)> RejectReasons { get; init; } = [];
}
