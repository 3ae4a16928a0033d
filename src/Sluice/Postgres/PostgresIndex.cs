using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Postgres;

/// <summary>A valid index, with all that is needed to build it again.</summary>
public sealed record PostgresIndex
{
    public required QualifiedName Name { get; init; }

    /// <summary>CREATE INDEX, without tablespace.</summary>
    public required string Definition { get; init; }

    /// <summary>Null: the database's default.</summary>
    public string? Tablespace { get; init; }

    public required bool IsUnique { get; init; }

    public required bool IsClustered { get; init; }

    public required bool IsReplicaIdentity { get; init; }

    public string? Comment { get; init; }

    /// <summary>Statistics targets of its expressions: column number, target.</summary>
    public ImmutableArray<(int Column, int Target)> Statistics { get; init; } = [];

    /// <summary>Storage options: <c>fillfactor=70</c>.</summary>
    public ImmutableArray<string> Storage { get; init; } = [];

    /// <summary>The constraint it enforces, or null.</summary>
    public IndexConstraint? Constraint { get; init; }

    /// <summary>Foreign keys of other tables that need it, as <c>schema.table (name)</c>.</summary>
    public ImmutableArray<string> ReferencedBy { get; init; } = [];
}

/// <summary>A constraint with an index behind it.</summary>
/// <param name="Name">Bare.</param>
/// <param name="Kind">What it enforces.</param>
/// <param name="Definition">What stands after ADD CONSTRAINT name.</param>
/// <param name="IsDeferrable">DEFERRABLE.</param>
/// <param name="IsDeferred">INITIALLY DEFERRED.</param>
/// <param name="CanUseIndex">ADD CONSTRAINT … USING INDEX works; false for exclusion and temporal keys.</param>
/// <param name="Comment">Its comment.</param>
public sealed record IndexConstraint(
    string Name, IndexConstraintKind Kind, string Definition, bool IsDeferrable, bool IsDeferred, bool CanUseIndex, string? Comment);

/// <summary>What an index constraint enforces.</summary>
public enum IndexConstraintKind
{
    PrimaryKey,
    Unique,
    Exclusion,
}
