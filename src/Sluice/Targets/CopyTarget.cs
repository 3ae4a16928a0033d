using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Targets;

/// <summary>What a loader needs to know of the table it fills.</summary>
public sealed record CopyTarget
{
    public required QualifiedName Table { get; init; }

    /// <summary>Bare names, in the order of the fields.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>
    /// The table's object id where the server is to be asked how many rows it inserted, because a trigger may keep rows out. Null elsewhere.
    /// </summary>
    public long? CountRowsOf { get; init; }

    /// <summary>Statements at the start of each loading transaction.</summary>
    public ImmutableArray<string> TransactionSql { get; init; } = [];

    /// <summary>
    /// Why the outcome of a lost transaction cannot be relied on (an unlogged table, synchronous_commit off): ends a sentence
    /// that begins "The connection was lost … and". Null when it can.
    /// </summary>
    public string? CannotRecover { get; init; }
}
