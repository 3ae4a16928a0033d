using Sluice.Batches;

namespace Sluice.Targets;

/// <summary>What a target can do. The plan decides by these facts; what a command asks for in vain becomes a notice.</summary>
public sealed record TargetFeatures
{
    /// <summary>What the server is called in plans and notices.</summary>
    public required string ServerKind { get; init; }

    /// <summary>Takes rows in PostgreSQL's binary COPY format.</summary>
    public bool Binary { get; init; }

    /// <summary>Takes rows from the client into a temporary table, by COPY: <c>--regress</c> works.</summary>
    public bool ClientCopy { get; init; } = true;

    /// <summary>Has indexes: <c>drop indexes</c> means something.</summary>
    public bool Indexes { get; init; }

    /// <summary>Has triggers: <c>disable triggers</c> means something.</summary>
    public bool Triggers { get; init; }

    /// <summary>TRUNCATE can be rolled back.</summary>
    public bool TransactionalTruncate { get; init; }

    /// <summary>A batch is in the table once its writer has committed it. False: rows are laid ready, and all get in at the end or none.</summary>
    public bool BatchesAreFinal { get; init; }

    /// <summary>How large a batch is when the command does not say; smaller than the usual where a batch costs the target next to nothing.</summary>
    public int BatchBytes { get; init; } = BufferSizes.BatchBytes;

    /// <summary>The longest name, in bytes.</summary>
    public int MaxIdentifierBytes { get; init; } = 63;

    /// <summary>The order in which batches are sent can decide what gets in (unique keys that are enforced).</summary>
    public bool EnforcedKeys { get; init; }
}
