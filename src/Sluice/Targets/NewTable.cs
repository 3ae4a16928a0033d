using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Targets;

/// <summary>A table to be created, with the target's names.</summary>
public sealed record NewTable
{
    public required QualifiedName Name { get; init; }

    public required ImmutableArray<(string Name, TargetColumn Column)> Columns { get; init; }

    /// <summary>Storage parameters.</summary>
    public ImmutableArray<(string Name, string Value)> Parameters { get; init; } = [];

    /// <summary>Null: the server's choice.</summary>
    public string? Tablespace { get; init; }

    /// <summary>Null: the server's choice.</summary>
    public TableDistribution? Distribution { get; init; }

    /// <summary>As the source has it, with the target's names; null: the server's choice. A distribution that was asked for counts before it.</summary>
    public TableLayout? Layout { get; init; }
}

/// <summary>How rows are spread over a cluster: by a column, or, without one, all to every node.</summary>
public sealed record TableDistribution(string? Column);

/// <summary>What makes a key, in this order.</summary>
/// <param name="CreateIndex">The index it rests on; null where there are none.</param>
/// <param name="Add">Makes the key.</param>
/// <param name="FindDuplicates">Where the server takes a key without looking: rows mean that it does not hold.</param>
public sealed record KeyStatements(string? CreateIndex, string Add, string? FindDuplicates);
