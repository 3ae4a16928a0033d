using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Plans;

/// <content>What depends on what the target can do.</content>
public sealed partial class DatabasePlanner
{
    private readonly List<string> _unfit = [];
    private readonly HashSet<DistributionRule> _distributed = [];
    private IReadOnlyDictionary<QualifiedName, string?>? _spread;
    private int _indexesLeft;
    private int _actionsLeft;

    /// <summary>The columns whose values the target's dialect wants to know before their tables can be made, by table.</summary>
    /// <exception cref="SourceException">A view that is to be loaded is not there.</exception>
    public static ImmutableArray<(TableModel Table, ImmutableArray<string> Columns)> ToMeasure(
        DatabaseLoadSpec spec, DatabaseCatalog catalog, ImmutableArray<CastRule> defaults, TargetFeatures features)
    {
        var planner = new DatabasePlanner(spec, catalog, defaults, features, SourceMeasures.None);
        return
        [
            .. planner.Sources(catalog)
                .Select(table => (table, table.Columns.Where(column => CastEngine.Apply(table.Name.Name, column, planner._rules) is var cast
                    && !planner.IsNative(cast) && features.Dialect.NeedsMeasure(cast.Type, column, IsInKey(table, column))).Select(column => column.Name).ToImmutableArray()))
                .Where(pair => !pair.Item2.IsEmpty),
        ];
    }

    private bool CreatesTables => _spec.Schema is { CreateTables: true, DataOnly: false };

    private ColumnPlan Column(TableModel table, ColumnModel column, string name, QualifiedName target)
    {
        var cast = OfOwnType(table, column, target, name, CastEngine.Apply(table.Name.Name, column, _rules));
        var made = _dialect.Column(new ColumnRequest
        {
            Source = column,
            Type = cast.Type,
            IsNotNull = cast.IsNotNull,
            Default = cast.Default,
            IsInKey = IsInKey(table, column),
            Measure = _measures.Find(table, column.Name),
            IsTransformed = cast.Using is not null,
            IsNative = IsNative(cast),
        });
        var label = $"{table.Name.Name}.{column.Name}";
        _notices.AddRange((CreatesTables ? made.Notices : []).Select(notice => $"column {Identifier.Display(table.Name.Name)}.{Identifier.Display(column.Name)} {notice}"));
        if (CreatesTables && made.DefaultLost is { } reason)
        {
            _uncarried.Add(new UncarriedObject("default", label, reason, table.Name.Name));
        }

        return new ColumnPlan(column, name, cast, made);
    }

    private bool IsNative(ColumnCast cast) => _isNative && cast.Rule?.ToType is null;

    private TableLayout? Layout(TableModel table, ImmutableArray<ColumnPlan> columns)
    {
        if (table.Layout is not { } layout || !CreatesTables)
        {
            return null;
        }

        var sorted = layout.SortKey.Select(Name).ToImmutableArray();
        if (_features.Layouts)
        {
            return layout with { DistributionKey = layout.DistributionKey is { } key ? Name(key) : null, SortKey = sorted };
        }

        var wanted = sorted.IsEmpty && layout.DistributionKey is { } only ? [Name(only)] : sorted;
        if (!wanted.IsEmpty && !(table.PrimaryKey is { } primary && primary.Columns.Take(wanted.Length).Select(Name).SequenceEqual(wanted)))
        {
            _notices.Add($"{Identifier.Display(table.Name.Name)} is {(sorted.IsEmpty ? "spread" : "sorted")} by {string.Join(", ", wanted.Select(Identifier.Display))} at its source: "
                + "an index of these columns may serve its queries");
        }

        return null;

        string Name(string source) => columns.First(column => column.Source.Name == source).Name;
    }

    private static bool IsInKey(TableModel table, ColumnModel column) =>
        table.PrimaryKey?.Columns.Contains(column.Name, StringComparer.OrdinalIgnoreCase) == true;

    private void CheckTable(TableModel table, QualifiedName target, ImmutableArray<ColumnPlan> columns)
    {
        if (_features.TemporaryPrefix is { } prefix && target.Name.StartsWith(prefix))
        {
            _unfit.Add($"table {Identifier.Display(table.Name.Name)} would be a temporary one, as its name begins with {prefix}: ALTER TABLE NAMES MATCHING … RENAME TO gives it another");
        }

        if (columns.Length > _features.MaxColumns)
        {
            _unfit.Add($"table {Identifier.Display(table.Name.Name)} has {columns.Length} columns, and a table can have {_features.MaxColumns}");
        }

        foreach (var column in columns.Where(column => _features.SystemColumns.Contains(column.Name)))
        {
            _unfit.Add($"column {Identifier.Display(column.Source.Name)} of {Identifier.Display(table.Name.Name)} has the name of a column of the system");
        }
    }

    private void ThrowUnfit()
    {
        _unfit.AddRange(_spec.Distribution.Where(rule => _features.Distribution && _spread is null && !_distributed.Contains(rule))
            .Select(rule => $"DISTRIBUTE names {rule.Table}, which is not among the tables of the target"));
        if (_unfit.Count > 0)
        {
            throw new SourceException(
                $"{_features.ServerKind} cannot take the source as it is: {string.Join("; ", _unfit)}", "nothing was done; EXCLUDING TABLE NAMES leaves tables out");
        }
    }

    // Where keys have to hold the column that a table is spread by, tables change before anything else is made of them.
    private ImmutableArray<TableModel> Distributed(DatabaseCatalog catalog, ImmutableArray<TableModel> tables)
    {
        if (!_features.DistributionInKeys || _spec.Distribution.IsEmpty)
        {
            return tables;
        }

        var result = DistributionPass.Apply(catalog, tables, _spec, name => TablePlacement.Of(name, TargetNames.Fold(name.Name, _spec.Options.IdentifierCase), _spec).Name);
        _spread = result.Columns;
        _unfit.AddRange(result.Faults);
        _notices.AddRange(result.Notices);
        _uncarried.AddRange(result.Uncarried);
        if (!CreatesTables)
        {
            _notices.Add("DISTRIBUTE spreads nothing: the tables are not created");
        }

        return result.Tables;
    }

    private TableDistribution? Distribution(TableModel source, QualifiedName table, ImmutableArray<ColumnPlan> columns)
    {
        if (_spread is not null)
        {
            return !CreatesTables || !_spread.TryGetValue(source.Name, out var spread) ? null
                : new TableDistribution(spread is null ? null : columns.First(column => column.Source.Name == spread).Name);
        }

        var rule = _spec.Distribution.FirstOrDefault(rule => _features.Distribution
            && rule.Table.Name.Equals(table.Name, StringComparison.OrdinalIgnoreCase)
            && (rule.Table.Schema ?? "public").Equals(table.Schema ?? "public", StringComparison.OrdinalIgnoreCase));
        if (rule is null)
        {
            return null;
        }

        _distributed.Add(rule);
        if (!CreatesTables)
        {
            _notices.Add($"DISTRIBUTE {rule.Table} has no effect: the table is not created");
            return null;
        }

        if (!rule.From.IsEmpty)
        {
            _notices.Add($"FROM has no effect in DISTRIBUTE {rule.Table}: the column has to be in the table");
        }

        if (rule.Column is null)
        {
            return new TableDistribution(null);
        }

        var found = columns.FirstOrDefault(column => column.Name.Equals(rule.Column, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            _unfit.Add($"table {table} has no column {Identifier.Display(rule.Column)} to be distributed by");
        }

        return found is null ? null : new TableDistribution(found.Name);
    }

    // A server that takes the key without looking believes it, and would answer wrong where it does not hold.
    private bool CanBeKey(TablePlan table, KeyModel key)
    {
        var nullable = _features.EnforcedKeys ? null : key.Columns
            .Select(name => table.Columns.First(column => column.Source.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(column => !column.Target.IsNotNull);
        if (nullable is null || !CreatesTables)
        {
            return true;
        }

        var nulls = _measures.Find(table.Source, nullable.Source.Name)?.Nulls;
        _uncarried.Add(new UncarriedObject(
            "primary key", table.Source.Name.Name, $"its column {Identifier.Display(nullable.Source.Name)} {(nulls > 0 ? $"holds NULL in {nulls} rows" : "may hold NULL")}", table.Source.Name.Name));
        return false;
    }

    // Without indexes one that is unique can still say so.
    private IndexPlan? UniqueKey(TablePlan table, TableIndex index)
    {
        if (!index.IsUnique || index.Where is not null || index.Parts.Any(part => part.Column is null))
        {
            _indexesLeft++;
            return null;
        }

        var columns = index.Parts.Select(part => part.Column!).ToImmutableArray(); // all are columns
        var isKnown = table.Source.UniqueKeys.Append(table.Source.PrimaryKey).OfType<KeyModel>().Any(key => AreSame(key.Columns, columns));
        return isKnown ? null : Key(table, new KeyModel(index.Name, columns), index.Name, isPrimary: false);
    }

    // Null: the columns are those of a key that will be there.
    private string? NotKeyed(TablePlan referenced, ImmutableArray<string> columns)
    {
        if (_features.EnforcedKeys)
        {
            return null;
        }

        var name = Identifier.Display(referenced.Source.Name.Name);
        if (!_spec.Schema.CreateIndexes)
        {
            return $"without create indexes {name} has no key that it could refer to";
        }

        var keys = referenced.Source.UniqueKeys.Select(key => key.Columns)
            .Concat(referenced.Source.Indexes.Where(index => index.IsUnique && index.Where is null).Select(index => index.Parts.Select(part => part.Column ?? "").ToImmutableArray()));
        if (referenced.Source.PrimaryKey is { } key && key.Columns.All(column => referenced.Columns.Any(
            found => found.Source.Name.Equals(column, StringComparison.OrdinalIgnoreCase) && found.Target.IsNotNull)))
        {
            keys = keys.Append(key.Columns);
        }

        return keys.Any(key => AreSame(key, columns))
            ? null
            : $"{name} has no key of the columns {string.Join(", ", columns.Select(Identifier.Display))}";
    }

    // What a source of PostgreSQL's kind has besides, and no other target takes.
    private void LeaveDefinitions(IEnumerable<TablePlan> tables)
    {
        foreach (var table in tables.Where(table => table.Source.Definition is not null))
        {
            var (name, definition) = (table.Source.Name, table.Source.Definition!); // filtered
            foreach (var (kind, part) in definition.Checks.Select(check => ("check", check.Name))
                .Concat(definition.Indexes.Where(index => index.Constraint is { } constraint && constraint.Text.StartsWith("EXCLUDE", StringComparison.Ordinal)).Select(index => ("exclusion", index.Name)))
                .Concat(definition.Statistics.Select(statistics => ("statistics", statistics.Name.Name)))
                .Concat(table.Source.Columns.Where(column => column.IsGenerated).Select(column => ("generated column", column.Name))))
            {
                _uncarried.Add(new UncarriedObject(kind, $"{name}.{part}", kind == "generated column" ? "its values are copied" : $"{_features.ServerKind} has none"));
            }
        }

        foreach (var table in tables.Where(table => table.Source.IsPartitioned))
        {
            _notices.Add($"{table.Source.Name} is partitioned: {_features.ServerKind} has no partitions, its rows are in the tables that its partitions become, and {table.Target} stays empty");
        }
    }

    private static bool AreSame(ImmutableArray<string> key, ImmutableArray<string> columns) =>
        key.Length == columns.Length && key.All(column => columns.Contains(column, StringComparer.OrdinalIgnoreCase));

    private void NoticeTarget(List<TablePlan> tables)
    {
        var kind = _features.ServerKind;
        if (!_spec.Distribution.IsEmpty && !_features.Distribution)
        {
            throw new SourceException($"DISTRIBUTE is of no use here: {kind} does not spread tables over a cluster", "leave it out; nothing was done");
        }

        if (!CreatesTables)
        {
            return;
        }

        if (_indexesLeft > 0)
        {
            _notices.Add($"{_indexesLeft} index{(_indexesLeft == 1 ? " is" : "es are")} not created: {kind} has none; unique ones become keys");
        }

        if (!_features.EnforcedKeys && tables.Any(table => !table.Indexes.IsEmpty || !table.ForeignKeys.IsEmpty))
        {
            _actionsLeft = tables.SelectMany(table => table.ForeignKeys).Count(key => key.Key is not { OnDelete: ForeignKeyAction.NoAction, OnUpdate: ForeignKeyAction.NoAction });
            _notices.Add($"keys are only declared: {kind} plans queries by them and never checks them; each is checked once, before it is declared"
                + (_actionsLeft > 0 ? $"; ON DELETE and ON UPDATE of {_actionsLeft} foreign keys are left out" : ""));
        }

        var numbered = tables.SelectMany(table => table.Columns.Where(column => column.Source.IsAutoIncrement && column.Target.TypeSuffix.Length == 0)
            .Select(column => $"{table.Target}.{Identifier.Display(column.Name)}")).ToArray();
        if (!_features.Sequences && numbered.Length > 0)
        {
            _notices.Add($"{kind} has no sequences: {string.Join(", ", numbered.Take(5))}{(numbered.Length > 5 ? ", …" : "")} "
                + $"{(numbered.Length == 1 ? "is a plain number" : "are plain numbers")}; WITH identity columns makes it number new rows");
        }

        if (_features.IgnoresCase && _spec.Options.IdentifierCase == IdentifierCase.Quote)
        {
            _notices.Add($"quote identifiers does not keep the case of names: {kind} makes them lower-case");
        }
    }
}
