using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Catalog;

namespace Sluice.Sources.Postgres;

/// <summary>What reading the rows of a table needs to know.</summary>
internal sealed record SourceTable
{
    public required QualifiedName Name { get; init; }

    /// <summary>Read by a query: a view has no COPY of its own.</summary>
    public required bool IsView { get; init; }

    public required long Bytes { get; init; }

    public required int BlockBytes { get; init; }

    /// <summary>Its rows lie in pages that can be named.</summary>
    public required bool IsHeap { get; init; }

    /// <summary>What its columns are in binary, by their names.</summary>
    public required ImmutableDictionary<string, BinaryType> Types { get; init; }

    /// <summary>Columns that only a query gives.</summary>
    public required ImmutableArray<string> Generated { get; init; }

    /// <summary>The only column of its primary key, where that is a whole number.</summary>
    public string? IntegerKey { get; init; }
}
