using System.Globalization;
using Sluice.Catalog;

namespace Sluice.Targets;

/// <summary>Writes what a target with PostgreSQL's own schemas takes besides what <see cref="SqlDialect"/> writes. Every name is quoted.</summary>
public static class ExactDialect
{
    public static string CreateExtension(ExtensionModel extension) =>
        $"CREATE EXTENSION IF NOT EXISTS {Identifier.Quote(extension.Name)} WITH SCHEMA {Identifier.Quote(extension.Schema)}";

    public static string CreateType(QualifiedName name, TypeKind kind, string definition, IEnumerable<string> checks) =>
        $"CREATE {(kind == TypeKind.Domain ? "DOMAIN" : "TYPE")} {Identifier.Quote(name)} {definition}{string.Concat(checks.Select(check => $" {check}"))}";

    public static string DropTables(IEnumerable<QualifiedName> tables) => $"DROP TABLE IF EXISTS {string.Join(", ", tables.Select(Identifier.Quote))} CASCADE";

    public static string Drop(string kind, QualifiedName name) => $"DROP {kind} IF EXISTS {Identifier.Quote(name)}";

    public static string CreateSequence(QualifiedName name, SequenceModel sequence) =>
        $"CREATE {(sequence.IsUnlogged ? "UNLOGGED " : "")}SEQUENCE {Identifier.Quote(name)} AS {sequence.TypeName} {SequenceOptions(sequence)}";

    public static string SequenceOptions(SequenceModel sequence) => string.Create(
        CultureInfo.InvariantCulture,
        $"START WITH {sequence.Start} INCREMENT BY {sequence.Increment} MINVALUE {sequence.Minimum} MAXVALUE {sequence.Maximum} CACHE {sequence.Cache}{(sequence.IsCycle ? " CYCLE" : " NO CYCLE")}");

    public static string OwnSequence(QualifiedName sequence, QualifiedName table, string column) =>
        $"ALTER SEQUENCE {Identifier.Quote(sequence)} OWNED BY {Identifier.Quote(table)}.{Identifier.Quote(column)}";

    public static string SetSequence(QualifiedName name, long last, bool isCalled) => string.Create(
        CultureInfo.InvariantCulture, $"SELECT pg_catalog.setval({Identifier.Literal(Identifier.Quote(name))}, {last}, {(isCalled ? "true" : "false")})");

    public static string CreateTable(QualifiedName table, bool isUnlogged, IEnumerable<string> parts, string? partitionKey, string? accessMethod, IEnumerable<string> options, string? tablespace)
    {
        var with = string.Join(", ", options);
        return $"CREATE {(isUnlogged ? "UNLOGGED " : "")}TABLE {Identifier.Quote(table)}\n(\n{string.Join(",\n", parts.Select(part => $"  {part}"))}\n)"
            + (partitionKey is null ? "" : $"\nPARTITION BY {partitionKey}")
            + (accessMethod is null ? "" : $"\nUSING {Identifier.Quote(accessMethod)}")
            + (with.Length == 0 ? "" : $"\nWITH ({with})")
            + (tablespace is null ? "" : $"\nTABLESPACE {Identifier.Quote(tablespace)}");
    }

    public static string AttachPartition(QualifiedName table, QualifiedName partition, string bound) =>
        $"ALTER TABLE ONLY {Identifier.Quote(table)} ATTACH PARTITION {Identifier.Quote(partition)} {bound}";

    public static string AttachIndex(QualifiedName index, QualifiedName part) => $"ALTER INDEX {Identifier.Quote(index)} ATTACH PARTITION {Identifier.Quote(part)}";

    public static string AlterColumn(QualifiedName table, string column, string what) => $"ALTER TABLE ONLY {Identifier.Quote(table)} ALTER COLUMN {Identifier.Quote(column)} {what}";

    public static string AddConstraint(QualifiedName table, string name, string definition, bool only = false) =>
        $"ALTER TABLE {(only ? "ONLY " : "")}{Identifier.Quote(table)} ADD CONSTRAINT {Identifier.Quote(name)} {definition}";

    public static string AlterTable(QualifiedName table, string what) => $"ALTER TABLE ONLY {Identifier.Quote(table)} {what}";

    /// <param name="kind">TABLE, SEQUENCE, TYPE…</param>
    /// <param name="name">Already quoted: some are of more than one part.</param>
    /// <param name="comment">The text.</param>
    public static string Comment(string kind, string name, string comment) => $"COMMENT ON {kind} {name} IS {Identifier.Literal(comment)}";
}
