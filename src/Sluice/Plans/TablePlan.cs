using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Plans;

/// <summary>What is done with one table.</summary>
public sealed record TablePlan
{
    public required TableModel Source { get; init; }

    public required QualifiedName Target { get; init; }

    public required ImmutableArray<ColumnPlan> Columns { get; init; }

    /// <summary>DROP, when asked for, and CREATE.</summary>
    public required ImmutableArray<string> Create { get; init; }

    /// <summary>Those of keys too.</summary>
    public ImmutableArray<IndexPlan> Indexes { get; init; } = [];

    public ImmutableArray<ForeignKeyPlan> ForeignKeys { get; init; } = [];

    /// <summary>Only where the table exists: takes its indexes away, in order. <see cref="Indexes"/> and <see cref="FinishIndexes"/> bring them back.</summary>
    public ImmutableArray<string> DropIndexes { get; init; } = [];

    /// <summary>What follows once all dropped indexes are built again, in order: constraints, clustering.</summary>
    public ImmutableArray<string> FinishIndexes { get; init; } = [];

    /// <summary>Statements that set the sequences of its columns.</summary>
    public ImmutableArray<string> Sequences { get; init; } = [];

    /// <summary>Statements that say what the source says of the table and its columns.</summary>
    public ImmutableArray<string> Comments { get; init; } = [];

    public required bool ResetsSequences { get; init; }

    public required int BatchBytes { get; init; }

    /// <summary>Every statement that brings dropped indexes back, for a user to run where the load could not.</summary>
    public IEnumerable<string> RestoreIndexes => Indexes.SelectMany(index => index.Statements).Concat(FinishIndexes);
}

/// <summary>A column, its name in the target, and what it becomes.</summary>
public sealed record ColumnPlan(ColumnModel Source, string Name, ColumnCast Cast);

/// <summary>An index, and the statement that makes a key of it.</summary>
public sealed record IndexPlan(string Name, string Create, string? AddKey)
{
    /// <summary>Only of an index that was dropped: how it is built as it was, over one connection.</summary>
    public IndexBuild? Rebuild { get; init; }

    public IEnumerable<string> Statements => Rebuild is { } rebuild ? rebuild.Statements : [Create];
}

/// <summary>A foreign key with the target's names.</summary>
public sealed record ForeignKeyPlan(string Name, QualifiedName Table, ForeignKey Key)
{
    public const int OrphansShown = 3;

    /// <summary>As the server writes it, where the key exists already.</summary>
    public string? Definition { get; init; }

    /// <summary>Of a key that exists already.</summary>
    public string? Comment { get; init; }

    /// <summary>One that did not hold for all rows before the load is not asked to do so after it.</summary>
    public bool IsValidated => Definition?.EndsWith("NOT VALID", StringComparison.Ordinal) != true;

    /// <summary>Does not look at the rows that are there.</summary>
    public string Add => Definition is null ? Targets.SqlDialect.AddForeignKey(Table, Name, Key) : Targets.SqlDialect.AddKeyAgain(Table, Name, Definition);

    /// <summary>All that brings a key back as it was, but for the check of the rows that are there.</summary>
    public IEnumerable<string> AddAll => Comment is null ? [Add] : [Add, Targets.SqlDialect.CommentOnKey(Table, Name, Comment)];

    public string Validate => Targets.SqlDialect.ValidateKey(Table, Name);

    public string FindOrphans => Targets.SqlDialect.FindOrphans(Table, Key, OrphansShown);
}
