using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>A table of a source database.</summary>
public sealed record TableModel
{
    public required QualifiedName Name { get; init; }

    /// <summary>In the table's order.</summary>
    public required ImmutableArray<ColumnModel> Columns { get; init; }

    public KeyModel? PrimaryKey { get; init; }

    /// <summary>Unique constraints; unique indexes are among the indexes.</summary>
    public ImmutableArray<KeyModel> UniqueKeys { get; init; } = [];

    public ImmutableArray<TableIndex> Indexes { get; init; } = [];

    public ImmutableArray<ForeignKey> ForeignKeys { get; init; } = [];

    /// <summary>Checks of tables whose definition is not the target's own.</summary>
    public ImmutableArray<CheckModel> Checks { get; init; } = [];

    public bool IsView { get; init; }

    /// <summary>Null: no cluster keeps it.</summary>
    public TableLayout? Layout { get; init; }

    /// <summary>Null: the source is of another kind than any target.</summary>
    public TableDefinition? Definition { get; init; }

    /// <summary>Its rows are in its partitions.</summary>
    public bool IsPartitioned => Definition?.PartitionKey is not null;

    /// <summary>What is read in place of an object of this name: the query that a command names as a view.</summary>
    public string? Query { get; init; }

    public string? Comment { get; init; }

    /// <summary>Null when it would have to be counted.</summary>
    public long? EstimatedRows { get; init; }
}

/// <summary>A primary key or a unique constraint. The name is null where the source gave none.</summary>
public sealed record KeyModel(string? Name, ImmutableArray<string> Columns);

/// <summary>A foreign key. The name is null where the source gave none.</summary>
public sealed record ForeignKey
{
    public string? Name { get; init; }

    public required ImmutableArray<string> Columns { get; init; }

    public required QualifiedName References { get; init; }

    /// <summary>Empty: the primary key of the other table.</summary>
    public ImmutableArray<string> ReferencedColumns { get; init; } = [];

    public ForeignKeyAction OnUpdate { get; init; }

    public ForeignKeyAction OnDelete { get; init; }
}

/// <summary>What happens to a row when the row it refers to changes or goes.</summary>
public enum ForeignKeyAction
{
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}
