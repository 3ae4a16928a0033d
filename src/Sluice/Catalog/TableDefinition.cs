using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>What only a server of the source's own kind can make of a table: in SQL that it shares.</summary>
public sealed record TableDefinition
{
    public bool IsUnlogged { get; init; }

    /// <summary><c>fillfactor=70</c>, those of its TOAST table too.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Null: the usual one.</summary>
    public string? AccessMethod { get; init; }

    /// <summary>What stands after PARTITION BY. Such a table has no rows of its own.</summary>
    public SourceSql? PartitionKey { get; init; }

    /// <summary>The table that it is a partition of.</summary>
    public QualifiedName? PartitionOf { get; init; }

    /// <summary><c>FOR VALUES …</c> or DEFAULT.</summary>
    public string? PartitionBound { get; init; }

    /// <summary>Without those that are enforced by an index and without foreign keys.</summary>
    public ImmutableArray<CheckModel> Checks { get; init; } = [];

    /// <summary>All indexes, those of constraints too.</summary>
    public ImmutableArray<IndexDefinition> Indexes { get; init; } = [];

    public ImmutableArray<ForeignKeyDefinition> ForeignKeys { get; init; } = [];

    public ImmutableArray<StatisticsDefinition> Statistics { get; init; } = [];

    /// <summary>What stands after REPLICA IDENTITY; the name of an index apart. Null: by default.</summary>
    public string? ReplicaIdentity { get; init; }

    public string? ReplicaIndex { get; init; }

    /// <summary>Where it lies, if not in the database's own.</summary>
    public string? Tablespace { get; init; }

    public string? Comment { get; init; }
}

/// <summary>What only a server of the source's own kind can make of a column.</summary>
public sealed record ColumnDefinition
{
    /// <summary>With its modifier.</summary>
    public required SourceSql Type { get; init; }

    /// <summary>The default, or the expression of a generated column.</summary>
    public SourceSql? Expression { get; init; }

    public ColumnGeneration Generation { get; init; }

    /// <summary>The sequence behind an identity column.</summary>
    public SequenceModel? Identity { get; init; }

    public QualifiedName? Collation { get; init; }

    /// <summary>Of its NOT NULL, where that has a name.</summary>
    public string? NotNullName { get; init; }

    /// <summary>Rows that are there may be NULL all the same.</summary>
    public bool IsNotNullUnchecked { get; init; }

    public int? Statistics { get; init; }

    public string? Storage { get; init; }

    public string? Compression { get; init; }

    public ImmutableArray<string> Options { get; init; } = [];

    public string? Comment { get; init; }
}

/// <summary>Where a column's values come from.</summary>
public enum ColumnGeneration
{
    None,
    IdentityAlways,
    IdentityByDefault,
    Stored,
    Virtual,
}

/// <summary>An index and the constraint that it enforces, if any.</summary>
public sealed record IndexDefinition
{
    public required string Name { get; init; }

    /// <summary>CREATE INDEX as the source writes it. Its own name and its table are among the objects.</summary>
    public required SourceSql Create { get; init; }

    /// <summary>What stands after ADD CONSTRAINT and the name.</summary>
    public SourceSql? Constraint { get; init; }

    /// <summary><c>PRIMARY KEY</c> or <c>UNIQUE</c> with DEFERRABLE, for ADD CONSTRAINT … USING INDEX; null where that is not possible.</summary>
    public (string Kind, string Suffix)? UsingIndex { get; init; }

    /// <summary>The index of the partitioned table that it is a part of.</summary>
    public QualifiedName? PartOf { get; init; }

    public bool IsClustered { get; init; }

    /// <summary>Where it lies, if not in the database's own.</summary>
    public string? Tablespace { get; init; }

    /// <summary>Statistics targets of its expressions: column number, target.</summary>
    public ImmutableArray<(int Column, int Target)> Statistics { get; init; } = [];

    public string? Comment { get; init; }
}

/// <summary>A foreign key.</summary>
/// <param name="Key">Its columns and the others'.</param>
/// <param name="Own">What stands after ADD CONSTRAINT and the name, up to REFERENCES.</param>
/// <param name="Others">From REFERENCES to the end of the other table's columns; those stand apart.</param>
/// <param name="Rest">The rest, with NOT VALID.</param>
/// <param name="Comment">Its comment.</param>
public sealed record ForeignKeyDefinition(ForeignKey Key, SourceSql Own, SourceSql Others, SourceSql Rest, string? Comment);

/// <summary>Extended statistics: <c>CREATE STATISTICS</c>.</summary>
public sealed record StatisticsDefinition(QualifiedName Name, SourceSql Create, int? Target, string? Comment);
