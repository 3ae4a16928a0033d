using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Targets;

/// <summary>Writes statements about schema objects as PostgreSQL takes them; other targets derive theirs. Every name is quoted.</summary>
public class SqlDialect
{
    public static SqlDialect Postgres { get; } = new();

    /// <summary>Tables of the user: schema and name.</summary>
    public virtual string TableNames => SqlText.Read("table_names.sql");

    /// <summary>Names of schemas.</summary>
    public virtual string SchemaNames => "SELECT nspname FROM pg_catalog.pg_namespace";

    /// <summary>Names of tablespaces that the session may put tables into.</summary>
    public virtual string TablespaceNames => "SELECT spcname FROM pg_catalog.pg_tablespace WHERE pg_catalog.has_tablespace_privilege(oid, 'CREATE')";

    public virtual string DropTable(QualifiedName table) => $"DROP TABLE IF EXISTS {Identifier.Quote(table)} CASCADE";

    /// <summary>With all that is in it and all that depends on that.</summary>
    public virtual string DropSchema(string name) => $"DROP SCHEMA IF EXISTS {Identifier.Quote(name)} CASCADE";

    public virtual string CreateTable(NewTable table)
    {
        var with = string.Join(", ", table.Parameters.Select(parameter => $"{parameter.Name} = {Identifier.Literal(parameter.Value)}"));
        return $"CREATE TABLE {Identifier.Quote(table.Name)}\n(\n{string.Join(",\n", table.Columns.Select(column => Column(column.Name, column.Column)))}\n)"
            + (with.Length == 0 ? "" : $"\nWITH ({with})") + (table.Tablespace is null ? "" : $"\nTABLESPACE {Identifier.Quote(table.Tablespace)}");
    }

    /// <summary>What becomes of a column that the cast rules made one of PostgreSQL's.</summary>
    public virtual TargetColumn Column(ColumnRequest column) => new()
    {
        Type = column.Type,
        IsNotNull = column.IsNotNull,
        Default = column.Default is { } value && !IsNumbering(column.Type) ? Default(value) : null,
        IsNumbered = IsNumbering(column.Type),
    };

    /// <summary>Whether the column's values would have to be measured before it can be made.</summary>
    /// <param name="type">PostgreSQL's, by the cast rules.</param>
    /// <param name="column">The column in the source.</param>
    /// <param name="isInKey">It is part of the primary key.</param>
    public virtual bool NeedsMeasure(string type, ColumnModel column, bool isInKey) => false;

    /// <summary>Spreads a table that was just created; null where CREATE TABLE does it, or nothing can.</summary>
    public virtual string? Distribute(QualifiedName table, TableDistribution distribution) => null;

    public virtual string CreateSchema(string name) => $"CREATE SCHEMA {Identifier.Quote(name)}";

    /// <param name="table">The table.</param>
    /// <param name="name">The new index.</param>
    /// <param name="isUnique">Refuses equal rows.</param>
    /// <param name="parts">Columns in quotes, or expressions in parentheses, with their direction.</param>
    /// <param name="where">The condition of a partial index, or null.</param>
    /// <param name="method">The access method; null: the usual one.</param>
    public virtual string CreateIndex(QualifiedName table, string name, bool isUnique, IEnumerable<string> parts, string? where, string? method = null) =>
        $"CREATE {(isUnique ? "UNIQUE " : "")}INDEX {Identifier.Quote(name)} ON {Identifier.Quote(table)}{(method is null ? "" : $" USING {method}")} ({string.Join(", ", parts)})"
        + (where is null ? "" : $" WHERE {where}");

    /// <summary>How a key is made once the rows are in: here of a unique index that has its name.</summary>
    public virtual KeyStatements Key(QualifiedName table, string name, IEnumerable<string> columns, bool isPrimary) => new(
        CreateIndex(table, name, isUnique: true, columns.Select(Identifier.Quote), where: null),
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} {(isPrimary ? "PRIMARY KEY" : "UNIQUE")} USING INDEX {Identifier.Quote(name)}",
        FindDuplicates: null);

    /// <summary>A key that holds for new rows at once; the old ones are checked by <see cref="ValidateKey"/>.</summary>
    public virtual string AddForeignKey(QualifiedName table, string name, ForeignKey key) =>
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} FOREIGN KEY ({List(key.Columns)})"
        + $" REFERENCES {Identifier.Quote(key.References)} ({List(key.ReferencedColumns)}){Action(" ON UPDATE", key.OnUpdate)}{Action(" ON DELETE", key.OnDelete)} NOT VALID";

    /// <param name="table">The table.</param>
    /// <param name="name">The key's name.</param>
    /// <param name="definition">What the server said of a key that was dropped.</param>
    public virtual string AddKeyAgain(QualifiedName table, string name, string definition) =>
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} {definition}"
        + (definition.EndsWith("NOT VALID", StringComparison.Ordinal) ? "" : " NOT VALID");

    public virtual string DropKey(QualifiedName table, string name) => $"ALTER TABLE {Identifier.Quote(table)} DROP CONSTRAINT {Identifier.Quote(name)}";

    /// <summary>All at once, so that foreign keys between them do not matter.</summary>
    public virtual IEnumerable<string> Truncate(IEnumerable<QualifiedName> tables) => [$"TRUNCATE {string.Join(", ", tables.Select(Identifier.Quote))}"];

    /// <summary>Slower than TRUNCATE, and part of a transaction everywhere.</summary>
    public virtual string Empty(QualifiedName table) => $"DELETE FROM {Identifier.Quote(table)}";

    public virtual string CommentOnTable(QualifiedName table, string comment) => $"COMMENT ON TABLE {Identifier.Quote(table)} IS {Literal(comment)}";

    public virtual string CommentOnColumn(QualifiedName table, string column, string comment) =>
        $"COMMENT ON COLUMN {Identifier.Quote(table)}.{Identifier.Quote(column)} IS {Literal(comment)}";

    public virtual string CommentOnKey(QualifiedName table, string name, string comment) =>
        $"COMMENT ON CONSTRAINT {Identifier.Quote(name)} ON {Identifier.Quote(table)} IS {Literal(comment)}";

    /// <summary>Checks the rows that are there; null where <see cref="AddForeignKey"/> is all there is.</summary>
    public virtual string? ValidateKey(QualifiedName table, string name) =>
        $"ALTER TABLE {Identifier.Quote(table)} VALIDATE CONSTRAINT {Identifier.Quote(name)}";

    /// <summary>Rows that refer to nothing: their number, then the key's values, a few of them.</summary>
    public virtual string FindOrphans(QualifiedName table, ForeignKey key, int most)
    {
        var columns = key.Columns.Select(column => $"c.{Identifier.Quote(column)}").ToArray();
        var pairs = columns.Zip(key.ReferencedColumns, (column, referenced) => $"p.{Identifier.Quote(referenced)} = {column}");
        return $"SELECT count(*) OVER (), {string.Join(", ", columns)} FROM {Identifier.Quote(table)} AS c"
            + $" WHERE {string.Join(" AND ", columns.Select(column => $"{column} IS NOT NULL"))}"
            + $" AND NOT EXISTS (SELECT FROM {Identifier.Quote(key.References)} AS p WHERE {string.Join(" AND ", pairs)}) LIMIT {most}";
    }

    /// <summary>The next value follows the largest; 1 in an empty table. Null where nothing can be set.</summary>
    public virtual string? ResetSequence(QualifiedName table, string column)
    {
        var name = Identifier.Quote(column);
        return $"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({Identifier.Literal(Identifier.Quote(table))}, {Identifier.Literal(column)}),"
            + $" greatest(max({name}), 1), coalesce(max({name}), 0) >= 1) FROM ONLY {Identifier.Quote(table)}";
    }

    protected virtual string Default(ColumnDefault value) => value.Kind switch
    {
        DefaultKind.CurrentTimestamp => "CURRENT_TIMESTAMP",
        DefaultKind.CurrentDate => "CURRENT_DATE",
        DefaultKind.CurrentTime => "LOCALTIME",
        _ => Literal(value.Text),
    };

    /// <summary>A text as a literal of the server.</summary>
    protected virtual string Literal(string text) => Identifier.Literal(text);

    protected static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Identifier.Quote));

    protected static string Column(string name, TargetColumn column) =>
        $"  {Identifier.Quote(name)} {column.Type}{column.TypeSuffix}{(column.IsNotNull ? " NOT NULL" : "")}{(column.Default is null ? "" : $" DEFAULT {column.Default}")}";

    /// <summary>Whether a type of PostgreSQL's brings a sequence.</summary>
    protected static bool IsNumbering(string type) => type.ToLowerInvariant() is "serial" or "bigserial" or "smallserial";

    private static string Action(string when, ForeignKeyAction action) => action switch
    {
        ForeignKeyAction.Restrict => $"{when} RESTRICT",
        ForeignKeyAction.Cascade => $"{when} CASCADE",
        ForeignKeyAction.SetNull => $"{when} SET NULL",
        ForeignKeyAction.SetDefault => $"{when} SET DEFAULT",
        _ => "",
    };
}
