using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Sources.Postgres;

/// <content>Queries that a command names as views: they are read in place, nothing is made of them.</content>
internal sealed partial class PostgresCatalogReader
{
    // Types with higher numbers are of users and extensions: the driver knows none of them.
    private const uint FirstOwnOid = 16384;

    /// <summary>Begins a part of the transaction in which names mean what they mean to the role, and ends it.</summary>
    public const string BeginOwnNames = "SET LOCAL search_path TO DEFAULT";
    public const string EndOwnNames = "SET LOCAL search_path TO ''";

    /// <summary>A query as the source of a COPY or a SELECT; its last line may be a comment.</summary>
    public static string AsTable(string query) => $"(\n{query}\n) AS query";

    /// <exception cref="SourceException">Its columns cannot be those of a table.</exception>
    public async Task<TableModel> DescribeAsync(QualifiedName name, string query)
    {
        var columns = await ResultColumnsAsync(name, query).ConfigureAwait(false);
        _sources[name] = new SourceTable
        {
            Name = name,
            IsView = true,
            Bytes = 0,
            BlockBytes = 1,
            IsHeap = false,
            Types = columns.ToImmutableDictionary(column => column.Name, column => column.BinaryType, StringComparer.Ordinal),
            Generated = [],
        };
        return new TableModel
        {
            Name = name,
            IsView = true,
            Query = query,
            Columns = [.. columns.Select(column => Column(name, column, NoColumns))],
            Definition = new TableDefinition(),
        };
    }

    private async Task<ImmutableArray<ColumnRow>> ResultColumnsAsync(QualifiedName name, string query)
    {
        const string Savepoint = "sluice_query";
        var found = new List<(string Name, uint Oid, string Type)>();
        await SourceSessions.ExecuteAsync(connection, $"SAVEPOINT {Savepoint}", ct).ConfigureAwait(false);
        try
        {
            await SourceSessions.ExecuteAsync(connection, BeginOwnNames, ct).ConfigureAwait(false);
            // With a parameter it goes to the server as it is, which takes one statement then.
            using var command = new NpgsqlCommand($"SELECT query.* FROM {AsTable(query)} WHERE $1", connection);
            command.Parameters.Add(new() { Value = true });
            var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, ct).ConfigureAwait(false);
            await using var closing = reader.ConfigureAwait(false);
            found.AddRange(Enumerable.Range(0, reader.FieldCount).Select(i => (reader.GetName(i), reader.GetDataTypeOID(i), reader.GetDataTypeName(i))));
        }
        finally
        {
            await SourceSessions.ExecuteAsync(connection, $"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", ct).ConfigureAwait(false);
        }

        if (found.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new SourceException($"The query of view {name} has two columns named {Identifier.Display(twice.Key)}", "name them apart: AS");
        }

        var types = (await QueryAsync(
            "source_result_types.sql",
            row => (Oid: row.Value<long>("oid"), Name: row.Text("name"), Type: row.Text("type"), Element: row.Value<long>("element_oid"), Kind: row.Text("kind")),
            Oids(found.Select(column => (long)column.Oid))).ConfigureAwait(false)).ToDictionary(type => type.Oid);
        return [.. found.Select(column =>
        {
            var type = types[column.Oid];
            return Result(column.Name, column.Oid < FirstOwnOid ? column.Type : type.Type, type.Name, column.Oid, type.Element, type.Kind == "e");
        })];
    }

    private static ColumnRow Result(string name, string type, string typeName, long oid, long element, bool isEnum) => new()
    {
        TableOid = 0,
        Name = name,
        Type = type,
        TypeName = typeName,
        TypeOids = [oid, element],
        TypeModifier = -1,
        BaseOid = oid,
        IsEnum = isEnum,
        IsNotNull = false,
        DefaultOid = 0,
        DefaultSql = null,
        Identity = "",
        Generated = "",
        Collation = null,
        IsOwnCollation = false,
        Statistics = null,
        Storage = null,
        Compression = null,
        Options = [],
        Comment = null,
    };
}
