using Sluice.Catalog;
using Sluice.Targets;

namespace Sluice.Plans;

/// <content>Tables, their columns, indexes and keys.</content>
public sealed partial class ExactSchema
{
    private const int FirstVersionWithStored = 120000;
    private const int FirstVersionWithCompression = 140000;
    private const int FirstVersionWithVirtual = 180000;

    private TablePlan Table(TablePlan table)
    {
        if (table.Source.Definition is not { } definition)
        {
            return table;
        }

        var placement = TablePlacement.Of(table.Source.Name, _names.Fold(table.Source.Name.Name), _plan.Spec);
        table = table with { Columns = [.. table.Columns.Select(column => column with { IsComputed = Generation(column) is ColumnGeneration.Stored or ColumnGeneration.Virtual })] };
        var create = new List<string>
        {
            ExactDialect.CreateTable(
                table.Target,
                definition.IsUnlogged,
                table.Columns.Select(column => Column(table, column)).Concat(definition.Checks.Where(check => check.IsValidated)
                    .Select(check => $"CONSTRAINT {Identifier.Quote(_names.Fold(check.Name))} {_names.Write(check.Definition, table)}")),
                definition.PartitionKey is { } key ? _names.Write(key, table) : null,
                definition.AccessMethod,
                definition.Options.Select(Option).Concat(placement.Parameters.Select(parameter => $"{parameter.Name} = {Identifier.Literal(parameter.Value)}")),
                placement.Tablespace ?? Tablespace(table)),
        };
        create.AddRange(ColumnSettings(table));
        create.AddRange(OwnSequences(table));
        if (definition is { PartitionOf: { } parent, PartitionBound: { } bound } && IsLoaded(parent))
        {
            create.Add(ExactDialect.AttachPartition(_names[parent], table.Target, bound));
        }

        Finish(table, definition);
        return table with
        {
            Create = [.. create],
            Depth = Depth(table.Source),
            Indexes = _plan.Spec.Schema.CreateIndexes ? [.. definition.Indexes.Select(index => Index(table, index))] : [],
            ForeignKeys = _plan.Spec.Schema.ForeignKeys ? [.. definition.ForeignKeys.Select(found => ForeignKey(table, found)).OfType<ForeignKeyPlan>()] : [],
            Sequences = _plan.Spec.Schema.ResetSequences ? [.. SequenceStates(table)] : [],
        };
    }

    private string? Tablespace(TablePlan table)
    {
        if (table.Source.Definition?.Tablespace is not { } name || _tablespaces.Contains(name))
        {
            return table.Source.Definition?.Tablespace;
        }

        _notices.Add($"table {table.Target} is made in the target's own tablespace: the target has no tablespace {Identifier.Display(name)} that the role may use");
        return null;
    }

    private bool IsLoaded(QualifiedName table) => _plan.Tables.Any(other => other.Source.Name == table);

    private int Depth(TableModel table)
    {
        var depth = 0;
        for (var parent = table.Definition?.PartitionOf; parent is { } name; depth++)
        {
            parent = _catalog.Tables.FirstOrDefault(other => other.Name == name)?.Definition?.PartitionOf;
        }

        return depth;
    }

    private static string Option(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? option : $"{option[..equals]} = {Identifier.Literal(option[(equals + 1)..])}";
    }

    // What a rule of the user's gave has no exact form.
    private static bool IsCast(ColumnPlan column) => column.Cast.Rule is { ToType: not null };

    private ColumnGeneration Generation(ColumnPlan column) => column.Source.Definition?.Generation switch
    {
        null => ColumnGeneration.None,
        ColumnGeneration.IdentityAlways or ColumnGeneration.IdentityByDefault when column.Cast.Rule?.DropsDefault == true => ColumnGeneration.None,
        ColumnGeneration.Stored or ColumnGeneration.Virtual when column.Cast.Using is not null || _version < FirstVersionWithStored => ColumnGeneration.None,
        ColumnGeneration.Virtual when _version < FirstVersionWithVirtual => ColumnGeneration.Stored,
        { } generation => generation,
    };

    private string Column(TablePlan table, ColumnPlan column)
    {
        var type = IsCast(column) || column.Source.Definition is null ? column.Cast.Type : _names.Write(column.Source.Definition.Type);
        var definition = column.Source.Definition;
        var collation = definition?.Collation is { } found && !IsCast(column) ? $" COLLATE {Identifier.Quote(found)}" : "";
        return $"{Identifier.Quote(column.Name)} {type}{collation}{NotNull(column)}{Value(table, column)}";
    }

    private string NotNull(ColumnPlan column) => !column.Cast.IsNotNull || (column.Source.Definition?.IsNotNullUnchecked == true && column.Source.IsNotNull) ? ""
        : column.Source.Definition?.NotNullName is { } name && _version >= FirstVersionWithVirtual ? $" CONSTRAINT {Identifier.Quote(_names.Fold(name))} NOT NULL"
        : " NOT NULL";

    private string Value(TablePlan table, ColumnPlan column)
    {
        var definition = column.Source.Definition;
        var generation = Generation(column);
        var label = $"{table.Target}.{Identifier.Display(column.Name)}";
        if (generation is ColumnGeneration.IdentityAlways or ColumnGeneration.IdentityByDefault)
        {
            // A partition numbers by the table that it is a part of.
            return table.Source.Definition?.PartitionOf is { } parent && IsLoaded(parent) ? ""
                : $" GENERATED {(generation == ColumnGeneration.IdentityAlways ? "ALWAYS" : "BY DEFAULT")} AS IDENTITY"
                + (definition?.Identity is { } sequence ? $" (SEQUENCE NAME {Identifier.Quote(_names[sequence.Name])} {ExactDialect.SequenceOptions(sequence)})" : "");
        }

        if (definition?.Expression is not { } expression || column.Cast.Rule?.DropsDefault == true)
        {
            return "";
        }

        if (definition.Generation is not (ColumnGeneration.Stored or ColumnGeneration.Virtual))
        {
            return $" DEFAULT {_names.Write(expression, table)}";
        }

        if (generation == ColumnGeneration.None)
        {
            _uncarried.Add(new UncarriedObject("generated column", label, column.Cast.Using is null ? "the target is too old; its values are copied" : "its values are copied through the cast"));
            return "";
        }

        if (generation != definition.Generation)
        {
            _notices.Add($"column {label} is stored: the target has no virtual columns");
        }

        return $" GENERATED ALWAYS AS ({_names.Write(expression, table)}) {(generation == ColumnGeneration.Stored ? "STORED" : "VIRTUAL")}";
    }

    private IEnumerable<string> ColumnSettings(TablePlan table)
    {
        foreach (var column in table.Columns.Where(column => column.Source.Definition is not null && !IsCast(column)))
        {
            var definition = column.Source.Definition!; // as filtered
            string?[] settings =
            [
                definition.Storage is { } storage ? $"SET STORAGE {storage}" : null,
                definition.Compression is { } compression && _version >= FirstVersionWithCompression ? $"SET COMPRESSION {compression}" : null,
                definition.Statistics is { } target ? FormattableString.Invariant($"SET STATISTICS {target}") : null,
                definition.Options.IsEmpty ? null : $"SET ({string.Join(", ", definition.Options.Select(Option))})",
            ];
            foreach (var setting in settings.OfType<string>())
            {
                yield return ExactDialect.AlterColumn(table.Target, column.Name, setting);
            }
        }
    }

    private IEnumerable<(SequenceModel Sequence, ColumnPlan Column)> Sequences(TablePlan table) =>
        from sequence in _catalog.Sequences
        where sequence.OwnerTable == table.Source.Name
        let column = table.Columns.FirstOrDefault(column => column.Source.Name == sequence.OwnerColumn)
        where column is not null
        select (sequence, column);

    private IEnumerable<string> OwnSequences(TablePlan table) => Sequences(table).Where(pair => !pair.Sequence.IsIdentity)
        .Select(pair => ExactDialect.OwnSequence(_names[pair.Sequence.Name], table.Target, pair.Column.Name));

    private IEnumerable<string> SequenceStates(TablePlan table) => Sequences(table)
        .Where(pair => !pair.Sequence.IsIdentity || (pair.Column.Cast.Rule?.DropsDefault != true && !(table.Source.Definition?.PartitionOf is { } parent && IsLoaded(parent))))
        .Select(pair => pair.Sequence.LastValue is { } last
            ? ExactDialect.SetSequence(_names[pair.Sequence.Name], last, pair.Sequence.IsCalled)
            : SqlDialect.Postgres.ResetSequence(table.Target, pair.Column.Name))
        .OfType<string>();

    private IndexPlan Index(TablePlan table, IndexDefinition index)
    {
        var name = _names.Index(table, index.Name);
        var quoted = Identifier.Quote(table.Target with { Name = name });
        if (index.PartOf is { } whole && table.Source.Definition?.PartitionOf is { } parent && IsLoaded(parent))
        {
            var other = _plan.Tables.First(found => found.Source.Name == parent);
            _attach.Add(ExactDialect.AttachIndex(new QualifiedName(other.Target.Schema, _names.Index(other, whole.Name)), table.Target with { Name = name }));
        }

        Comment(index.Constraint is null ? "INDEX" : "CONSTRAINT", index.Constraint is null ? quoted : $"{Identifier.Quote(name)} ON {Identifier.Quote(table.Target)}", index.Comment);
        foreach (var (column, target) in index.Statistics)
        {
            _finish.Add(FormattableString.Invariant($"ALTER INDEX {quoted} ALTER COLUMN {column} SET STATISTICS {target}"));
        }

        if (index.IsClustered)
        {
            _finish.Add(ExactDialect.AlterTable(table.Target, $"CLUSTER ON {Identifier.Quote(name)}"));
        }

        return index switch
        {
            { Constraint: null } => new IndexPlan(name, _names.Write(index.Create, table), null),
            { UsingIndex: var (kind, suffix) } => new IndexPlan(
                name, _names.Write(index.Create, table), ExactDialect.AddConstraint(table.Target, name, $"{kind} USING INDEX {Identifier.Quote(name)}{suffix}")),
            { Constraint: { } constraint } => new IndexPlan(
                name, ExactDialect.AddConstraint(table.Target, name, _names.Write(constraint, table), only: table.Source.IsPartitioned), null),
        };
    }

    private ForeignKeyPlan? ForeignKey(TablePlan table, ForeignKeyDefinition found)
    {
        var key = found.Key;
        if (_plan.Tables.FirstOrDefault(other => other.Source.Name == key.References) is not { } others)
        {
            _uncarried.Add(new UncarriedObject("foreign key", $"{table.Source.Name}.{key.Name}", $"it refers to {key.References}, which is not loaded"));
            return null;
        }

        var name = _names.Fold(key.Name ?? "");
        Comment("CONSTRAINT", $"{Identifier.Quote(name)} ON {Identifier.Quote(table.Target)}", found.Comment);
        return new ForeignKeyPlan(name, table.Target, key with
        {
            Columns = [.. key.Columns.Select(column => Name(table, column))],
            References = others.Target,
            ReferencedColumns = [.. key.ReferencedColumns.Select(column => Name(others, column))],
        })
        {
            Definition = _names.Write(found.Own, table) + _names.Write(found.Others, others) + _names.Write(found.Rest, table),
            // Those to a partitioned table could be checked later, but the parts that point to its partitions would stay unchecked.
            IsCheckedAtOnce = table.Source.IsPartitioned || others.Source.IsPartitioned,
        };

        static string Name(TablePlan table, string column) => table.Columns.First(other => other.Source.Name == column).Name;
    }

    private void Finish(TablePlan table, TableDefinition definition)
    {
        var name = Identifier.Quote(table.Target);
        Comment("TABLE", name, definition.Comment);
        foreach (var column in table.Columns)
        {
            if (column.Source.Definition is { IsNotNullUnchecked: true, NotNullName: { } notNull } && column.Cast.IsNotNull && _version >= FirstVersionWithVirtual)
            {
                _finish.Add(ExactDialect.AddConstraint(table.Target, _names.Fold(notNull), $"NOT NULL {Identifier.Quote(column.Name)} NOT VALID"));
            }

            Comment("COLUMN", $"{name}.{Identifier.Quote(column.Name)}", column.Source.Definition?.Comment);
        }

        foreach (var check in definition.Checks)
        {
            if (!check.IsValidated)
            {
                _finish.Add(ExactDialect.AddConstraint(table.Target, _names.Fold(check.Name), $"{_names.Write(check.Definition, table)} NOT VALID"));
            }

            Comment("CONSTRAINT", $"{Identifier.Quote(_names.Fold(check.Name))} ON {name}", check.Comment);
        }

        if (!_plan.Spec.Schema.CreateIndexes)
        {
            return;
        }

        foreach (var statistics in definition.Statistics)
        {
            var quoted = Identifier.Quote(_names[statistics.Name]);
            _finish.Add(_names.Write(statistics.Create, table));
            if (statistics.Target is { } target)
            {
                _finish.Add(FormattableString.Invariant($"ALTER STATISTICS {quoted} SET STATISTICS {target}"));
            }

            Comment("STATISTICS", quoted, statistics.Comment);
        }

        if (definition.ReplicaIdentity is { } identity)
        {
            _finish.Add(ExactDialect.AlterTable(
                table.Target, $"REPLICA IDENTITY {identity}{(definition.ReplicaIndex is { } index && identity == "USING INDEX" ? $" {Identifier.Quote(_names.Index(table, index))}" : "")}"));
        }
    }
}
