using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;

namespace Sluice.Plans;

/// <summary>
/// DISTRIBUTE on a target that wants a table's distribution column in its keys: which tables are spread by which column, along foreign keys too;
/// columns that are missing come from other tables, and keys get them or stay behind. Tables in, tables out.
/// </summary>
internal sealed class DistributionPass
{
    private readonly DatabaseCatalog _catalog;
    private readonly DatabaseLoadSpec _spec;
    private readonly Func<QualifiedName, QualifiedName> _target;
    private readonly List<string> _faults = [];
    private readonly List<string> _notices = [];
    private readonly List<UncarriedObject> _uncarried = [];
    private readonly Dictionary<QualifiedName, TableModel> _tables;

    // By the source's names. No column: a reference table.
    private readonly Dictionary<QualifiedName, string?> _columns = [];

    private DistributionPass(DatabaseCatalog catalog, ImmutableArray<TableModel> tables, DatabaseLoadSpec spec, Func<QualifiedName, QualifiedName> target)
    {
        _catalog = catalog;
        _spec = spec;
        _target = target;
        _tables = tables.ToDictionary(table => table.Name);
    }

    /// <param name="catalog">Of the source.</param>
    /// <param name="tables">Those that are loaded.</param>
    /// <param name="spec">The command.</param>
    /// <param name="target">What a table of the source is called in the target.</param>
    public static DistributionResult Apply(DatabaseCatalog catalog, ImmutableArray<TableModel> tables, DatabaseLoadSpec spec, Func<QualifiedName, QualifiedName> target)
    {
        var pass = new DistributionPass(catalog, tables, spec, target);
        pass.Choose();
        if (pass._faults.Count == 0)
        {
            pass.FitKeys();
        }

        return new DistributionResult
        {
            Tables = [.. tables.Select(table => pass._tables[table.Name])],
            Columns = pass._columns,
            Faults = [.. pass._faults],
            Notices = [.. pass._notices],
            Uncarried = [.. pass._uncarried],
        };
    }

    private void Choose()
    {
        var written = new List<(DistributionRule Rule, TableModel Table)>();
        foreach (var rule in _spec.Distribution)
        {
            if (Find(rule.Table) is not { } table)
            {
                _faults.Add($"DISTRIBUTE names {rule.Table}, which is not among the tables of the target");
            }
            else if (table.Definition?.PartitionOf is { } parent && _tables.ContainsKey(parent))
            {
                _faults.Add($"{rule.Table} is a partition of {parent} and is spread with it: DISTRIBUTE has to name that one");
            }
            else if (!_columns.TryAdd(table.Name, null))
            {
                _faults.Add($"DISTRIBUTE names {rule.Table} twice");
            }
            else
            {
                written.Add((rule, table));
            }
        }

        // First the tables that have their column: others get theirs from them.
        foreach (var (rule, table) in written.OrderBy(pair => pair.Rule.From.Length))
        {
            if (rule.Column is { } column)
            {
                Spread(rule, table, column);
            }
        }

        foreach (var (rule, table) in written.Where(pair => pair.Rule.Column is not null && _faults.Count == 0))
        {
            Follow(table.Name);
        }
    }

    private void Spread(DistributionRule rule, TableModel table, string wanted)
    {
        if (ColumnOf(table, wanted) is { } own)
        {
            _columns[table.Name] = own.Name;
            if (!rule.From.IsEmpty)
            {
                _notices.Add($"FROM has no effect in DISTRIBUTE {rule.Table}: the table has a column {Identifier.Display(own.Name)} of its own");
            }
        }
        else if (rule.From.IsEmpty)
        {
            _faults.Add($"table {rule.Table} has no column {Identifier.Display(wanted)} to be distributed by; FROM says which tables lead to it");
        }
        else
        {
            BackFill(rule, table, wanted);
        }
    }

    // The column of the last table on the way becomes the first one of this table. A row that leads nowhere keeps its place, without a value.
    private void BackFill(DistributionRule rule, TableModel table, string wanted)
    {
        var joins = new List<string>();
        var last = table;
        for (var i = 0; i < rule.From.Length; i++)
        {
            if (Find(rule.From[i]) is not { } next)
            {
                _faults.Add($"DISTRIBUTE {rule.Table} names {rule.From[i]} in FROM, which is not among the tables of the target");
                return;
            }

            if (last.ForeignKeys.FirstOrDefault(found => found.References == next.Name || _catalog.IsSameName(found.References, next.Name)) is not { } key)
            {
                _faults.Add($"DISTRIBUTE {rule.Table} USING {Identifier.Display(wanted)} FROM {string.Join(", ", rule.From)}: {last.Name} has no foreign key to {next.Name}");
                return;
            }

            var others = Referenced(key, next);
            joins.Add($"LEFT JOIN {_catalog.Quote(next.Name)} AS t{i + 1} ON "
                + string.Join(" AND ", key.Columns.Zip(others, (own, other) => $"t{i}.{_catalog.Quote(own)} = t{i + 1}.{_catalog.Quote(other)}")));
            last = next;
        }

        if (ColumnOf(last, wanted) is not { } column)
        {
            _faults.Add($"DISTRIBUTE {rule.Table} USING {Identifier.Display(wanted)}: {last.Name} at the end of FROM has no such column");
            return;
        }

        var added = column with
        {
            IsNotNull = false,
            Default = null,
            IsAutoIncrement = false,
            IsGenerated = false,
            Comment = null,
            Definition = column.Definition is { } definition ? new ColumnDefinition { Type = definition.Type, Collation = definition.Collation } : null,
        };
        var columns = new[] { $"t{rule.From.Length}.{_catalog.Quote(column.Name)} AS {_catalog.Quote(column.Name)}" }
            .Concat(table.Columns.Select(own => $"t0.{_catalog.Quote(own.Name)} AS {_catalog.Quote(own.Name)}"));
        _tables[table.Name] = table with
        {
            Columns = [added, .. table.Columns],
            Query = $"SELECT {string.Join(", ", columns)} FROM {_catalog.Quote(table.Name)} AS t0 {string.Join(' ', joins)}",
        };
        _columns[table.Name] = column.Name;
        _notices.Add($"{rule.Table} gets the column {Identifier.Display(column.Name)} of {last.Name}, by {string.Join(", ", rule.From)}; a row that leads to none has no value there, and is refused");
    }

    // Tables that refer to a spread one by its column are spread by theirs, and so on.
    private void Follow(QualifiedName spread)
    {
        var column = _columns[spread];
        foreach (var table in _tables.Values.OrderBy(table => table.Name.ToString(), StringComparer.Ordinal).ToArray())
        {
            if (_columns.ContainsKey(table.Name) || table.Definition?.PartitionOf is { } parent && _tables.ContainsKey(parent))
            {
                continue;
            }

            var own = table.ForeignKeys.Where(key => _catalog.IsSameName(key.References, spread))
                .SelectMany(key => key.Columns.Zip(Referenced(key, _tables[spread]))).FirstOrDefault(pair => IsSame(pair.Second, column)).First;
            if (own is not null)
            {
                _columns[table.Name] = own;
                _notices.Add($"{_target(table.Name)} is distributed by {Identifier.Display(own)}, which refers to {_target(spread)}");
                Follow(table.Name);
            }
        }
    }

    // Keys hold within a node only: unique ones need the column, foreign ones need both.
    private void FitKeys()
    {
        foreach (var (name, column) in _columns.Where(pair => pair.Value is not null).ToArray())
        {
            _tables[name] = DistributionKeys.Fit(_tables[name], column!, _uncarried, _notices); // filtered
        }

        foreach (var table in _tables.Values.ToArray())
        {
            var keys = table.ForeignKeys.Select(key => (Old: key, New: ForeignKey(table, key))).ToArray();
            _tables[table.Name] = DistributionKeys.WithForeignKeys(table, keys);
        }
    }

    // Null: it cannot be, and that is said.
    private ForeignKey? ForeignKey(TableModel table, ForeignKey key)
    {
        var others = _tables.Values.FirstOrDefault(other => _catalog.IsSameName(key.References, other.Name));
        var isSpread = _columns.TryGetValue(table.Name, out var own);
        if (others is null || (!isSpread && !_columns.ContainsKey(others.Name)))
        {
            return key;
        }

        var isOtherSpread = _columns.TryGetValue(others.Name, out var other);
        var reason = isOtherSpread && other is null ? null
            : !isOtherSpread ? $"{_target(table.Name)} is spread over the cluster, and {_target(others.Name)} is not"
            : !isSpread || own is null ? $"{_target(others.Name)} is distributed, and {_target(table.Name)} is {(isSpread ? "a reference table" : "not")}"
            : null;
        if (reason is not null)
        {
            _uncarried.Add(new UncarriedObject("foreign key", $"{table.Name.Name}.{key.Name ?? string.Join('_', key.Columns)}", reason));
            return null;
        }

        var referenced = Referenced(key, others);
        if (other is null || key.Columns.Zip(referenced).Any(pair => IsSame(pair.First, own) && IsSame(pair.Second, other)))
        {
            return key with { ReferencedColumns = referenced };
        }

        // Both sides have the column: the key gets it where the other table's key has it.
        if (others.PrimaryKey is { } primary && IsSame(primary.Columns[0], other) && primary.Columns.Skip(1).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(referenced))
        {
            return key with { Columns = [own!, .. key.Columns], ReferencedColumns = [other, .. referenced] }; // of a distributed table
        }

        _uncarried.Add(new UncarriedObject(
            "foreign key", $"{table.Name.Name}.{key.Name ?? string.Join('_', key.Columns)}", $"it does not hold the columns that {_target(table.Name)} and {_target(others.Name)} are distributed by"));
        return null;
    }

    private ImmutableArray<string> Referenced(ForeignKey key, TableModel others) =>
        !key.ReferencedColumns.IsEmpty ? key.ReferencedColumns
        : (_catalog.Tables.FirstOrDefault(table => table.Name == others.Name) ?? others).PrimaryKey?.Columns ?? [];

    private TableModel? Find(QualifiedName name) => _tables.Values.FirstOrDefault(table =>
        _target(table.Name) is var target && target.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase)
        && (target.Schema ?? "public").Equals(name.Schema ?? "public", StringComparison.OrdinalIgnoreCase));

    private static ColumnModel? ColumnOf(TableModel table, string name) =>
        table.Columns.FirstOrDefault(column => column.Name == name) ?? table.Columns.FirstOrDefault(column => IsSame(column.Name, name));

    private static bool IsSame(string name, string? other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What became of tables that are spread.</summary>
internal sealed record DistributionResult
{
    public required ImmutableArray<TableModel> Tables { get; init; }

    /// <summary>The column of each that is spread, by the source's names; null: a reference table.</summary>
    public required IReadOnlyDictionary<QualifiedName, string?> Columns { get; init; }

    public required ImmutableArray<string> Faults { get; init; }

    public required ImmutableArray<string> Notices { get; init; }

    public required ImmutableArray<UncarriedObject> Uncarried { get; init; }
}
