using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>What is done with one table.</summary>
public sealed record TablePlan
{
#if DEBUG
    public const int FewRows = 10;
#else
    /// <summary>A table of fewer rows is small: it fits into a small batch, and one reader reads it.</summary>
    public const int FewRows = 1000;
#endif

    public required TableModel Source { get; init; }

    public required QualifiedName Target { get; init; }

    public required ImmutableArray<ColumnPlan> Columns { get; init; }

    /// <summary>DROP, when asked for, and CREATE.</summary>
    public required ImmutableArray<string> Create { get; init; }

    /// <summary>What spreads it over a cluster once it is there; null: nothing does, or CREATE did.</summary>
    public string? Distribute { get; init; }

    /// <summary>Those of keys too.</summary>
    public ImmutableArray<IndexPlan> Indexes { get; init; } = [];

    public ImmutableArray<ForeignKeyPlan> ForeignKeys { get; init; } = [];

    /// <summary>Only where the table exists: takes its indexes away, in order. <see cref="Indexes"/> and <see cref="FinishIndexes"/> bring them back.</summary>
    public ImmutableArray<string> DropIndexes { get; init; } = [];

    /// <summary>What follows once all dropped indexes are built again, in order: constraints, clustering.</summary>
    public ImmutableArray<string> FinishIndexes { get; init; } = [];

    /// <summary>Statements that set the sequences of its columns.</summary>
    public ImmutableArray<string> Sequences { get; init; } = [];

    /// <summary>Statements that add checks, once the rows are in.</summary>
    public ImmutableArray<string> Checks { get; init; } = [];

    /// <summary>Statements that create triggers, once the rows are in.</summary>
    public ImmutableArray<string> Triggers { get; init; } = [];

    /// <summary>Statements that say what the source says of the table and its columns.</summary>
    public ImmutableArray<string> Comments { get; init; } = [];

    public required bool ResetsSequences { get; init; }

    /// <summary>The encoding of its texts, where DECODING says it and the source does not.</summary>
    public string? EncodingName { get; init; }

    public required int BatchBytes { get; init; }

    /// <summary>How many tables it is a partition of, one of the other: those are made first.</summary>
    public int Depth { get; init; }

    /// <summary>The columns that are copied.</summary>
    public IEnumerable<ColumnPlan> CopiedColumns => Columns.Where(column => !column.IsComputed);

    public bool IsSmall => Source.EstimatedRows < FewRows;

    /// <summary>Every statement that brings dropped indexes back, for a user to run where the load could not.</summary>
    public IEnumerable<string> RestoreIndexes => Indexes.SelectMany(index => index.Statements).Concat(FinishIndexes);
}

/// <summary>A column, its name in the target, and what it becomes.</summary>
/// <param name="Source">The column in the source.</param>
/// <param name="Name">Bare, in the target.</param>
/// <param name="Cast">What the cast rules say.</param>
/// <param name="Target">What the target makes of that.</param>
public sealed record ColumnPlan(ColumnModel Source, string Name, ColumnCast Cast, TargetColumn Target)
{
    /// <summary>The target computes its values.</summary>
    public bool IsComputed { get; init; }

    /// <summary>Its type is an enumeration that is made with its table.</summary>
    public bool HasOwnType => !Source.Labels.IsEmpty && Cast.Type.StartsWith('"') && Cast.Rule is not { IsUsers: true };
}

/// <summary>An index or a key. One without <paramref name="Create"/> is a key of a target that has no indexes.</summary>
/// <param name="Name">In the target.</param>
/// <param name="Create">Builds the index.</param>
/// <param name="AddKey">Makes a key of it; null: it is none.</param>
public sealed record IndexPlan(string Name, string? Create, string? AddKey)
{
    /// <summary>Null where the server sees to it that the key holds.</summary>
    public KeyCheck? Check { get; init; }

    /// <summary>Only of an index that was dropped: how it is built as it was, over one connection.</summary>
    public IndexBuild? Rebuild { get; init; }

    /// <summary>What builds it, in order; nothing where there are no indexes.</summary>
    public IEnumerable<string> Build => Rebuild is { } rebuild ? rebuild.Statements : new[] { Create }.OfType<string>();

    /// <summary>The same, and what makes a key of it.</summary>
    public IEnumerable<string> Statements => Build.Concat(new[] { AddKey }.OfType<string>());
}

/// <summary>What shows whether a key holds.</summary>
/// <param name="Label">The key, its table and columns, for messages.</param>
/// <param name="FindDuplicates">Its rows show that the key does not hold.</param>
public sealed record KeyCheck(string Label, string FindDuplicates);

/// <summary>A foreign key with the target's names.</summary>
public sealed record ForeignKeyPlan(string Name, QualifiedName Table, ForeignKey Key)
{
    public const int OrphansShown = 3;

    /// <summary>As the server writes it, where the key exists already.</summary>
    public string? Definition { get; init; }

    /// <summary>Of a key that exists already.</summary>
    public string? Comment { get; init; }

    /// <summary>Partitioned tables take no unchecked keys.</summary>
    public bool IsCheckedAtOnce { get; init; }

    public SqlDialect Dialect { get; init; } = SqlDialect.Postgres;

    /// <summary>Does not look at the rows that are there.</summary>
    public string Add => Definition is null ? Dialect.AddForeignKey(Table, Name, Key)
        : IsCheckedAtOnce ? ExactDialect.AddConstraint(Table, Name, Definition) : Dialect.AddKeyAgain(Table, Name, Definition);

    /// <summary>All that brings a key back as it was, but for the check of the rows that are there.</summary>
    public IEnumerable<string> AddAll => Comment is null ? [Add] : [Add, Dialect.CommentOnKey(Table, Name, Comment)];

    /// <summary>Null: nothing is to be checked. One that did not hold for all rows before the load is not asked to do so after it.</summary>
    public string? Validate => IsCheckedAtOnce || Definition?.EndsWith("NOT VALID", StringComparison.Ordinal) == true || Definition?.EndsWith("NOT ENFORCED", StringComparison.Ordinal) == true
        ? null : Dialect.ValidateKey(Table, Name);

    public string FindOrphans => Dialect.FindOrphans(Table, Key, OrphansShown);
}
