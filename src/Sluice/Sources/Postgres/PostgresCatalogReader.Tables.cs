using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <content>Tables with their constraints, indexes and statistics.</content>
internal sealed partial class PostgresCatalogReader
{
    // Whole numbers: int2, int4, int8.
    private static readonly long[] IntegerOids = [21, 23, 20];

    private TableRow TableOf(NpgsqlDataReader row, ILookup<long, ColumnRow> columns)
    {
        var table = new TableRow
        {
            Oid = row.Value<long>("oid"),
            Name = new QualifiedName(row.Text("schema"), row.Text("name")),
            EstimatedRows = row.IsNull("estimated_rows") ? null : row.Value<long>("estimated_rows"),
            Definition = new TableDefinition
            {
                IsUnlogged = row.Text("persistence") == "u",
                Options = row.Texts("options"),
                AccessMethod = row.TextOrNull("access_method"),
                PartitionOf = row.IsNull("parent_name") ? null : new QualifiedName(row.Text("parent_schema"), row.Text("parent_name")),
                PartitionBound = row.TextOrNull("partition_bound"),
                ReplicaIdentity = row.Text("replica_identity") switch { "f" => "FULL", "n" => "NOTHING", "i" => "USING INDEX", _ => null },
                ReplicaIndex = row.TextOrNull("replica_index"),
                Tablespace = row.TextOrNull("tablespace"),
                Comment = row.TextOrNull("comment"),
            },
            PartitionKey = row.TextOrNull("partition_key"),
        };
        _sources[table.Name] = new SourceTable
        {
            Name = table.Name,
            IsView = row.Text("kind") is "v" or "m",
            Bytes = row.Value<long>("bytes"),
            BlockBytes = row.Value<int>("block_bytes"),
            IsHeap = row.Value<bool>("is_heap"),
            Types = columns[table.Oid].ToImmutableDictionary(column => column.Name, column => column.BinaryType, StringComparer.Ordinal),
            Generated = [.. columns[table.Oid].Where(column => column.Generated.Length > 0).Select(column => column.Name)],
        };
        return table;
    }

    private TableModel Table(TableRow row, ColumnRow[] columns, ConstraintRow[] constraints, IndexRow[] indexes, StatisticsRow[] statistics)
    {
        var names = columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var keys = constraints.Where(found => found.Kind == "p").ToArray();
        if (keys is [{ Columns: [var key] }] && columns.First(column => column.Name == key) is var column && IntegerOids.Contains(column.BaseOid))
        {
            _sources[row.Name] = _sources[row.Name] with { IntegerKey = key };
        }

        return new TableModel
        {
            Name = row.Name,
            Columns = [.. columns.Select(found => WithNotNull(Column(row.Name, found, names), constraints))],
            EstimatedRows = row.EstimatedRows,
            PrimaryKey = keys is [var primary] ? new KeyModel(primary.Name, primary.Columns) : null,
            UniqueKeys = [.. constraints.Where(found => found.Kind == "u").Select(unique => new KeyModel(unique.Name, unique.Columns))],
            ForeignKeys = [.. constraints.Where(IsForeignKey).Select(found => found.Key!)], // is one
            Indexes = [.. indexes.Where(index => index is { IsValid: true, ConstraintOid: 0 }).Select(index => PostgresIndexParts.Read(index.Name, index.IsUnique, index.Definition))],
            Comment = row.Definition.Comment,
            Definition = row.Definition with
            {
                PartitionKey = row.PartitionKey is { } partitionKey ? SqlPieces.Read(partitionKey, names) : null,
                Checks = [.. constraints.Where(found => found.Kind == "c" && IsCarried(found.Oid, "check", $"{row.Name}.{found.Name}"))
                    .Select(check => new CheckModel(check.Name, SqlPieces.Read(WithoutNotValid(check.Definition), names), check.IsValidated, check.Comment))],
                Indexes = [.. indexes.Select(index => Index(row, index, constraints.FirstOrDefault(found => found.Oid == index.ConstraintOid), names)).OfType<IndexDefinition>()],
                ForeignKeys = [.. constraints.Where(IsForeignKey).Select(found => ForeignKey(found, names))],
                Statistics = [.. statistics.Where(found => IsCarried(found.Oid, "statistics", found.Name.ToString()))
                    .Select(found => new StatisticsDefinition(found.Name, StatisticsSql(found.Definition, names), found.Target, found.Comment))],
            },
        };
    }

    // A constraint with a name since PostgreSQL 18.
    private static ColumnModel WithNotNull(ColumnModel column, ConstraintRow[] constraints) =>
        constraints.FirstOrDefault(found => found.Kind == "n" && found.Columns is [var name] && name == column.Name) is { } constraint && column.Definition is { } definition
            ? column with { Definition = definition with { NotNullName = constraint.Name, IsNotNullUnchecked = !constraint.IsValidated } }
            : column;

    // Those of partitions come with the one of the partitioned table.
    private static bool IsForeignKey(ConstraintRow found) => found is { Kind: "f", HasParent: false };

    private IndexDefinition? Index(TableRow table, IndexRow index, ConstraintRow? constraint, HashSet<string> names)
    {
        var label = $"{table.Name}.{index.Name}";
        if (!index.IsValid)
        {
            _uncarried.Add(new UncarriedObject("index", label, "it is invalid: its build failed"));
            return null;
        }

        if (!IsCarried(index.Oid, constraint?.Kind == "x" ? "exclusion" : "index", label) || (constraint is not null && !IsCarried(constraint.Oid, "constraint", label)))
        {
            return null;
        }

        var suffix = constraint is null ? ""
            : constraint.IsDeferred ? " DEFERRABLE INITIALLY DEFERRED"
            : constraint.IsDeferrable ? " DEFERRABLE" : "";
        var usesIndex = constraint is { Kind: "p" or "u" } && !constraint.Definition.Contains(" WITHOUT OVERLAPS", StringComparison.Ordinal) && table.PartitionKey is null;
        return new IndexDefinition
        {
            Name = index.Name,
            Create = SqlPieces.Read(index.Definition, names),
            Constraint = constraint is null ? null : SqlPieces.Read(constraint.Definition, names),
            UsingIndex = usesIndex ? (constraint!.Kind == "p" ? "PRIMARY KEY" : "UNIQUE", suffix) : null, // usesIndex says so
            PartOf = index.PartOf,
            IsClustered = index.IsClustered,
            Tablespace = index.Tablespace,
            Statistics = index.Statistics,
            Comment = index.Comment ?? constraint?.Comment,
        };
    }

    // FOREIGN KEY (…) | REFERENCES s.t(…) | the rest, where only SET NULL (…) names columns.
    private static ForeignKeyDefinition ForeignKey(ConstraintRow found, HashSet<string> names)
    {
        var key = found.Key!; // a foreign key
        var tokens = SqlTokens.Read(found.Definition);
        var references = tokens.First(token => token.IsWord("REFERENCES")).Start;
        var end = tokens.First(token => token.Start > references && token.IsSign(")")).End;
        return new ForeignKeyDefinition(
            key,
            SqlPieces.Read(found.Definition[..references], names),
            SqlPieces.Read(found.Definition[references..end], key.ReferencedColumns.ToHashSet(StringComparer.Ordinal)),
            SqlPieces.Read(found.Definition[end..], names),
            found.Comment);
    }

    // CREATE STATISTICS s.n (kinds) | ON columns FROM s.t
    private static SourceSql StatisticsSql(string definition, HashSet<string> names)
    {
        var on = SqlTokens.Read(definition).First(token => token.IsWord("ON")).Start;
        return SqlPieces.Join(SqlPieces.Read(definition[..on], NoColumns), SqlPieces.Read(definition[on..], names));
    }

    private static string WithoutNotValid(string definition) =>
        definition.EndsWith(" NOT VALID", StringComparison.Ordinal) ? definition[..^" NOT VALID".Length] : definition;

    private static ConstraintRow Constraint(NpgsqlDataReader row) => new()
    {
        Oid = row.Value<long>("oid"),
        TableOid = row.Value<long>("table_oid"),
        Name = row.Text("name"),
        Kind = row.Text("kind"),
        Definition = row.Text("definition"),
        IsValidated = row.Value<bool>("is_validated"),
        IsDeferrable = row.Value<bool>("is_deferrable"),
        IsDeferred = row.Value<bool>("is_deferred"),
        HasParent = row.Value<bool>("has_parent"),
        Columns = row.Texts("columns"),
        Comment = row.TextOrNull("comment"),
        Key = row.Text("kind") != "f" ? null : new ForeignKey
        {
            Name = row.Text("name"),
            Columns = row.Texts("columns"),
            References = new QualifiedName(row.Text("other_schema"), row.Text("other_name")),
            ReferencedColumns = row.Texts("other_columns"),
            OnUpdate = Action(row.Text("on_update")),
            OnDelete = Action(row.Text("on_delete")),
        },
    };

    private static ForeignKeyAction Action(string letter) => letter switch
    {
        "r" => ForeignKeyAction.Restrict,
        "c" => ForeignKeyAction.Cascade,
        "n" => ForeignKeyAction.SetNull,
        "d" => ForeignKeyAction.SetDefault,
        _ => ForeignKeyAction.NoAction,
    };

    private static IndexRow Index(NpgsqlDataReader row) => new(
        row.Value<long>("oid"),
        row.Value<long>("table_oid"),
        row.Text("name"),
        row.Text("definition"),
        row.Value<bool>("is_unique"),
        row.Value<bool>("is_valid"),
        row.Value<bool>("is_clustered"),
        row.IsNull("constraint_oid") ? 0 : row.Value<long>("constraint_oid"),
        row.IsNull("parent_name") ? null : new QualifiedName(row.Text("parent_schema"), row.Text("parent_name")),
        [.. row.Texts("statistics").Select(Pair)],
        row.TextOrNull("tablespace"),
        row.TextOrNull("comment"));

    private static StatisticsRow Statistics(NpgsqlDataReader row) => new(
        row.Value<long>("oid"),
        row.Value<long>("table_oid"),
        new QualifiedName(row.Text("schema"), row.Text("name")),
        row.Text("definition"),
        row.IsNull("target") ? null : row.Value<int>("target"),
        row.TextOrNull("comment"));

    private static (int Column, int Target) Pair(string text)
    {
        var parts = text.Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private sealed record TableRow
    {
        public required long Oid { get; init; }

        public required QualifiedName Name { get; init; }

        public required long? EstimatedRows { get; init; }

        public required string? PartitionKey { get; init; }

        public required TableDefinition Definition { get; init; }
    }

    private sealed record ConstraintRow
    {
        public required long Oid { get; init; }

        public required long TableOid { get; init; }

        public required string Name { get; init; }

        public required string Kind { get; init; }

        public required string Definition { get; init; }

        public required bool IsValidated { get; init; }

        public required bool IsDeferrable { get; init; }

        public required bool IsDeferred { get; init; }

        public required bool HasParent { get; init; }

        public required ImmutableArray<string> Columns { get; init; }

        public required ForeignKey? Key { get; init; }

        public required string? Comment { get; init; }
    }

    private sealed record IndexRow(
        long Oid, long TableOid, string Name, string Definition, bool IsUnique, bool IsValid, bool IsClustered, long ConstraintOid, QualifiedName? PartOf,
        ImmutableArray<(int Column, int Target)> Statistics, string? Tablespace, string? Comment);

    private sealed record StatisticsRow(long Oid, long TableOid, QualifiedName Name, string Definition, int? Target, string? Comment);
}
