using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Plans;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Reads what a database's plan is made of, on both sides.</summary>
internal static class DatabasePreparation
{
    /// <summary>The plan as the source alone makes it.</summary>
    /// <exception cref="Diagnostics.SourceException">The catalog cannot be read, or no plan can be made of it.</exception>
    public static async Task<DatabasePlan> PlanAsync(DatabaseLoadSpec spec, IDatabaseSource source, IDatabaseTarget target, CancellationToken ct)
    {
        var catalog = await source.ReadCatalogAsync(ct).ConfigureAwait(false);
        foreach (var view in spec.Views.Where(view => view.Sql is not null))
        {
            var schema = view.Name.Schema ?? (catalog.IsPostgres ? "public" : null) ?? catalog.Tables.Concat(catalog.Views).Select(table => table.Name.Schema).FirstOrDefault();
            var found = await source.DescribeAsync(new QualifiedName(schema, view.Name.Name), SqlScript.WithoutTerminator(view.Sql!), ct).ConfigureAwait(false); // filtered
            catalog = catalog with { Views = [found, .. catalog.Views.Where(other => other.Name != found.Name)] };
        }

        var creates = spec.Schema is { CreateTables: true, DataOnly: false };
        var toMeasure = creates ? DatabasePlanner.ToMeasure(spec, catalog, source.DefaultCasts, target.Features) : [];
        var (measures, unmeasured) = await ColumnMeasuring.RunAsync(source, toMeasure, ct).ConfigureAwait(false);
        var plan = DatabasePlanner.Build(spec, catalog, source.DefaultCasts, target.Features, Environment.ProcessorCount, measures);
        return plan with { Source = source.Label, Notices = [.. plan.Notices, .. unmeasured, .. target.SessionNotices] };
    }

    // A database may be copied into itself under other names; a table that is read cannot be replaced or filled.
    private static void RefuseItself(DatabasePlan plan, IDatabaseTarget target)
    {
        if (Place(plan.Source) != Place(target.Display))
        {
            return;
        }

        if (plan.Tables.FirstOrDefault(table => plan.DroppedSchemas.Contains(table.Source.Name.Schema ?? "")) is { } gone)
        {
            throw new Diagnostics.SourceException(
                $"Source and target are the same database: drop schema would take away {gone.Source.Name}, which is read", "nothing was done; name another target, or leave drop schema out");
        }

        if (plan.Tables.FirstOrDefault(table => table.Source.Name == table.Target) is { } same)
        {
            throw new Diagnostics.SourceException(
                $"Source and target are the same database: {same.Target} would be read while it is written", "nothing was done; name another target, or move the tables with ALTER SCHEMA … RENAME TO");
        }

        static string Place(string display) => display[(display.LastIndexOf('@') + 1)..];
    }

    /// <summary>Fits it into the target, as it is now: before anything is created, after BEFORE LOAD.</summary>
    /// <exception cref="Diagnostics.TargetException">The target's tables do not fit.</exception>
    public static async Task<DatabasePlan> FitAsync(DatabasePlan plan, IDatabaseTarget target, CancellationToken ct)
    {
        RefuseItself(plan, target);
        if (plan is { CreatesTables: true, Exact: { } catalog })
        {
            plan = ExactSchema.Apply(plan, target.Server.Version, await TablespacesAsync(catalog, target, ct).ConfigureAwait(false));
        }

        if (plan.CreatesTables)
        {
            var survey = await target.SurveyAsync(TargetFindings.Request(plan), ct).ConfigureAwait(false);
            return TargetFindings.Apply(plan, survey, target.Server.Role, target.Database);
        }

        var existing = await ExistingTables.ReadAsync(target, plan.Tables.Select(table => table.Target), ct).ConfigureAwait(false);
        plan = TableFit.Apply(plan, existing, target.Features, target.Server.Role);
        var found = existing.Tables.DistinctBy(table => table.Name).ToDictionary(table => table.Name);
        var notices = plan.Tables.SelectMany(table => target.Notices(found[table.Target], [.. table.Columns.Select(column => column.Name)]));
        return plan with { Notices = [.. plan.Notices, .. notices.Distinct().Except(plan.Notices)] };
    }

    // Those that tables may be put into; asked only where the source has any.
    private static async Task<IReadOnlySet<string>> TablespacesAsync(DatabaseCatalog catalog, IDatabaseTarget target, CancellationToken ct) =>
        catalog.Tables.All(table => table.Definition?.Tablespace is null)
            ? ImmutableHashSet<string>.Empty
            : (await target.QueryAsync("fetch tablespaces", target.Features.Dialect.TablespaceNames, ct).ConfigureAwait(false)).Select(row => row[0]).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Looks at some rows of each table, for a plan that is only printed: a run meets all rows anyway.</summary>
    /// <exception cref="Diagnostics.SourceException">A table cannot be read.</exception>
    public static async Task<DatabasePlan> SampleAsync(DatabasePlan plan, IDatabaseSource source, CancellationToken ct)
    {
        var found = new List<string>();
        foreach (var table in plan.CopiesData ? plan.Tables.Where(table => !table.Source.IsView) : [])
        {
            found.AddRange(SampleFindings.Of(table, await source.SampleAsync(table.Source, SampleFindings.Rows, ct).ConfigureAwait(false)));
        }

        return plan with { Notices = [.. plan.Notices, .. found] };
    }
}
