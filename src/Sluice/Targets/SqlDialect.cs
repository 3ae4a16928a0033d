using Sluice.Catalog;

namespace Sluice.Targets;

/// <summary>Writes statements about schema objects as PostgreSQL takes them. Every name is quoted.</summary>
public static class SqlDialect
{
    public static string DropTable(QualifiedName table) => $"DROP TABLE IF EXISTS {Identifier.Quote(table)} CASCADE";

    /// <summary>With all that is in it and all that depends on that.</summary>
    public static string DropSchema(string name) => $"DROP SCHEMA IF EXISTS {Identifier.Quote(name)} CASCADE";

    /// <param name="table">The new table.</param>
    /// <param name="columns">Name, type with its modifier, NOT NULL, default as SQL or null.</param>
    /// <param name="parameters">Storage parameters.</param>
    /// <param name="tablespace">Null: the server's choice.</param>
    public static string CreateTable(
        QualifiedName table,
        IEnumerable<(string Name, string Type, bool IsNotNull, string? Default)> columns,
        IEnumerable<(string Name, string Value)> parameters,
        string? tablespace)
    {
        var with = string.Join(", ", parameters.Select(parameter => $"{parameter.Name} = {Identifier.Literal(parameter.Value)}"));
        return $"CREATE TABLE {Identifier.Quote(table)}\n(\n{string.Join(",\n", columns.Select(Column))}\n)"
            + (with.Length == 0 ? "" : $"\nWITH ({with})") + (tablespace is null ? "" : $"\nTABLESPACE {Identifier.Quote(tablespace)}");
    }

    public static string CreateSchema(string name) => $"CREATE SCHEMA {Identifier.Quote(name)}";

    /// <param name="table">The table.</param>
    /// <param name="name">The new index.</param>
    /// <param name="isUnique">Refuses equal rows.</param>
    /// <param name="parts">Columns in quotes, or expressions in parentheses, with their direction.</param>
    /// <param name="where">The condition of a partial index, or null.</param>
    public static string CreateIndex(QualifiedName table, string name, bool isUnique, IEnumerable<string> parts, string? where) =>
        $"CREATE {(isUnique ? "UNIQUE " : "")}INDEX {Identifier.Quote(name)} ON {Identifier.Quote(table)} ({string.Join(", ", parts)})"
        + (where is null ? "" : $" WHERE {where}");

    /// <summary>Makes a key of a unique index that has its name.</summary>
    public static string AddKey(QualifiedName table, string index, bool isPrimary) =>
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(index)} {(isPrimary ? "PRIMARY KEY" : "UNIQUE")} USING INDEX {Identifier.Quote(index)}";

    /// <summary>A key that holds for new rows at once; the old ones are checked by <see cref="ValidateKey"/>.</summary>
    public static string AddForeignKey(QualifiedName table, string name, ForeignKey key) =>
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} FOREIGN KEY ({List(key.Columns)})"
        + $" REFERENCES {Identifier.Quote(key.References)} ({List(key.ReferencedColumns)}){Action(" ON UPDATE", key.OnUpdate)}{Action(" ON DELETE", key.OnDelete)} NOT VALID";

    /// <param name="table">The table.</param>
    /// <param name="name">The key's name.</param>
    /// <param name="definition">What the server said of a key that was dropped.</param>
    public static string AddKeyAgain(QualifiedName table, string name, string definition) =>
        $"ALTER TABLE {Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} {definition}"
        + (definition.EndsWith("NOT VALID", StringComparison.Ordinal) ? "" : " NOT VALID");

    public static string DropKey(QualifiedName table, string name) => $"ALTER TABLE {Identifier.Quote(table)} DROP CONSTRAINT {Identifier.Quote(name)}";

    /// <summary>All at once, so that foreign keys between them do not matter.</summary>
    public static string Truncate(IEnumerable<QualifiedName> tables) => $"TRUNCATE {string.Join(", ", tables.Select(Identifier.Quote))}";

    /// <summary>Slower than TRUNCATE, and part of a transaction everywhere.</summary>
    public static string Empty(QualifiedName table) => $"DELETE FROM {Identifier.Quote(table)}";

    public static string CommentOnTable(QualifiedName table, string comment) => $"COMMENT ON TABLE {Identifier.Quote(table)} IS {Identifier.Literal(comment)}";

    public static string CommentOnColumn(QualifiedName table, string column, string comment) =>
        $"COMMENT ON COLUMN {Identifier.Quote(table)}.{Identifier.Quote(column)} IS {Identifier.Literal(comment)}";

    public static string CommentOnKey(QualifiedName table, string name, string comment) =>
        $"COMMENT ON CONSTRAINT {Identifier.Quote(name)} ON {Identifier.Quote(table)} IS {Identifier.Literal(comment)}";

    public static string ValidateKey(QualifiedName table, string name) =>
        $"ALTER TABLE {Identifier.Quote(table)} VALIDATE CONSTRAINT {Identifier.Quote(name)}";

    /// <summary>Rows that refer to nothing: their number, then the key's values, a few of them.</summary>
    public static string FindOrphans(QualifiedName table, ForeignKey key, int most)
    {
        var columns = key.Columns.Select(column => $"c.{Identifier.Quote(column)}").ToArray();
        var pairs = columns.Zip(key.ReferencedColumns, (column, referenced) => $"p.{Identifier.Quote(referenced)} = {column}");
        return $"SELECT count(*) OVER (), {string.Join(", ", columns)} FROM {Identifier.Quote(table)} AS c"
            + $" WHERE {string.Join(" AND ", columns.Select(column => $"{column} IS NOT NULL"))}"
            + $" AND NOT EXISTS (SELECT FROM {Identifier.Quote(key.References)} AS p WHERE {string.Join(" AND ", pairs)}) LIMIT {most}";
    }

    /// <summary>The next value follows the largest; 1 in an empty table.</summary>
    public static string ResetSequence(QualifiedName table, string column)
    {
        var name = Identifier.Quote(column);
        return $"SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({Identifier.Literal(Identifier.Quote(table))}, {Identifier.Literal(column)}),"
            + $" greatest(max({name}), 1), coalesce(max({name}), 0) >= 1) FROM ONLY {Identifier.Quote(table)}";
    }

    public static string Default(ColumnDefault value) => value.Kind switch
    {
        DefaultKind.CurrentTimestamp => "CURRENT_TIMESTAMP",
        DefaultKind.CurrentDate => "CURRENT_DATE",
        DefaultKind.CurrentTime => "LOCALTIME",
        _ => Identifier.Literal(value.Text),
    };

    private static string Column((string Name, string Type, bool IsNotNull, string? Default) column) =>
        $"  {Identifier.Quote(column.Name)} {column.Type}{(column.IsNotNull ? " NOT NULL" : "")}{(column.Default is null ? "" : $" DEFAULT {column.Default}")}";

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Identifier.Quote));

    private static string Action(string when, ForeignKeyAction action) => action switch
    {
        ForeignKeyAction.Restrict => $"{when} RESTRICT",
        ForeignKeyAction.Cascade => $"{when} CASCADE",
        ForeignKeyAction.SetNull => $"{when} SET NULL",
        ForeignKeyAction.SetDefault => $"{when} SET DEFAULT",
        _ => "",
    };
}
