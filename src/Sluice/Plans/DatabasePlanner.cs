using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Makes the plan of a database load from what the source holds. Touches nothing.</summary>
public sealed class DatabasePlanner
{
    private readonly DatabaseLoadSpec _spec;
    private readonly ImmutableArray<CastRule> _rules;
    private readonly TargetFeatures _features;
    private readonly List<UncarriedObject> _uncarried;
    private readonly List<string> _notices = [];
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, HashSet<string>> _relations = new(StringComparer.Ordinal);

    private DatabasePlanner(DatabaseLoadSpec spec, DatabaseCatalog catalog, ImmutableArray<CastRule> defaults, TargetFeatures features)
    {
        _spec = spec;
        _rules = [.. spec.Casts.Select(rule => CastRules.Of(rule, rule.Text ?? spec.Text)), .. defaults];
        _features = features;
        _uncarried = [.. catalog.Uncarried];
    }

    /// <param name="spec">The command.</param>
    /// <param name="catalog">What the source holds.</param>
    /// <param name="defaults">The source's own cast rules.</param>
    /// <param name="features">What the target can do.</param>
    /// <param name="processors">How many there are here.</param>
    /// <exception cref="SourceException">No table is left, or names collide in the target.</exception>
    public static DatabasePlan Build(
        DatabaseLoadSpec spec, DatabaseCatalog catalog, ImmutableArray<CastRule> defaults, TargetFeatures features, int processors) =>
        new DatabasePlanner(spec, catalog, defaults, features).Build(catalog, processors);

    private DatabasePlan Build(DatabaseCatalog catalog, int processors)
    {
        var sources = TableFilters.Apply(catalog.Tables, _spec);
        sources = sources.AddRange(Views(catalog));
        if (sources.IsEmpty && !catalog.Tables.IsEmpty)
        {
            throw new SourceException(
                $"None of the {catalog.Tables.Length} tables is included", $"the tables are: {string.Join(", ", catalog.Tables.Take(20).Select(table => Identifier.Display(table.Name.Name)))}");
        }

        // Only what belongs to tables that are loaded stays behind with them.
        _uncarried.RemoveAll(item => item.Kind == "view" && sources.Any(source => source.IsView && source.Name.Name == item.Name));
        var left = catalog.Tables.Except(sources).Select(table => table.Name.Name).ToHashSet(StringComparer.Ordinal);
        _uncarried.RemoveAll(item => item.Table is not null && left.Contains(item.Table));
        var tables = sources.Select(Table).ToList();
        if (_faults.Count > 0)
        {
            throw new SourceException(
                $"Names of the source are the same in the target: {string.Join("; ", _faults)}", "WITH quote identifiers keeps the case of names; EXCLUDING leaves tables out");
        }

        var exact = tables.ToDictionary(table => table.Source.Name.Name, StringComparer.Ordinal);
        var anyCase = tables.ToLookup(table => table.Source.Name.Name, StringComparer.OrdinalIgnoreCase);
        tables = [.. tables.Select(table => WithIndexes(table) with
        {
            ForeignKeys = ForeignKeys(table, name => exact.GetValueOrDefault(name) ?? anyCase[name].FirstOrDefault()),
        })];
        Notice(catalog, tables);
        var choices = DatabaseChoices.Of(_spec.Options, processors, tables.Select(table => table.Indexes.Length).DefaultIfEmpty(0).Max());
        return new DatabasePlan
        {
            Spec = _spec,
            SourceEncoding = catalog.TextEncoding is null ? _spec.Schema.EncodingName : null,
            Tables = [.. tables.Select(table => table with { BatchBytes = choices.BatchBytesFor(table.Source.EstimatedRows) })
                .OrderBy(table => table.Source.IsView).ThenByDescending(table => table.Source.EstimatedRows ?? long.MaxValue)],
            DropSchemas = DropsSchemas ? SqlStep.Of("Drop Schemas", tables.Select(table => table.Target.Schema).OfType<string>().Distinct().Select(SqlDialect.DropSchema)) : null,
            BeforeLoad = FileLoadPlan.Step("before load", _spec.BeforeLoad),
            AfterSchema = FileLoadPlan.Step("after schema", _spec.AfterCreateSchema),
            AfterLoad = FileLoadPlan.Step("after load", _spec.AfterLoad),
            Workers = choices.Workers,
            WorkersReason = choices.WorkersReason,
            Writers = choices.Writers,
            WritersReason = choices.WritersReason,
            IndexBuilders = choices.IndexBuilders,
            IndexBuildersReason = choices.IndexBuildersReason,
            BatchRows = choices.BatchRows,
            BatchBytes = choices.BatchBytes,
            Uncarried = [.. _uncarried],
            Notices = [.. _notices],
        };
    }

    private bool DropsSchemas => _spec.Schema is { DropSchema: true, CreateSchemas: true, CreateTables: true, DataOnly: false };

    private IEnumerable<TableModel> Views(DatabaseCatalog catalog)
    {
        if (_spec.MaterializeAllViews)
        {
            return catalog.Views;
        }

        return _spec.Views.Select(view =>
            catalog.Views.FirstOrDefault(found => found.Name.Name == view.Name.Name)
            ?? catalog.Views.FirstOrDefault(found => found.Name.Name.Equals(view.Name.Name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SourceException(
                $"There is no view {Identifier.Display(view.Name.Name)} that can be read",
                catalog.Views.IsEmpty ? "the source has no views" : $"the views are: {string.Join(", ", catalog.Views.Take(20).Select(found => Identifier.Display(found.Name.Name)))}"));
    }

    private TablePlan Table(TableModel table)
    {
        var placement = TablePlacement.Of(table.Name, TargetNames.Fold(table.Name.Name, _spec.Options.IdentifierCase), _spec);
        var target = placement.Name with { Name = Cut(placement.Name.Name, $"table {Identifier.Display(table.Name.Name)}") };
        if (!Taken(target.Schema).Add(target.Name))
        {
            _faults.Add($"table {Identifier.Display(table.Name.Name)} would be a second {target}");
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var columns = ImmutableArray.CreateBuilder<ColumnPlan>();
        foreach (var column in table.Columns)
        {
            var name = Cut(TargetNames.Fold(column.Name, _spec.Options.IdentifierCase), $"column {Identifier.Display(table.Name.Name)}.{Identifier.Display(column.Name)}");
            if (!names.TryAdd(name, column.Name))
            {
                _faults.Add($"columns {Identifier.Display(names[name])} and {Identifier.Display(column.Name)} of {Identifier.Display(table.Name.Name)} would both be {Identifier.Display(name)}");
            }

            columns.Add(new ColumnPlan(column, name, CastEngine.Apply(table.Name.Name, column, _rules)));
        }

        var create = SqlDialect.CreateTable(
            target,
            columns.Select(column => (
                column.Name, column.Cast.Type, column.Cast.IsNotNull, column.Cast.Default is { } value && !IsSerial(column) ? SqlDialect.Default(value) : null)),
            placement.Parameters.Select(parameter => (parameter.Name, parameter.Value)),
            placement.Tablespace);
        return new TablePlan
        {
            Source = table,
            Target = target,
            Columns = columns.ToImmutable(),
            Create = _spec.Schema.IncludeDrop ? [SqlDialect.DropTable(target), create] : [create],
            Sequences = _spec.Schema.ResetSequences ? [.. columns.Where(IsSerial).Select(column => SqlDialect.ResetSequence(target, column.Name))] : [],
            ResetsSequences = _spec.Schema.ResetSequences,
            Comments = [.. Comments(table, target, columns)],
            BatchBytes = BufferSizes.BatchBytes,
        };
    }

    private static IEnumerable<string> Comments(TableModel table, QualifiedName target, IEnumerable<ColumnPlan> columns)
    {
        var own = table.Comment is { Length: > 0 } said ? [SqlDialect.CommentOnTable(target, said)] : Array.Empty<string>();
        return own.Concat(columns.Where(column => column.Source.Comment is { Length: > 0 })
            .Select(column => SqlDialect.CommentOnColumn(target, column.Name, column.Source.Comment!))); // filtered
    }

    // Tables and indexes of a schema share their names.
    private HashSet<string> Taken(string? schema) =>
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_relations, schema ?? "", out _) ??= new(StringComparer.Ordinal);

    private string Cut(string name, string what)
    {
        var cut = TargetNames.Cut(name, _features.MaxIdentifierBytes);
        if (cut.Length < name.Length)
        {
            _notices.Add($"the name of {what} has {TargetNames.Bytes(name)} bytes and is cut to {Identifier.Display(cut)}");
        }

        return cut;
    }

    private static bool IsSerial(ColumnPlan column) => column.Cast.Type.ToLowerInvariant() is "serial" or "bigserial" or "smallserial";

    // All tables have their names by now: an index takes one that is left.
    private TablePlan WithIndexes(TablePlan table)
    {
        var indexes = ImmutableArray.CreateBuilder<IndexPlan>();
        if (!_spec.Schema.CreateIndexes)
        {
            return table;
        }

        if (table.Source.PrimaryKey is { } key)
        {
            indexes.Add(Key(table, key, $"{table.Target.Name}_pkey", isPrimary: true));
        }

        foreach (var unique in table.Source.UniqueKeys)
        {
            indexes.Add(Key(table, unique, $"{table.Target.Name}_{string.Join('_', unique.Columns.Select(column => ColumnName(table, column)))}_key", isPrimary: false));
        }

        foreach (var index in table.Source.Indexes)
        {
            if (Index(table, index) is { } plan)
            {
                indexes.Add(plan);
            }
        }

        return table with { Indexes = indexes.ToImmutable() };
    }

    private IndexPlan Key(TablePlan table, KeyModel key, string usualName, bool isPrimary)
    {
        var name = Free(table, key.Name is null ? usualName : TargetNames.Fold(key.Name, _spec.Options.IdentifierCase));
        return new IndexPlan(
            name,
            SqlDialect.CreateIndex(table.Target, name, isUnique: true, key.Columns.Select(column => Identifier.Quote(ColumnName(table, column))), where: null),
            SqlDialect.AddKey(table.Target, name, isPrimary));
    }

    private IndexPlan? Index(TablePlan table, TableIndex index)
    {
        var untranslated = index.Parts.Select(part => part.Expression).Append(index.Where).FirstOrDefault(sql => sql is { Pieces: null });
        if (untranslated is not null)
        {
            _uncarried.Add(new UncarriedObject("index", $"{table.Source.Name.Name}.{index.Name}", $"the expression {untranslated.Text} is not translated"));
            return null;
        }

        var folded = TargetNames.Fold(index.Name, _spec.Options.IdentifierCase);
        var name = Free(table, _spec.Schema.PreserveIndexNames ? folded : $"idx_{table.Target.Name}_{folded}");
        return new IndexPlan(
            name,
            SqlDialect.CreateIndex(table.Target, name, index.IsUnique, index.Parts.Select(part => Part(table, part)), index.Where is null ? null : Sql(table, index.Where)),
            AddKey: null);
    }

    private string Free(TablePlan table, string name)
    {
        var free = TargetNames.Free(name, Taken(table.Target.Schema), _features.MaxIdentifierBytes);
        if (free != name)
        {
            _notices.Add($"index {Identifier.Display(name)} is called {Identifier.Display(free)}: the name is {(TargetNames.Bytes(name) > _features.MaxIdentifierBytes ? "too long" : "taken")}");
        }

        return free;
    }

    private static string Part(TablePlan table, IndexPart part) =>
        (part.Column is not null ? Identifier.Quote(ColumnName(table, part.Column)) : $"({Sql(table, part.Expression!)})") // one of both
        + (part.IsDescending ? " DESC" : "");

    private static string Sql(TablePlan table, SourceSql sql) =>
        string.Join(' ', sql.Pieces!.Value.Select(piece => piece.IsColumn ? Identifier.Quote(ColumnName(table, piece.Text)) : piece.Text)); // translated

    private static string ColumnName(TablePlan table, string source) =>
        table.Columns.First(column => column.Source.Name.Equals(source, StringComparison.OrdinalIgnoreCase)).Name;

    private ImmutableArray<ForeignKeyPlan> ForeignKeys(TablePlan table, Func<string, TablePlan?> find)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var plans = ImmutableArray.CreateBuilder<ForeignKeyPlan>();
        foreach (var key in _spec.Schema.ForeignKeys ? table.Source.ForeignKeys : [])
        {
            var label = $"{table.Source.Name.Name}.{string.Join('_', key.Columns)}";
            var referenced = find(key.References.Name);
            var columns = key.ReferencedColumns.IsEmpty ? referenced?.Source.PrimaryKey?.Columns ?? [] : key.ReferencedColumns;
            var missing = referenced is null ? $"it refers to {Identifier.Display(key.References.Name)}, which is not loaded"
                : columns.Length != key.Columns.Length ? $"{Identifier.Display(key.References.Name)} has no key of {key.Columns.Length} columns"
                : columns.FirstOrDefault(column => !referenced.Source.Columns.Any(c => c.Name.Equals(column, StringComparison.OrdinalIgnoreCase))) is { } unknown
                    ? $"{Identifier.Display(key.References.Name)} has no column {Identifier.Display(unknown)}"
                : null;
            if (missing is not null || referenced is null)
            {
                _uncarried.Add(new UncarriedObject("foreign key", label, missing ?? ""));
                continue;
            }

            var own = key.Columns.Select(column => ColumnName(table, column)).ToImmutableArray();
            var name = TargetNames.Free(
                key.Name is null ? $"{table.Target.Name}_{string.Join('_', own)}_fkey" : TargetNames.Fold(key.Name, _spec.Options.IdentifierCase), taken, _features.MaxIdentifierBytes);
            plans.Add(new ForeignKeyPlan(name, table.Target, key with
            {
                Columns = own,
                References = referenced.Target,
                ReferencedColumns = [.. columns.Select(column => ColumnName(referenced, column))],
            }));
        }

        return plans.ToImmutable();
    }

    private void Notice(DatabaseCatalog catalog, List<TablePlan> tables)
    {
        _notices.AddRange(_spec.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Note).Select(found => found.Message));
        if (_spec.Schema.EncodingName is not null && catalog.TextEncoding is { } encoding)
        {
            _notices.Add($"encoding has no effect: the database is {encoding}");
        }

        if (catalog.Tables.IsEmpty)
        {
            _notices.Add("the source has no tables");
        }

        var creates = _spec.Schema is { CreateTables: true, DataOnly: false };
        _notices.AddRange(OptionsInVain.Of(_spec));

        if (creates && tables.SelectMany(table => table.Columns.Select(column => (table, column))).FirstOrDefault(pair => pair.column.Cast.Type == "real") is { table: { } table, column: { } column })
        {
            _notices.Add($"real has 6 digits, {table.Target}.{Identifier.Display(column.Name)} up to 15: CAST type real to \"double precision\" keeps them all");
        }
    }
}
