using Microsoft.Extensions.Logging;

namespace Sluice.Runs;

/// <summary>What a run needs from its surroundings.</summary>
public sealed record RunOptions
{
    /// <summary>Reject files and the log go below this folder; created when first needed, mode 0700 when we create it.</summary>
    public required string RootDirectory { get; init; }

    public required ILogger Logger { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Environment variables, by their exact name.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Opens standard input as bytes, for <c>FROM stdin</c>.</summary>
    public required Func<Stream> OpenStandardInput { get; init; }

    /// <summary>Cancelled by the first Ctrl-C: finish the batches in flight, read no further.</summary>
    public CancellationToken Drain { get; init; }

    /// <summary>A database that cannot be read at one point in time is a failure.</summary>
    public bool RequireConsistent { get; init; }

    /// <summary>How long a server that went away in mid-load may stay away before the load fails.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(60);
}
