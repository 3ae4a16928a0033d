using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Fits a plan into tables that exist: finds each table and column, and says at once all that does not fit.</summary>
public sealed class TableFit
{
    // Objects of the source that nobody asked for: the target has its own.
    private static readonly string[] OfNoInterest = ["index", "default", "check", "collation", "deferral", "foreign key"];

    private readonly DatabasePlan _plan;
    private readonly ExistingSchema _existing;
    private readonly TargetFeatures _features;
    private readonly SqlDialect _dialect;
    private readonly string _role;
    private readonly Dictionary<QualifiedName, PostgresTable> _exact;
    private readonly ILookup<(string?, string), PostgresTable> _anyCase;
    private readonly HashSet<QualifiedName> _loaded = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _notices = [];

    private TableFit(DatabasePlan plan, ExistingSchema existing, TargetFeatures features, string role)
    {
        _plan = plan;
        _existing = existing;
        _features = features;
        _dialect = features.Dialect;
        _role = role;
        _exact = existing.Tables.DistinctBy(table => table.Name).ToDictionary(table => table.Name);
        _anyCase = existing.Tables.ToLookup(table => (table.Name.Schema, table.Name.Name.ToLowerInvariant()));
    }

    private bool RebuildsKeys => _plan.Spec.Schema.ForeignKeys && _features.EnforcedKeys;

    private bool DropsIndexes => _plan.Spec.Options.DropIndexes && _features.Indexes;

    /// <param name="plan">As for tables that are created.</param>
    /// <param name="existing">What the target holds.</param>
    /// <param name="features">What the target can do.</param>
    /// <param name="role">Who loads, for messages.</param>
    /// <exception cref="TargetException">Tables or columns are missing, or cannot be loaded.</exception>
    public static DatabasePlan Apply(DatabasePlan plan, ExistingSchema existing, TargetFeatures features, string role) =>
        new TableFit(plan, existing, features, role).Apply();

    private DatabasePlan Apply()
    {
        foreach (var table in _plan.Tables)
        {
            if (Find(table.Target) is { } found && !_loaded.Add(found.Name))
            {
                _faults.Add($"two tables of the source would go into {found.Name}");
            }
        }

        var tables = _plan.Tables.Select(Table).OfType<TablePlan>().ToImmutableArray();
        if (_faults.Count > 0)
        {
            throw new TargetException(
                $"The target's tables do not fit the source's: {string.Join("; ", _faults)}", "nothing was done to them; create or alter them, or leave tables out with EXCLUDING TABLE NAMES");
        }

        if (_plan.Spec.Options.DropIndexes && !_features.Indexes)
        {
            _notices.Add($"drop indexes has no effect: {_features.ServerKind} has no indexes");
        }

        if (_plan.Spec.Options is { SingleTransaction: true, Truncate: true } && !_features.TransactionalTruncate)
        {
            _notices.Add($"the tables are emptied with DELETE: TRUNCATE commits on {_features.ServerKind}, and this is a single transaction");
        }

        var keys = tables.SelectMany(table => table.ForeignKeys).ToArray();
        return _plan with
        {
            Tables = tables,
            DropForeignKeys = keys.Length > 0 ? SqlStep.Of("Drop Foreign Keys", keys.Select(key => _dialect.DropKey(key.Table, key.Name))) : null,
            Truncate = _plan.Spec.Options.Truncate && tables.Length > 0 ? SqlStep.Of("Truncate", Empty(tables)) : null,
            Uncarried = _plan.Uncarried.RemoveAll(item => OfNoInterest.Contains(item.Kind)),
            Notices = [.. _plan.Notices, .. _notices],
        };
    }

    // Where TRUNCATE commits what came before it, a single transaction empties tables row by row.
    private IEnumerable<string> Empty(ImmutableArray<TablePlan> tables) => _plan.IsSingleTransaction && !_features.TransactionalTruncate
        ? tables.Select(table => _dialect.Empty(table.Target))
        : _dialect.Truncate(tables.Select(table => table.Target));

    private PostgresTable? Find(QualifiedName name) =>
        _exact.GetValueOrDefault(name) ?? _anyCase[(name.Schema, name.Name.ToLowerInvariant())].FirstOrDefault();

    private TablePlan? Table(TablePlan table)
    {
        if (Find(table.Target) is not { } found)
        {
            _faults.Add($"table {table.Target} does not exist");
            return null;
        }

        var columns = table.Columns.Select(column => Column(found, column)).OfType<ColumnPlan>().ToImmutableArray();
        foreach (var both in columns.GroupBy(column => column.Name, StringComparer.Ordinal).Where(both => both.Count() > 1))
        {
            _faults.Add($"{string.Join(" and ", both.Select(column => Identifier.Display(column.Source.Name)))} of the source would both go into column {Identifier.Display(both.Key)} of {found.Name}");
        }

        var loaded = columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var column in found.LoadableColumns.Where(column => !loaded.Contains(column.Name) && column is { IsNotNull: true, DefaultSql: null, HasSequence: false }))
        {
            _faults.Add($"column {Identifier.Display(column.Name)} of {found.Name} is NOT NULL, has no default, and is not in the source");
        }

        var rebuild = DropsIndexes && found.Indexes.Length > 0 ? Rebuild(found) : null;
        CheckRights(found, columns);
        return table with
        {
            Target = found.Name,
            Columns = columns,
            Create = [],
            Comments = [],
            Indexes = rebuild is null ? [] : [.. rebuild.Build.Select(build => new IndexPlan(build.Name.Name, string.Join("; ", build.Statements), AddKey: null) { Rebuild = build })],
            DropIndexes = rebuild?.Drop ?? [],
            FinishIndexes = rebuild?.Finish ?? [],
            ForeignKeys = RebuildsKeys ? [.. _existing.ForeignKeys.Where(key => key.Table == found.Name)] : [],
            Sequences = table.ResetsSequences ? [.. found.Columns.Where(column => column.HasSequence).Select(column => _dialect.ResetSequence(found.Name, column.Name)).OfType<string>()] : [],
        };
    }

    private ColumnPlan? Column(PostgresTable table, ColumnPlan column)
    {
        var found = table.Columns.FirstOrDefault(other => other.Name == column.Name)
            ?? table.Columns.FirstOrDefault(other => other.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            _faults.Add($"{table.Name} has no column {Identifier.Display(column.Name)}");
            return null;
        }

        if (found.Generated != GeneratedKind.None)
        {
            _notices.Add($"column {Identifier.Display(found.Name)} of {table.Name} is generated: its values are computed, not copied");
            return null;
        }

        var differs = $"column {Identifier.Display(found.Name)} of {table.Name} is {found.TypeName}; the cast rules say {column.Target.Type}";
        // Only a function without a type of its own may make anything.
        if ((column.Cast.Using is null || column.Cast.Rule?.Using is not null) && TypeFit.IsHopeless(column.Target.Type, found.TypeName))
        {
            _faults.Add($"{differs}, which it takes no value of: CAST column {column.Source.Name} … USING says how to change them");
        }
        else if (!TypeFit.IsSame(found.TypeName, column.Target.Type))
        {
            _notices.Add(differs);
        }

        return column with { Name = found.Name };
    }

    private IndexRebuild? Rebuild(PostgresTable table)
    {
        // Foreign keys of the tables that are loaded are out of the way by then, and come back later.
        var others = _existing.ForeignKeys.Where(key => key.Key.References == table.Name && !_loaded.Contains(key.Table)).ToArray();
        if (RebuildsKeys && others.Length > 0)
        {
            _faults.Add($"drop indexes cannot be used with {table.Name}: foreign keys of tables that are not loaded refer to it: {Names(others)}");
            return null;
        }

        try
        {
            return IndexRebuild.Of(RebuildsKeys ? table with { SelfReferences = [], Indexes = [.. table.Indexes.Select(index => index with { ReferencedBy = [] })] } : table);
        }
        catch (TargetException e)
        {
            _faults.Add(e.Message);
            return null;
        }
    }

    private void CheckRights(PostgresTable table, ImmutableArray<ColumnPlan> columns)
    {
        try
        {
            table.EnsureLoadable([.. columns.Select(column => column.Name)], _role);
        }
        catch (TargetException e)
        {
            _faults.Add(e.Message);
        }

        if (_plan.Spec.Options.Truncate)
        {
            if (!table.MayTruncate)
            {
                _faults.Add($"role {Identifier.Display(_role)} may not truncate {table.Name}");
            }

            var others = _existing.ForeignKeys.Where(key => key.Key.References == table.Name && !_loaded.Contains(key.Table)).ToArray();
            if (others.Length > 0 && !(_plan.IsSingleTransaction && !_features.TransactionalTruncate))
            {
                _faults.Add($"{table.Name} cannot be truncated: foreign keys of tables that are not loaded refer to it: {Names(others)}");
            }
        }

        if (RebuildsKeys && !table.IsOwner && _existing.ForeignKeys.Any(key => key.Table == table.Name))
        {
            _faults.Add($"role {Identifier.Display(_role)} does not own {table.Name} and cannot drop its foreign keys (no foreign keys leaves them in place)");
        }
    }

    private static string Names(IEnumerable<ForeignKeyPlan> keys) => string.Join(", ", keys.Select(key => $"{key.Table} ({Identifier.Display(key.Name)})"));
}
