using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary><c>drop indexes</c>: the statements that take a table's indexes away before a load and bring them back as they were.</summary>
public sealed record IndexRebuild
{
    /// <summary>In order, before the load.</summary>
    public required ImmutableArray<string> Drop { get; init; }

    /// <summary>After the load; the indexes may be built side by side, the statements of one in order.</summary>
    public required ImmutableArray<IndexBuild> Build { get; init; }

    /// <summary>After all indexes are built, in order and one at a time: constraints, clustering, self-references.</summary>
    public required ImmutableArray<string> Finish { get; init; }

    /// <summary>Every statement that brings the indexes back, for the user to run when the load could not.</summary>
    public IEnumerable<string> Restore => Build.SelectMany(index => index.Statements).Concat(Finish);

    /// <exception cref="TargetException">Something depends on the indexes, or the table is partitioned.</exception>
    public static IndexRebuild Of(PostgresTable table)
    {
        Check(table);
        var target = Identifier.Quote(table.Name);
        var drop = new List<string>();
        var finish = new List<string>();
        drop.AddRange(table.SelfReferences.Select(reference => $"ALTER TABLE {target} DROP CONSTRAINT {Identifier.Quote(reference.Name)}"));
        foreach (var index in table.Indexes)
        {
            drop.Add(index.Constraint is { } constraint
                ? $"ALTER TABLE {target} DROP CONSTRAINT {Identifier.Quote(constraint.Name)}"
                : $"DROP INDEX {Identifier.Quote(index.Name)}");
            finish.AddRange(FinishOf(index, target));
        }

        foreach (var reference in table.SelfReferences)
        {
            finish.Add($"ALTER TABLE {target} ADD CONSTRAINT {Identifier.Quote(reference.Name)} {reference.Definition}");
            finish.AddRange(Comment(reference.Comment, $"CONSTRAINT {Identifier.Quote(reference.Name)} ON {target}"));
        }

        return new()
        {
            Drop = [.. drop],
            Build = [.. table.Indexes.Where(index => !NeedsConstraint(index)).Select(index => new IndexBuild(index.Name, [.. BuildOf(index)]))],
            Finish = [.. finish],
        };
    }

    private static void Check(PostgresTable table)
    {
        if (table.Kind == TableKind.Partitioned || table.IsPartition)
        {
            throw new TargetException(
                $"drop indexes cannot be used with {table.Name}, which is {(table.IsPartition ? "a partition" : "a partitioned table")}",
                "Leave out drop indexes, or drop and create the indexes in BEFORE LOAD and AFTER LOAD");
        }

        if (!table.IsOwner)
        {
            throw new TargetException($"drop indexes needs the owner of table {table.Name}", "Connect as its owner, or leave out drop indexes");
        }

        var references = table.Indexes.SelectMany(index => index.ReferencedBy).Distinct().ToList();
        if (references.Count > 0)
        {
            throw new TargetException(
                $"drop indexes cannot be used with {table.Name}: foreign keys of other tables refer to it: {string.Join(", ", references)}",
                "Leave out drop indexes, or drop and create those foreign keys in BEFORE LOAD and AFTER LOAD");
        }
    }

    private static bool NeedsConstraint(PostgresIndex index) => index.Constraint is { CanUseIndex: false };

    private static IEnumerable<string> BuildOf(PostgresIndex index)
    {
        // CREATE INDEX as the server gives it has no tablespace, and its place is in the middle; the session's default does the same.
        var statements = InTablespace(index, [index.Definition]);
        return statements.Concat(Statistics(index)).Concat(Comment(index.Comment, $"INDEX {Identifier.Quote(index.Name)}"));
    }

    private static List<string> FinishOf(PostgresIndex index, string target)
    {
        var name = Identifier.Quote(index.Name.Name);
        var statements = new List<string>();
        if (index.Constraint is { } constraint)
        {
            var add = $"ALTER TABLE {target} ADD CONSTRAINT {Identifier.Quote(constraint.Name)}";
            if (constraint.CanUseIndex)
            {
                var kind = constraint.Kind == IndexConstraintKind.PrimaryKey ? "PRIMARY KEY" : "UNIQUE";
                var deferral = constraint.IsDeferred ? " DEFERRABLE INITIALLY DEFERRED" : constraint.IsDeferrable ? " DEFERRABLE" : "";
                statements.Add($"{add} {kind} USING INDEX {name}{deferral}");
            }
            else
            {
                statements.AddRange(InTablespace(index, [$"{add} {constraint.Definition}"]));
                statements.AddRange(index.Storage.Length == 0 ? [] : [$"ALTER INDEX {Identifier.Quote(index.Name)} SET ({string.Join(", ", index.Storage)})"]);
                statements.AddRange(Statistics(index));
                statements.AddRange(Comment(index.Comment, $"INDEX {Identifier.Quote(index.Name)}"));
            }

            statements.AddRange(Comment(constraint.Comment, $"CONSTRAINT {Identifier.Quote(constraint.Name)} ON {target}"));
        }

        statements.AddRange(index.IsClustered ? [$"ALTER TABLE {target} CLUSTER ON {name}"] : []);
        statements.AddRange(index.IsReplicaIdentity ? [$"ALTER TABLE {target} REPLICA IDENTITY USING INDEX {name}"] : []);
        return statements;
    }

    private static IEnumerable<string> InTablespace(PostgresIndex index, IEnumerable<string> statements) => index.Tablespace is null
        ? statements
        : [$"SET default_tablespace TO {Identifier.Literal(index.Tablespace)}", .. statements, "RESET default_tablespace"];

    private static IEnumerable<string> Statistics(PostgresIndex index) =>
        index.Statistics.Select(pair => $"ALTER INDEX {Identifier.Quote(index.Name)} ALTER COLUMN {pair.Column} SET STATISTICS {pair.Target}");

    private static IEnumerable<string> Comment(string? comment, string on) =>
        comment is null ? [] : [$"COMMENT ON {on} IS {Identifier.Literal(comment)}"];
}

/// <summary>One index to build: its statements in order, over one connection.</summary>
public sealed record IndexBuild(QualifiedName Name, ImmutableArray<string> Statements);
