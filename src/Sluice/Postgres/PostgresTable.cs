using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>An existing table that rows can be loaded into, with all that decides how.</summary>
public sealed record PostgresTable
{
    /// <summary>With its schema, also when it was found through search_path.</summary>
    public required QualifiedName Name { get; init; }

    public required long Oid { get; init; }

    public required TableKind Kind { get; init; }

    /// <summary>Emptied by a crash of the server.</summary>
    public required bool IsUnlogged { get; init; }

    public required bool IsTemporary { get; init; }

    /// <summary>It is a partition of another table.</summary>
    public required bool IsPartition { get; init; }

    /// <summary>Leaf partitions below it.</summary>
    public required long Partitions { get; init; }

    /// <summary>In the table's order, generated ones included.</summary>
    public required ImmutableArray<PostgresColumn> Columns { get; init; }

    public required ImmutableArray<PostgresIndex> Indexes { get; init; }

    /// <summary>Enabled triggers FOR EACH ROW ON INSERT, of its partitions too, without those that enforce foreign keys.</summary>
    public required ImmutableArray<string> RowTriggers { get; init; }

    public required ImmutableArray<SelfReference> SelfReferences { get; init; }

    public required ImmutableArray<string> ExclusionConstraints { get; init; }

    /// <summary>For the current role.</summary>
    public required bool IsRowSecurityActive { get; init; }

    public required bool MayInsert { get; init; }

    public bool MaySelect { get; init; } = true;

    public required bool MayTruncate { get; init; }

    /// <summary>May alter the table: disable triggers, drop indexes.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>The server folds the case of names, quoted ones too: a column is found whatever its case.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>The planner's estimate; null when it was never analyzed.</summary>
    public long? EstimatedRows { get; init; }

    /// <summary>What is loaded when no columns are named: all but the generated ones.</summary>
    public IEnumerable<PostgresColumn> LoadableColumns => Columns.Where(column => column.Generated == GeneratedKind.None);

    /// <exception cref="TargetException">There is no such column, or it is generated.</exception>
    public PostgresColumn Column(string name)
    {
        var column = Columns.FirstOrDefault(column => column.Name == name)
            ?? (IgnoresCase ? Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) : null);
        if (column is null)
        {
            var near = Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name
                ?? Suggest.Nearest(name, Columns.Select(column => column.Name));
            throw new TargetException(
                $"Table {Name} has no column {Identifier.Display(name)}",
                near is null ? $"Its columns are: {string.Join(", ", Columns.Select(column => Identifier.Display(column.Name)))}" : $"Did you mean {Identifier.Display(near)}?");
        }

        return column.Generated == GeneratedKind.None
            ? column
            : throw new TargetException(
                $"Column {Identifier.Display(name)} of table {Name} is generated from other columns and cannot be loaded", "Leave it out of the column list");
    }

    /// <exception cref="TargetException">COPY will be refused: row-level security, no INSERT privilege.</exception>
    public void EnsureLoadable(IReadOnlyList<string> columns, string role)
    {
        if (IsRowSecurityActive)
        {
            throw new TargetException(
                $"Table {Name} has row-level security that applies to role {Identifier.Display(role)}: COPY cannot load it",
                "Connect as a role with BYPASSRLS, or as the table's owner without FORCE ROW LEVEL SECURITY");
        }

        var refused = MayInsert ? [] : columns.Where(name => !Column(name).MayInsert).ToList();
        if (refused.Count > 0)
        {
            throw new TargetException(
                $"Role {Identifier.Display(role)} may not insert into table {Name}"
                + (refused.Count == columns.Count ? "" : $", column {string.Join(", ", refused.Select(Identifier.Display))}"),
                $"Grant it: GRANT INSERT ON {Identifier.Quote(Name)} TO {Identifier.Quote(role)}");
        }
    }
}

/// <summary>What can take rows.</summary>
public enum TableKind
{
    Ordinary,
    Partitioned,
    Foreign,
}

/// <summary>A foreign key of a table to itself.</summary>
public sealed record SelfReference(string Name, string Definition, string? Comment);
