using System.Collections.Immutable;
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

    /// <summary>Has all that PostgreSQL's schemas have: types, sequences, identity, partitions, checks, exclusion.</summary>
    public bool ExactSchemas { get; init; }

    /// <summary>Columns can be computed from others and stored.</summary>
    public bool GeneratedColumns { get; init; }

    /// <summary>The order in which batches are sent can decide what gets in (unique keys that are enforced).</summary>
    public bool EnforcedKeys { get; init; }

    /// <summary>Writes its SQL.</summary>
    public SqlDialect Dialect { get; init; } = SqlDialect.Postgres;

    /// <summary>Names are lower-case whatever is written, in quotes too.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>Columns that a table may have.</summary>
    public int MaxColumns { get; init; } = 1600;

    /// <summary>Names that belong to columns of the system, lower-case.</summary>
    public ImmutableArray<string> SystemColumns { get; init; } = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    /// <summary>Tables whose names begin with it are temporary; null: there is no such thing.</summary>
    public char? TemporaryPrefix { get; init; }

    /// <summary>Storage parameters and tablespaces mean something.</summary>
    public bool Storage { get; init; }

    /// <summary>Columns can draw their numbers from sequences that are set after the load.</summary>
    public bool Sequences { get; init; }

    /// <summary>Tables can be spread over a cluster by a column.</summary>
    public bool Distribution { get; init; }

    /// <summary>Tables can be kept in an order of their rows, and columns compressed each in its own way.</summary>
    public bool Layouts { get; init; }

    /// <summary>Keys of such tables have to hold that column.</summary>
    public bool DistributionInKeys { get; init; }

    /// <summary>So many tables at least are loaded side by side, since each waits for the server at its end.</summary>
    public int LeastTablesTogether { get; init; } = 1;
}
