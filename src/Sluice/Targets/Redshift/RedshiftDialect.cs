using Sluice.Catalog;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Redshift's SQL where it is not PostgreSQL's: no indexes, no sequences, keys that are only declared.
/// https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
/// </summary>
/// <param name="numbersColumns">Columns that the source numbers become IDENTITY.</param>
internal sealed class RedshiftDialect(bool numbersColumns) : SqlDialect
{
    private const int DuplicatesShown = 3;

    /// <summary>Simple queries over one catalog at a time: https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html.</summary>
    public override string TableNames =>
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        + "WHERE c.relkind = 'r' AND n.nspname NOT IN ('information_schema', 'pg_catalog', 'pg_internal', 'catalog_history') LIMIT 200000";

    public override string SchemaNames => "SELECT nspname FROM pg_namespace";

    public override bool NeedsMeasure(string type, ColumnModel column, bool isInKey) =>
        RedshiftTypes.NeedMeasure(type) || (isInKey && !column.IsNotNull) || (numbersColumns && column.IsAutoIncrement);

    public override TargetColumn Column(ColumnRequest column)
    {
        var type = column.IsNative ? new RedshiftType(column.Type) : RedshiftTypes.Of(column);
        var made = new TargetColumn
        {
            Type = type.Name,
            TypeSuffix = column is { IsNative: true, Source.Compression: { } encoding } ? $" ENCODE {encoding}" : "",
            Rule = type.Rule,
            Notices = type.Notice is null ? [] : [type.Notice],
            IsNotNull = column.IsNotNull || (column is { IsInKey: true, Measure.Nulls: 0 }),
        };
        if (numbersColumns && column.Source.IsAutoIncrement)
        {
            return Numbered(made, column);
        }

        return column.Default is { } value && !IsNumbering(column.Type) ? WithDefault(made, value) : made;
    }

    public override string CreateTable(NewTable table)
    {
        var distribution = table.Distribution switch
        {
            null => table.Layout is { } layout ? Distribution(layout) : "",
            { Column: { } column } => $"\nDISTSTYLE KEY DISTKEY ({Identifier.Quote(column)})",
            _ => "\nDISTSTYLE ALL",
        };
        return $"CREATE TABLE {Identifier.Quote(table.Name)}\n(\n{string.Join(",\n", table.Columns.Select(column => Column(column.Name, column.Column)))}\n){distribution}{SortKey(table.Layout)}";
    }

    public override KeyStatements Key(QualifiedName table, string name, IEnumerable<string> columns, bool isPrimary)
    {
        var list = columns.Select(Identifier.Quote).ToArray();
        var all = string.Join(", ", list);
        return new KeyStatements(
            CreateIndex: null,
            $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} {(isPrimary ? "PRIMARY KEY" : "UNIQUE")} ({all})",
            $"SELECT {all}, count(*) FROM {Identifier.Quote(table)} WHERE {string.Join(" AND ", list.Select(column => $"{column} IS NOT NULL"))} "
            + $"GROUP BY {all} HAVING count(*) > 1 LIMIT {DuplicatesShown}");
    }

    /// <summary>Actions do not exist: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html.</summary>
    public override string AddForeignKey(QualifiedName table, string name, ForeignKey key) =>
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} FOREIGN KEY ({List(key.Columns)})"
        + $" REFERENCES {Identifier.Quote(key.References)} ({List(key.ReferencedColumns)})";

    public override string? ValidateKey(QualifiedName table, string name) => null;

    public override string FindOrphans(QualifiedName table, ForeignKey key, int most)
    {
        var columns = key.Columns.Select(column => $"c.{Identifier.Quote(column)}").ToArray();
        var pairs = columns.Zip(key.ReferencedColumns, (column, referenced) => $"p.{Identifier.Quote(referenced)} = {column}");
        return $"SELECT count(*) OVER (), {string.Join(", ", columns)} FROM {Identifier.Quote(table)} AS c LEFT JOIN {Identifier.Quote(key.References)} AS p ON {string.Join(" AND ", pairs)}"
            + $" WHERE {string.Join(" AND ", columns.Select(column => $"{column} IS NOT NULL"))} AND p.{Identifier.Quote(key.ReferencedColumns[0])} IS NULL LIMIT {most}";
    }

    /// <summary>One table each: https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html.</summary>
    public override IEnumerable<string> Truncate(IEnumerable<QualifiedName> tables) => tables.Select(table => $"TRUNCATE {Identifier.Quote(table)}");

    public override string? ResetSequence(QualifiedName table, string column) => null;

    /// <summary>Backslashes begin escapes.</summary>
    protected override string Literal(string text) => RedshiftSql.Literal(text);

    private static string Distribution(TableLayout layout) => layout switch
    {
        { Distribution: RowDistribution.Key, DistributionKey: { } key } => $"\nDISTSTYLE KEY DISTKEY ({Identifier.Quote(key)})",
        { Distribution: RowDistribution.All } => "\nDISTSTYLE ALL",
        { Distribution: RowDistribution.Even } => "\nDISTSTYLE EVEN",
        _ => "\nDISTSTYLE AUTO",
    };

    private static string SortKey(TableLayout? layout) => layout is { SortKey.IsEmpty: false }
        ? $"\n{(layout.IsInterleaved ? "INTERLEAVED " : "")}SORTKEY ({List(layout.SortKey)})" : "";

    // There is no setval: the first number is chosen with the table.
    private static TargetColumn Numbered(TargetColumn column, ColumnRequest request)
    {
        if (column.Type is not ("bigint" or "integer" or "smallint") || request.Measure is null)
        {
            return column with
            {
                Notices = column.Notices.Add(request.Measure is null
                    ? "does not become IDENTITY: its largest value is not known"
                    : $"does not become IDENTITY: {column.Type} is none of integer and bigint"),
            };
        }

        var seed = Math.Max(request.Measure.Largest ?? 0, 0);
        var type = column.Type == "smallint" ? "integer" : column.Type;
        var end = type == "integer" ? int.MaxValue : long.MaxValue;
        return seed >= end
            ? column with { Notices = column.Notices.Add($"does not become IDENTITY: its largest value is {seed}") }
            : column with { Type = type, TypeSuffix = FormattableString.Invariant($" IDENTITY({seed + 1}, 1){column.TypeSuffix}"), IsNotNull = true };
    }

    // https://docs.aws.amazon.com/redshift/latest/dg/c_sql-functions-leader-node.html: now() and its like are not for defaults.
    private static TargetColumn WithDefault(TargetColumn column, ColumnDefault value)
    {
        var isMoment = column.Type is "timestamp" or "timestamptz";
        return (value.Kind, column.Type) switch
        {
            (DefaultKind.Literal, "super" or "geometry" or "geography" or "hllsketch") => column with { DefaultLost = $"{column.Type} takes no literal as a default" },
            (DefaultKind.Literal, _) when column.Type.StartsWith("varbyte", StringComparison.Ordinal) => column with { DefaultLost = "varbyte takes no literal as a default" },
            (DefaultKind.Literal, _) => column with { Default = RedshiftSql.Literal(value.Text) },
            (DefaultKind.CurrentTimestamp, _) when isMoment => column with { Default = "sysdate" },
            (DefaultKind.CurrentDate, "date") => column with { Default = "current_date" },
            _ => column with { DefaultLost = $"{Words(value)} cannot be the default of a column of type {column.Type}" },
        };
    }

    private static string Words(ColumnDefault value) => value.Kind switch
    {
        DefaultKind.CurrentTimestamp => "CURRENT_TIMESTAMP",
        DefaultKind.CurrentDate => "CURRENT_DATE",
        DefaultKind.CurrentTime => "CURRENT_TIME",
        _ => value.Text,
    };
}
