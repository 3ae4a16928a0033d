using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Reads what the server knows about one table.</summary>
public static class TableCatalogReader
{
    // Each asks for the triggers of all: a few hundred at a time are quicker than thousands.
    private const int TablesTogether = 200;

    /// <exception cref="TargetException">There is no such table, it is something else (a view…), or its schema may not be used.</exception>
    public static async Task<PostgresTable> ReadAsync(NpgsqlConnection connection, QualifiedName name, CancellationToken ct)
    {
        var tables = await FindAsync(connection, [name], ct).ConfigureAwait(false);
        if (tables is not [var (_, table, mayUseSchema, kind)])
        {
            throw await MissingTable.ExplainAsync(connection, name, ct).ConfigureAwait(false);
        }

        if (NotATable(kind) is { } what)
        {
            throw new TargetException($"{table.Name} is {what}: rows are loaded into tables", "Name the table behind it");
        }

        if (!mayUseSchema)
        {
            throw new TargetException(
                $"Permission denied for schema {Identifier.Display(table.Name.Schema!)} of table {table.Name}",
                $"Grant it: GRANT USAGE ON SCHEMA {Identifier.Quote(table.Name.Schema!)}");
        }

        return (await CompleteAsync(connection, [table], ct).ConfigureAwait(false))[0];
    }

    /// <summary>Many tables in a few queries. What cannot be read is left out: read for itself it says why.</summary>
    /// <returns>By the names that were asked for.</returns>
    public static async Task<IReadOnlyDictionary<QualifiedName, PostgresTable>> ReadManyAsync(
        NpgsqlConnection connection, IEnumerable<QualifiedName> names, CancellationToken ct)
    {
        var result = new Dictionary<QualifiedName, PostgresTable>();
        foreach (var some in names.Distinct().Chunk(TablesTogether))
        {
            var found = (await FindAsync(connection, some, ct).ConfigureAwait(false)).Where(one => one.MayUseSchema && NotATable(one.Kind) is null).ToArray();
            var tables = await CompleteAsync(connection, [.. found.Select(one => one.Table)], ct).ConfigureAwait(false);
            foreach (var (one, table) in found.Zip(tables))
            {
                result[some[one.Place - 1]] = table;
            }
        }

        return result;
    }

    private static Task<List<(int Place, PostgresTable Table, bool MayUseSchema, string Kind)>> FindAsync(
        NpgsqlConnection connection, QualifiedName[] names, CancellationToken ct) =>
        QueryAsync(connection, "table.sql", Table, ct, names.Select(name => name.Schema).ToArray(), names.Select(name => name.Name).ToArray());

    private static async Task<PostgresTable[]> CompleteAsync(NpgsqlConnection connection, PostgresTable[] tables, CancellationToken ct)
    {
        var oids = tables.Select(table => table.Oid).ToArray();
        var columns = (await QueryAsync(connection, "table_columns.sql", Of(Column), ct, oids).ConfigureAwait(false)).ToLookup(row => row.Relation, row => row.Part);
        var indexes = (await QueryAsync(connection, "table_indexes.sql", Of(Index), ct, oids).ConfigureAwait(false)).ToLookup(row => row.Relation, row => row.Part);
        var references = (await QueryAsync(connection, "table_self_references.sql", Of(Reference), ct, oids).ConfigureAwait(false)).ToLookup(row => row.Relation, row => row.Part);
        return [.. tables.Select(table => table with
        {
            Columns = [.. columns[table.Oid]],
            Indexes = [.. indexes[table.Oid]],
            SelfReferences = [.. references[table.Oid]],
        })];
    }

    private static Func<NpgsqlDataReader, (long Relation, T Part)> Of<T>(Func<NpgsqlDataReader, T> part) => row => (row.Value<long>("relation"), part(row));

    internal static async Task<List<T>> QueryAsync<T>(
        NpgsqlConnection connection, string file, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object?[] parameters)
    {
        using var command = new NpgsqlCommand(SqlText.Read(file), connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter ?? DBNull.Value });
        }

        var rows = new List<T>();
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static string? NotATable(string kind) => kind switch
    {
        "r" or "p" or "f" => null,
        "v" => "a view",
        "m" => "a materialized view",
        "i" or "I" => "an index",
        "S" => "a sequence",
        "c" => "a composite type",
        _ => "not a table",
    };

    private static (int Place, PostgresTable Table, bool MayUseSchema, string Kind) Table(NpgsqlDataReader row)
    {
        var kind = row.Text("kind");
        var table = new PostgresTable
        {
            Oid = row.Value<long>("oid"),
            Name = new(row.Text("schema"), row.Text("name")),
            Kind = kind == "p" ? TableKind.Partitioned : kind == "f" ? TableKind.Foreign : TableKind.Ordinary,
            IsUnlogged = row.Text("persistence") == "u",
            IsTemporary = row.Text("persistence") == "t",
            IsPartition = row.Value<bool>("is_partition"),
            Partitions = row.Value<long>("partitions"),
            EstimatedRows = row.IsNull("estimated_rows") ? null : row.Value<long>("estimated_rows"),
            MayInsert = row.Value<bool>("may_insert"),
            MayTruncate = row.Value<bool>("may_truncate"),
            IsOwner = row.Value<bool>("is_owner"),
            IsRowSecurityActive = row.Value<bool>("row_security"),
            RowTriggers = row.Texts("row_triggers"),
            ExclusionConstraints = row.Texts("exclusions"),
            Columns = [],
            Indexes = [],
            SelfReferences = [],
        };
        return ((int)row.Value<long>("place"), table, row.Value<bool>("may_use_schema"), kind);
    }

    private static PostgresColumn Column(NpgsqlDataReader row)
    {
        var generated = row.Text("generated");
        return new()
        {
            Name = row.Text("name"),
            TypeName = row.Text("type"),
            TypeOid = row.Value<long>("type_oid"),
            TypeModifier = row.Value<int>("type_modifier"),
            BaseTypeOid = row.Value<long>("base_oid"),
            BaseTypeModifier = row.Value<int>("base_modifier"),
            IsArray = row.Text("base_category") == "A",
            IsEnum = row.Text("base_kind") == "e",
            IsNotNull = row.Value<bool>("not_null"),
            DefaultSql = generated.Length > 0 ? null : row.TextOrNull("default_sql"),
            Identity = row.Text("identity") switch { "a" => IdentityKind.Always, "d" => IdentityKind.ByDefault, _ => IdentityKind.None },
            Generated = generated switch { "s" => GeneratedKind.Stored, "v" => GeneratedKind.Virtual, _ => GeneratedKind.None },
            MayInsert = row.Value<bool>("may_insert"),
        };
    }

    private static PostgresIndex Index(NpgsqlDataReader row) => new()
    {
        Name = new(row.Text("schema"), row.Text("name")),
        Definition = row.Text("definition"),
        Tablespace = row.TextOrNull("tablespace"),
        IsUnique = row.Value<bool>("is_unique"),
        IsClustered = row.Value<bool>("is_clustered"),
        IsReplicaIdentity = row.Value<bool>("is_replica_identity"),
        Comment = row.TextOrNull("comment"),
        Statistics = [.. row.Texts("statistics").Select(Pair)],
        Storage = row.Texts("storage"),
        ReferencedBy = row.Texts("referenced_by"),
        Constraint = row.TextOrNull("constraint_name") is not { } name
            ? null
            : new(
                name,
                row.Text("constraint_type") switch
                {
                    "p" => IndexConstraintKind.PrimaryKey,
                    "u" => IndexConstraintKind.Unique,
                    _ => IndexConstraintKind.Exclusion,
                },
                row.Text("constraint_definition"),
                row.Value<bool>("is_deferrable"),
                row.Value<bool>("is_deferred"),
                row.Value<bool>("can_use_index"),
                row.TextOrNull("constraint_comment")),
    };

    private static SelfReference Reference(NpgsqlDataReader row) => new(row.Text("name"), row.Text("definition"), row.TextOrNull("comment"));

    private static (int Column, int Target) Pair(string text)
    {
        var parts = text.Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    internal static T Value<T>(this NpgsqlDataReader row, string column) => row.GetFieldValue<T>(row.GetOrdinal(column));

    internal static bool IsNull(this NpgsqlDataReader row, string column) => row.IsDBNull(row.GetOrdinal(column));

    internal static string Text(this NpgsqlDataReader row, string column) => row.Value<string>(column);

    internal static string? TextOrNull(this NpgsqlDataReader row, string column) => row.IsNull(column) ? null : row.Text(column);

    internal static ImmutableArray<string> Texts(this NpgsqlDataReader row, string column) => [.. row.Value<string[]>(column)];
}
