using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>Where a table goes in the target, by ALTER SCHEMA and ALTER TABLE.</summary>
public sealed record TablePlacement
{
    public required QualifiedName Name { get; init; }

    public ImmutableArray<Setting> Parameters { get; init; } = [];

    public string? Tablespace { get; init; }

    /// <summary>Clauses look at the source's names and apply in their order; of each, the last that matches counts.</summary>
    /// <param name="source">The table in the source.</param>
    /// <param name="folded">Its name as the target spells it.</param>
    /// <param name="spec">The command.</param>
    /// <exception cref="CommandException">A regular expression is wrong.</exception>
    public static TablePlacement Of(QualifiedName source, string folded, DatabaseLoadSpec spec)
    {
        var schema = spec.AlterSchema is { } alter && alter.From == source.Schema ? alter.To : source.Schema;
        var placement = new TablePlacement { Name = new QualifiedName(schema, folded) };
        foreach (var rule in spec.AlterTables.Where(rule => TableFilters.ByName(rule.Tables, spec, "ALTER TABLE")(source)))
        {
            placement = rule.Action switch
            {
                AlterTableAction.Rename => placement with { Name = placement.Name with { Name = rule.Name ?? folded } },
                AlterTableAction.SetSchema => placement with { Name = placement.Name with { Schema = TargetNames.Fold(rule.Name ?? "", spec.Options.IdentifierCase) } },
                AlterTableAction.SetTablespace => placement with { Tablespace = rule.Name },
                _ => placement with { Parameters = rule.Parameters },
            };
        }

        return placement;
    }
}
