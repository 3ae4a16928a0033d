using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Makes the plan of a database load from what the source holds. Touches nothing.</summary>
public sealed partial class DatabasePlanner
{
    private readonly DatabaseLoadSpec _spec;
    private readonly ImmutableArray<CastRule> _rules;

    // Types need no casts: source and target are of one kind.
    private readonly bool _isNative;
    private readonly TargetFeatures _features;
    private readonly SqlDialect _dialect;
    private readonly SourceMeasures _measures;
    private readonly List<UncarriedObject> _uncarried;
    private readonly List<string> _notices = [];
    private readonly bool _decodesTexts;
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, HashSet<string>> _relations = new(StringComparer.Ordinal);

    private DatabasePlanner(
        DatabaseLoadSpec spec, DatabaseCatalog catalog, ImmutableArray<CastRule> defaults, TargetFeatures features, SourceMeasures measures)
    {
        _spec = spec;
        _isNative = catalog.ServerKind is { } kind && kind == features.ServerKind;
        _rules = [.. spec.Casts.Select(rule => CastRules.Of(rule, rule.Text ?? spec.Text)), .. _isNative ? [] : defaults];
        _features = features;
        _dialect = features.Dialect;
        _measures = measures;
        _uncarried = [.. catalog.Uncarried];
        _decodesTexts = catalog.TextEncoding is null;
    }

    /// <param name="spec">The command.</param>
    /// <param name="catalog">What the source holds.</param>
    /// <param name="defaults">The source's own cast rules.</param>
    /// <param name="features">What the target can do.</param>
    /// <param name="processors">How many there are here.</param>
    /// <param name="measures">What is known of the values.</param>
    /// <exception cref="SourceException">No table is left, or names or columns cannot be those of a table in the target.</exception>
    /// <exception cref="TargetException">The target cannot do it in the way that is asked for.</exception>
    public static DatabasePlan Build(
        DatabaseLoadSpec spec, DatabaseCatalog catalog, ImmutableArray<CastRule> defaults, TargetFeatures features, int processors, SourceMeasures? measures = null) =>
        new DatabasePlanner(spec, catalog, defaults, features, measures ?? SourceMeasures.None).Build(catalog, processors);

    private DatabasePlan Build(DatabaseCatalog catalog, int processors)
    {
        SingleTransactionScripts.EnsureTogether(_spec, _features);
        var sources = Distributed(catalog, Sources(catalog));
        if (sources.IsEmpty && !catalog.Tables.IsEmpty)
        {
            throw new SourceException(
                $"None of the {catalog.Tables.Length} tables is included", $"the tables are: {string.Join(", ", catalog.Tables.Take(20).Select(table => Identifier.Display(table.Name.Name)))}");
        }

        // Only what belongs to tables that are loaded stays behind with them.
        _uncarried.RemoveAll(item => item.Kind is "view" or "materialized view"
            && sources.Any(source => source.IsView && (source.Name.Name == item.Name || $"{source.Name.Schema}.{source.Name.Name}" == item.Name)));
        var left = catalog.Tables.ExceptBy(sources.Select(table => table.Name), table => table.Name).Select(table => table.Name.Name)
            .Except(sources.Select(table => table.Name.Name)).ToHashSet(StringComparer.Ordinal); // two schemas may have tables of one name
        _uncarried.RemoveAll(item => item.Table is not null && left.Contains(item.Table));
        var tables = sources.Select(Table).ToList();
        ThrowUnfit();
        if (_faults.Count > 0)
        {
            throw new SourceException(
                $"Names of the source are the same in the target: {string.Join("; ", _faults)}", "WITH quote identifiers keeps the case of names; EXCLUDING leaves tables out");
        }

        var exact = tables.ToDictionary(table => table.Source.Name);
        var anyCase = tables.ToLookup(table => (table.Source.Name.Schema, table.Source.Name.Name.ToLowerInvariant()));
        tables = [.. tables.Select(table => IsExact(catalog) ? table : WithRules(WithIndexes(table)) with
        {
            ForeignKeys = ForeignKeys(table, name => exact.GetValueOrDefault(name) ?? anyCase[(name.Schema, name.Name.ToLowerInvariant())].FirstOrDefault()),
        })];
        Notice(catalog, tables);
        NoticeTarget(tables);
        if (catalog.IsPostgres && !IsExact(catalog) && CreatesTables)
        {
            LeaveDefinitions(tables);
        }

        ImmutableArray<string> dropped = DropsSchemas ? [.. tables.Select(table => table.Target.Schema).OfType<string>().Distinct(StringComparer.Ordinal)] : [];
        var choices = DatabaseChoices.Of(_spec.Options, _features, processors, tables.Sum(table => table.Indexes.Length));
        return new DatabasePlan
        {
            Spec = _spec,
            SourceEncoding = catalog.TextEncoding is null ? _spec.Schema.EncodingName : null,
            Tables = [.. tables.Select(table => table with { BatchBytes = choices.BatchBytesFor(table.Source.EstimatedRows) })
                .OrderBy(table => table.Source.IsView).ThenByDescending(table => table.Source.EstimatedRows ?? long.MaxValue)],
            DropSchemas = dropped.IsEmpty ? null : SqlStep.Of("Drop Schemas", dropped.Select(_dialect.DropSchema)),
            DroppedSchemas = dropped,
            Exact = IsExact(catalog) ? catalog : null,
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
            Notices = [.. catalog.Notices, .. _notices],
        };
    }

    // Then ExactSchema writes what these would be written for.
    private bool IsExact(DatabaseCatalog catalog) => catalog.IsPostgres && _features.ExactSchemas;

    private bool DropsSchemas => _spec.Schema is { DropSchema: true, CreateSchemas: true, CreateTables: true, DataOnly: false };

    private ImmutableArray<TableModel> Sources(DatabaseCatalog catalog) =>
        (catalog.IsFiltered ? catalog.Tables : TableFilters.Apply(catalog.Tables, _spec)).AddRange(Views(catalog));

    private IEnumerable<TableModel> Views(DatabaseCatalog catalog)
    {
        if (_spec.MaterializeAllViews)
        {
            return catalog.Views;
        }

        return _spec.Views.Select(view =>
            catalog.Views.FirstOrDefault(found => found.Name.Name == view.Name.Name && (view.Name.Schema is null || view.Name.Schema == found.Name.Schema))
            ?? catalog.Views.FirstOrDefault(found => found.Name.Name.Equals(view.Name.Name, StringComparison.OrdinalIgnoreCase))
            ?? throw new SourceException(
                $"There is no view {Identifier.Display(view.Name.Name)} that can be read",
                catalog.Views.IsEmpty ? "the source has no views" : $"the views are: {string.Join(", ", catalog.Views.Take(20).Select(found => Identifier.Display(found.Name.Name)))}"));
    }

    private TablePlan Table(TableModel table)
    {
        var placement = TablePlacement.Of(table.Name, TargetNames.Fold(table.Name.Name, _spec.Options.IdentifierCase), _spec);
        var target = new QualifiedName(
            placement.Name.Schema is { } schema ? Spelled(schema == table.Name.Schema ? TargetNames.Fold(schema, _spec.Options.IdentifierCase) : schema) : null, Cut(placement.Name.Name, $"table {Identifier.Display(table.Name.Name)}"));
        if (!Taken(target.Schema).Add(target.Name))
        {
            _faults.Add($"table {Identifier.Display(table.Name.Name)} would be a second {target}");
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var made = ImmutableArray.CreateBuilder<ColumnPlan>();
        foreach (var column in table.Columns)
        {
            var name = Cut(TargetNames.Fold(column.Name, _spec.Options.IdentifierCase), $"column {Identifier.Display(table.Name.Name)}.{Identifier.Display(column.Name)}");
            if (!names.TryAdd(name, column.Name))
            {
                _faults.Add($"columns {Identifier.Display(names[name])} and {Identifier.Display(column.Name)} of {Identifier.Display(table.Name.Name)} would both be {Identifier.Display(name)}");
            }

            made.Add(Column(table, column, name, target));
        }

        var columns = made.ToImmutable();
        columns = [.. columns.Select(column => Computed(table, column, columns))];
        CheckTable(table, target, columns);
        var distribution = Distribution(table, target, columns);
        var create = _dialect.CreateTable(new NewTable
        {
            Name = target,
            Columns = [.. columns.Select(column => (column.Name, column.Target))],
            Parameters = _features.Storage ? [.. placement.Parameters.Select(parameter => (parameter.Name, parameter.Value))] : [],
            Tablespace = _features.Storage ? placement.Tablespace : null,
            Distribution = distribution,
            Layout = Layout(table, columns),
        });
        if (!_features.Storage && (placement.Tablespace is not null || !placement.Parameters.IsEmpty))
        {
            _notices.Add($"storage parameters and tablespaces of ALTER TABLE have no effect on {target}: {_features.ServerKind} has none");
        }

        return new TablePlan
        {
            Source = table,
            Target = target,
            Columns = columns,
            Create = _spec.Schema.IncludeDrop ? [_dialect.DropTable(target), .. OwnTypes(columns), create] : [.. OwnTypes(columns), create],
            Distribute = distribution is null ? null : _dialect.Distribute(target, distribution),
            Sequences = _spec.Schema.ResetSequences
                ? [.. columns.Where(column => column.Target.IsNumbered).Select(column => _dialect.ResetSequence(target, column.Name)).OfType<string>()]
                : [],
            ResetsSequences = _spec.Schema.ResetSequences,
            EncodingName = _decodesTexts ? _spec.Decoding.FirstOrDefault(rule => TableFilters.ByName(new TableFilter(rule.Patterns, null), _spec, "DECODING")(table.Name))?.EncodingName : null,
            Comments = [.. Comments(table, target, columns)],
            BatchBytes = BufferSizes.BatchBytes,
        };
    }

    private IEnumerable<string> Comments(TableModel table, QualifiedName target, IEnumerable<ColumnPlan> columns)
    {
        var own = table.Comment is { Length: > 0 } said ? [_dialect.CommentOnTable(target, said)] : Array.Empty<string>();
        return own.Concat(columns.Where(column => column.Source.Comment is { Length: > 0 })
            .Select(column => _dialect.CommentOnColumn(target, column.Name, column.Source.Comment!))); // filtered
    }

    // Tables and indexes of a schema share their names.
    private HashSet<string> Taken(string? schema) =>
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_relations, schema ?? "", out _) ??= new(StringComparer.Ordinal);

    private string Cut(string name, string what)
    {
        name = Spelled(name);
        var cut = TargetNames.Cut(name, _features.MaxIdentifierBytes);
        if (cut.Length < name.Length)
        {
            _notices.Add($"the name of {what} has {TargetNames.Bytes(name)} bytes and is cut to {Identifier.Display(cut)}");
        }

        return cut;
    }

    // As the server will spell it, whatever is sent.
    private string Spelled(string name) => _features.IgnoresCase ? name.ToLowerInvariant() : name;

    // All tables have their names by now: an index takes one that is left.
    private TablePlan WithIndexes(TablePlan table)
    {
        var indexes = ImmutableArray.CreateBuilder<IndexPlan>();
        if (!_spec.Schema.CreateIndexes)
        {
            return table;
        }

        if (table.Source.PrimaryKey is { } key && CanBeKey(table, key))
        {
            indexes.Add(Key(table, key, $"{table.Target.Name}_pkey", isPrimary: true));
        }

        foreach (var unique in table.Source.UniqueKeys)
        {
            indexes.Add(Key(table, unique, $"{table.Target.Name}_{string.Join('_', unique.Columns.Select(column => ColumnName(table, column)))}_key", isPrimary: false));
        }

        foreach (var index in table.Source.Indexes)
        {
            if ((_features.Indexes ? Index(table, index) : UniqueKey(table, index)) is { } plan)
            {
                indexes.Add(plan);
            }
        }

        return table with { Indexes = indexes.ToImmutable() };
    }

    private IndexPlan Key(TablePlan table, KeyModel key, string usualName, bool isPrimary)
    {
        var name = Free(table, key.Name is null ? usualName : TargetNames.Fold(key.Name, _spec.Options.IdentifierCase));
        var columns = key.Columns.Select(column => ColumnName(table, column)).ToImmutableArray();
        var statements = _dialect.Key(table.Target, name, columns, isPrimary);
        return new IndexPlan(name, statements.CreateIndex, statements.Add)
        {
            Check = statements.FindDuplicates is { } find
                ? new KeyCheck($"{(isPrimary ? "Primary" : "Unique")} key {Identifier.Display(name)} of {table.Target} ({string.Join(", ", columns.Select(Identifier.Display))})", find)
                : null,
        };
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
            _dialect.CreateIndex(table.Target, name, index.IsUnique, index.Parts.Select(part => Part(table, part)), index.Where is null ? null : Sql(table, index.Where), index.Method),
            AddKey: null);
    }

    private string Free(TablePlan table, string name)
    {
        name = Spelled(name);
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

    private ImmutableArray<ForeignKeyPlan> ForeignKeys(TablePlan table, Func<QualifiedName, TablePlan?> find)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var plans = ImmutableArray.CreateBuilder<ForeignKeyPlan>();
        foreach (var key in _spec.Schema.ForeignKeys ? table.Source.ForeignKeys : [])
        {
            var label = $"{table.Source.Name.Name}.{string.Join('_', key.Columns)}";
            var referenced = find(key.References);
            var columns = key.ReferencedColumns.IsEmpty ? referenced?.Source.PrimaryKey?.Columns ?? [] : key.ReferencedColumns;
            var missing = referenced is null ? $"it refers to {Identifier.Display(key.References.Name)}, which is not loaded"
                : columns.Length != key.Columns.Length ? $"{Identifier.Display(key.References.Name)} has no key of {key.Columns.Length} columns"
                : columns.FirstOrDefault(column => !referenced.Source.Columns.Any(c => c.Name.Equals(column, StringComparison.OrdinalIgnoreCase))) is { } unknown
                    ? $"{Identifier.Display(key.References.Name)} has no column {Identifier.Display(unknown)}"
                : NotKeyed(referenced, columns);
            if (missing is not null || referenced is null)
            {
                _uncarried.Add(new UncarriedObject("foreign key", label, missing ?? ""));
                continue;
            }

            var own = key.Columns.Select(column => ColumnName(table, column)).ToImmutableArray();
            var name = TargetNames.Free(
                Spelled(key.Name is null ? $"{table.Target.Name}_{string.Join('_', own)}_fkey" : TargetNames.Fold(key.Name, _spec.Options.IdentifierCase)), taken, _features.MaxIdentifierBytes);
            plans.Add(new ForeignKeyPlan(name, table.Target, key with
            {
                Columns = own,
                References = referenced.Target,
                ReferencedColumns = [.. columns.Select(column => ColumnName(referenced, column))],
            })
            {
                Dialect = _dialect,
            });
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

        if (!_spec.Decoding.IsEmpty && catalog.TextEncoding is { } known)
        {
            _notices.Add($"DECODING has no effect: the database is {known}, and the server converts its texts itself");
        }

        if (catalog.Tables.IsEmpty)
        {
            _notices.Add("the source has no tables");
        }

        var creates = _spec.Schema is { CreateTables: true, DataOnly: false };
        _notices.AddRange(OptionsInVain.Of(_spec, _features));

        if (creates && catalog.ServerKind is null && tables.SelectMany(table => table.Columns.Select(column => (table, column))).FirstOrDefault(pair => pair.column is { Target.Type: "real", Cast.Rule: not null }) is { table: { } table, column: { } column })
        {
            _notices.Add($"real has 6 digits, {table.Target}.{Identifier.Display(column.Name)} up to 15: CAST type real to \"double precision\" keeps them all");
        }
    }
}
