using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>How a cluster keeps a table's rows.</summary>
public sealed record TableLayout
{
    public RowDistribution Distribution { get; init; }

    /// <summary>The column by which rows are spread; null where they are spread in another way.</summary>
    public string? DistributionKey { get; init; }

    /// <summary>The columns by which rows are sorted, bare; empty: by none that somebody named.</summary>
    public ImmutableArray<string> SortKey { get; init; } = [];

    /// <summary>Each column of the sort key counts as much as the others.</summary>
    public bool IsInterleaved { get; init; }
}

/// <summary>How rows are spread over a cluster.</summary>
public enum RowDistribution
{
    /// <summary>As the server sees fit.</summary>
    Auto,
    Even,
    Key,
    All,
}
