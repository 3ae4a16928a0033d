using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Reads what Redshift knows about a table: from the catalogs as PostgreSQL 8.0 had them, one small query at a time, as text.
/// https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html
/// </summary>
internal sealed class RedshiftCatalog(NpgsqlConnection connection)
{
    private const long VarbyteOid = 6551;

    /// <summary>Facts about the session.</summary>
    public async Task<ServerInfo> ReadServerAsync(CancellationToken ct)
    {
        var user = await RowsAsync("SELECT usename, usesuper FROM pg_user WHERE usename = current_user", ct).ConfigureAwait(false);
        var zone = await RowsAsync("SHOW timezone", ct).ConfigureAwait(false);
        return new ServerInfo
        {
            Version = 80002,
            TimeZone = zone is [[{ } name]] ? name : "UTC",
            IsStandby = false,
            IsReadOnly = false,
            SynchronousCommit = "on",
            Started = default,
            Role = user is [[{ } role, ..]] ? role : connection.UserName ?? "",
            IsSuperuser = user is [[_, "t" or "true"]],
        };
    }

    /// <summary>Whether names keep their case in this session; without that, quoted ones are lower-cased too.</summary>
    public async Task<bool> KeepsCaseAsync(CancellationToken ct)
    {
        try
        {
            return await RowsAsync("SHOW enable_case_sensitive_identifier", ct).ConfigureAwait(false) is [["on" or "true"]];
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    /// <exception cref="TargetException">There is no such table, or it is something else.</exception>
    public async Task<PostgresTable> ReadTableAsync(QualifiedName name, ServerInfo server, bool keepsCase, CancellationToken ct)
    {
        name = keepsCase ? name : new QualifiedName(name.Schema?.ToLowerInvariant(), name.Name.ToLowerInvariant());
        var schema = name.Schema is null ? "pg_table_is_visible(c.oid)" : $"n.nspname = {RedshiftSql.Literal(name.Schema)}";
        var found = await RowsAsync(
            $"SELECT c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            + $"WHERE c.relname = {RedshiftSql.Literal(name.Name)} AND c.relkind IN ('r', 'v') AND {schema}", ct).ConfigureAwait(false);
        if (found is not [[{ } oid, { } foundSchema, { } foundName, { } kind, var owner]])
        {
            throw await ExplainMissingAsync(name, ct).ConfigureAwait(false);
        }

        var table = new QualifiedName(foundSchema, foundName);
        if (kind != "r")
        {
            throw new TargetException($"{table} is a view: COPY loads tables only", "Load into the table below it");
        }

        var quoted = RedshiftSql.Literal(Identifier.Quote(table));
        var rights = await RowsAsync($"SELECT has_table_privilege({quoted}, 'insert'), has_table_privilege({quoted}, 'select')", ct).ConfigureAwait(false);
        var mayInsert = server.IsSuperuser || rights is [["t" or "true", _]];
        return new PostgresTable
        {
            Name = table,
            Oid = long.Parse(oid, CultureInfo.InvariantCulture),
            Kind = TableKind.Ordinary,
            IsUnlogged = false,
            IsTemporary = foundSchema.StartsWith("pg_temp", StringComparison.Ordinal),
            IsPartition = false,
            Partitions = 0,
            Columns = await ReadColumnsAsync(oid, mayInsert, ct).ConfigureAwait(false),
            Indexes = [],
            RowTriggers = [],
            SelfReferences = [],
            ExclusionConstraints = [],
            IsRowSecurityActive = false,
            MayInsert = mayInsert,
            MaySelect = server.IsSuperuser || rights is [[_, "t" or "true"]],
            MayTruncate = true,
            IsOwner = server.IsSuperuser || owner == server.Role,
            IgnoresCase = !keepsCase,
        };
    }

    private async Task<ImmutableArray<PostgresColumn>> ReadColumnsAsync(string table, bool mayInsert, CancellationToken ct)
    {
        var rows = await RowsAsync(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod, a.attnotnull, d.adsrc "
            + "FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
            + $"WHERE a.attrelid = {table} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum", ct).ConfigureAwait(false);
        return [.. rows.Select(row => Column(row, mayInsert))];
    }

    // Identity shows as a default that calls "identity"(table, column, 'seed,step') or default_identity(…).
    private static PostgresColumn Column(string?[] row, bool mayInsert)
    {
        var source = row[5];
        var identity = source is null ? IdentityKind.None
            : source.Contains("default_identity(", StringComparison.Ordinal) ? IdentityKind.ByDefault
            : source.StartsWith("\"identity\"(", StringComparison.Ordinal) || source.StartsWith("identity(", StringComparison.Ordinal) ? IdentityKind.Always
            : IdentityKind.None;
        var oid = long.Parse(row[2]!, CultureInfo.InvariantCulture); // catalog columns that are never NULL
        var modifier = int.Parse(row[3]!, CultureInfo.InvariantCulture);
        return new PostgresColumn
        {
            Name = row[0]!,
            TypeName = row[1]!,
            TypeOid = oid,
            TypeModifier = modifier,
            BaseTypeOid = oid,
            BaseTypeModifier = modifier,
            IsEnum = false,
            IsArray = false,
            IsNotNull = row[4] is "t" or "true",
            DefaultSql = identity == IdentityKind.None ? source : null,
            Identity = identity,
            MayInsert = mayInsert,
            IsForeignBytes = oid == VarbyteOid,
        };
    }

    private async Task<TargetException> ExplainMissingAsync(QualifiedName name, CancellationToken ct)
    {
        var tables = await RowsAsync(
            "SELECT n.nspname, c.relname, pg_table_is_visible(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            + "WHERE c.relkind = 'r' AND n.nspname NOT IN ('information_schema', 'pg_catalog', 'pg_internal', 'catalog_history') LIMIT 20000", ct).ConfigureAwait(false);
        return MissingTable.Explain(
            name, connection.Database, [.. tables.Select(row => (Schema: row[0] ?? "", Name: row[1] ?? "", IsVisible: row[2] is "t" or "true"))]);
    }

    private Task<List<string?[]>> RowsAsync(string sql, CancellationToken ct) => RowsAsync(connection, sql, ct);

    /// <summary>All rows of a query, as the server writes their values.</summary>
    public static async Task<List<string?[]>> RowsAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            }

            rows.Add(row);
        }

        return rows;
    }
}
