using System.Collections.Immutable;
using System.Globalization;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Values;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy.Loading;

/// <summary>The table a COPY loads, as the client's session sees it.</summary>
internal sealed record TargetTable(uint Oid, string Name, string Sql)
{
    private const int LongestVarchar = 65_535;
    private const int LongestVarbyte = 16_777_216;
    private const int DefaultPrecision = 18;

    public required ImmutableArray<TargetColumn> Columns { get; init; }

    public required long TransactionId { get; init; }

    public required bool OwnedByUser { get; init; }

    /// <summary>The process of the client's session in the backing server.</summary>
    public required int BackendId { get; init; }

    /// <summary>The backing server lets the user take a lock that excludes other writers.</summary>
    public required bool Lockable { get; init; }

    /// <exception cref="ServerException">There is no such table, or the user may not insert into it.</exception>
    public static async Task<TargetTable> FindAsync(IBackingSession session, CopyCommand command, CancellationToken ct)
    {
        // Clients may not read PostgreSQL's own catalogs; its functions answer them.
        var written = command.Schema is null ? SqlText.Name(command.Table) : $"{SqlText.Name(command.Schema)}.{SqlText.Name(command.Table)}";
        var found = await session.QueryAsync(
            $"""
            SELECT t.oid, i.type, i.schema, i.identity,
                   pg_catalog.has_table_privilege(t.oid, 'INSERT'),
                   pg_catalog.has_table_privilege(t.oid, 'UPDATE') OR pg_catalog.has_table_privilege(t.oid, 'DELETE')
                       OR pg_catalog.has_table_privilege(t.oid, 'TRUNCATE'),
                   (SELECT relowner > 1 AND pg_catalog.pg_has_role(relowner::pg_catalog.oid, 'USAGE') FROM rs_catalog.pg_class c WHERE c.oid = t.oid),
                   pg_catalog.txid_current(), pg_catalog.pg_backend_pid()
              FROM (SELECT pg_catalog.to_regclass({SqlText.Literal(written)})::pg_catalog.oid AS oid) t,
                   pg_catalog.pg_identify_object(1259, t.oid, 0) i
             WHERE t.oid IS NOT NULL
            """,
            ct);
        if (found.Rows is not [var row] || row[2] is "rs_internal")
        {
            throw new ServerException("XX000", $"Cannot COPY into nonexistent table {command.Table}");
        }

        if (row[1] is not "table" || row[2] is "pg_catalog" or "information_schema" or "rs_catalog" or "rs_information_schema")
        {
            throw new ServerException("42809", $"\"{command.Table}\" is not a table");
        }

        if (row[4] != "t")
        {
            throw new ServerException("42501", $"permission denied for relation {command.Table}");
        }

        // None of these is NULL for a table.
        return new TargetTable(uint.Parse(row[0]!, CultureInfo.InvariantCulture), command.Table, row[3]!)
        {
            Columns = await ColumnsAsync(session, row[0]!, ct),
            TransactionId = long.Parse(row[7]!, CultureInfo.InvariantCulture),
            OwnedByUser = row[6] == "t",
            BackendId = int.Parse(row[8]!, CultureInfo.InvariantCulture),
            Lockable = row[5] == "t",
        };
    }

    private static async Task<ImmutableArray<TargetColumn>> ColumnsAsync(IBackingSession session, string oid, CancellationToken ct)
    {
        var result = await session.QueryAsync(
            $"""
            SELECT name, type, length, "precision", scale, not_null, has_default, identity
              FROM rs_internal.table_columns({oid}::pg_catalog.oid::pg_catalog.regclass) ORDER BY ordinal
            """,
            ct);
        return [.. result.Rows.Select(Column)];
    }

    private static TargetColumn Column(string?[] row)
    {
        // Name and type are never NULL; a length that is missing was not declared.
        var type = row[1]!;
        return new TargetColumn(row[0]!, type)
        {
            Length = Number(row[2], type is "character varying" ? LongestVarchar : type is "varbyte" ? LongestVarbyte : type is "character" ? 1 : 0),
            Precision = Number(row[3], DefaultPrecision),
            Scale = Number(row[4], 0),
            NotNull = row[5] == "t",
            HasDefault = row[6] == "t",
            Identity = row[7] switch { "always" => IdentityKind.Always, "default" => IdentityKind.ByDefault, _ => IdentityKind.None },
        };
    }

    private static int Number(string? text, int missing) => text is null ? missing : int.Parse(text, CultureInfo.InvariantCulture);
}
