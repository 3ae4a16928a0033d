using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;

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

    /// <summary>Those of keys too.</summary>
    public ImmutableArray<IndexPlan> Indexes { get; init; } = [];

    public ImmutableArray<ForeignKeyPlan> ForeignKeys { get; init; } = [];

    /// <summary>Statements that set the sequences of its columns.</summary>
    public ImmutableArray<string> Sequences { get; init; } = [];

    public required bool ResetsSequences { get; init; }

    public required int BatchBytes { get; init; }

    public bool IsSmall => Source.EstimatedRows < FewRows;
}

/// <summary>A column, its name in the target, and what it becomes.</summary>
public sealed record ColumnPlan(ColumnModel Source, string Name, ColumnCast Cast);

/// <summary>An index, and the statement that makes a key of it.</summary>
public sealed record IndexPlan(string Name, string Create, string? AddKey);

/// <summary>A foreign key with the target's names.</summary>
public sealed record ForeignKeyPlan(string Name, QualifiedName Table, ForeignKey Key)
{
    public const int OrphansShown = 3;

    /// <summary>As the server writes it, where the key exists already.</summary>
    public string? Definition { get; init; }

    /// <summary>One that did not hold for all rows before the load is not asked to do so after it.</summary>
    public bool IsValidated => Definition?.EndsWith("NOT VALID", StringComparison.Ordinal) != true;

    /// <summary>Does not look at the rows that are there.</summary>
    public string Add => Definition is null ? Targets.SqlDialect.AddForeignKey(Table, Name, Key) : Targets.SqlDialect.AddKeyAgain(Table, Name, Definition);

    public string Validate => Targets.SqlDialect.ValidateKey(Table, Name);

    public string FindOrphans => Targets.SqlDialect.FindOrphans(Table, Key, OrphansShown);
}
