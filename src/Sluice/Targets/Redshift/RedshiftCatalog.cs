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
        var user = await RowsAsync(RedshiftSql.Read("redshift_user.sql"), ct).ConfigureAwait(false);
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

    /// <summary>How many slices share the work of a COPY; null where the server does not say. Not to be asked within a transaction.</summary>
    public async Task<int?> SlicesAsync(CancellationToken ct)
    {
        try
        {
            var rows = await RowsAsync(RedshiftSql.Read("redshift_slices.sql"), ct).ConfigureAwait(false);
            return rows is [[{ } count]] && int.Parse(count, CultureInfo.InvariantCulture) is var slices and > 0 ? slices : null;
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    /// <exception cref="TargetException">There is no such table, or it is something else.</exception>
    public async Task<PostgresTable> ReadTableAsync(QualifiedName name, ServerInfo server, bool keepsCase, CancellationToken ct)
    {
        name = keepsCase ? name : new QualifiedName(name.Schema?.ToLowerInvariant(), name.Name.ToLowerInvariant());
        var sql = name.Schema is null
            ? RedshiftSql.Read("redshift_table.sql", ("name", name.Name))
            : RedshiftSql.Read("redshift_table_in_schema.sql", ("schema", name.Schema), ("name", name.Name));
        var found = await RowsAsync(sql, ct).ConfigureAwait(false);
        if (found is not [[{ } oid, { } foundSchema, { } foundName, { } kind, var owner]])
        {
            throw await ExplainMissingAsync(name, ct).ConfigureAwait(false);
        }

        var table = new QualifiedName(foundSchema, foundName);
        if (kind != "r")
        {
            throw new TargetException($"{table} is a view: COPY loads tables only", "Load into the table below it");
        }

        var rights = await RowsAsync(RedshiftSql.Read("redshift_table_rights.sql", ("table", Identifier.Quote(table))), ct).ConfigureAwait(false);
        var mayInsert = server.IsSuperuser || rights is [["t" or "true", _]];
        var mayUse = (mayInsert, server.IsSuperuser || rights is [[_, "t" or "true"]], server.IsSuperuser || owner == server.Role);
        return Table(oid, table, mayUse, await ReadColumnsAsync(oid, mayInsert, ct).ConfigureAwait(false), keepsCase);
    }

    /// <summary>Many tables by two queries for each schema. What is not there is left out.</summary>
    public async Task<Dictionary<QualifiedName, PostgresTable>> ReadTablesAsync(IEnumerable<QualifiedName> names, ServerInfo server, bool keepsCase, CancellationToken ct)
    {
        var found = new Dictionary<QualifiedName, PostgresTable>();
        foreach (var some in names.Where(name => name.Schema is not null).GroupBy(name => name.Schema!)) // filtered
        {
            var wanted = some.Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
            var columns = (await RowsAsync(RedshiftSql.Read("redshift_tables_columns.sql", ("schema", some.Key)), ct).ConfigureAwait(false)).ToLookup(row => row[^1]);
            foreach (var row in await RowsAsync(RedshiftSql.Read("redshift_tables.sql", ("schema", some.Key)), ct).ConfigureAwait(false))
            {
                if (row is [{ } oid, { } name, var owner, var insert, var select] && wanted.Contains(name))
                {
                    var mayInsert = server.IsSuperuser || insert is "t" or "true";
                    var table = new QualifiedName(some.Key, name);
                    found[table] = Table(
                        oid, table, (mayInsert, server.IsSuperuser || select is "t" or "true", server.IsSuperuser || owner == server.Role),
                        [.. columns[oid].Select(column => Column(column, mayInsert))], keepsCase);
                }
            }
        }

        return found;
    }

    private static PostgresTable Table(
        string oid, QualifiedName name, (bool Insert, bool Select, bool IsOwner) rights, ImmutableArray<PostgresColumn> columns, bool keepsCase) => new()
        {
            Name = name,
            Oid = long.Parse(oid, CultureInfo.InvariantCulture),
            Kind = TableKind.Ordinary,
            IsUnlogged = false,
            IsTemporary = name.Schema?.StartsWith("pg_temp", StringComparison.Ordinal) == true,
            IsPartition = false,
            Partitions = 0,
            Columns = columns,
            Indexes = [],
            RowTriggers = [],
            SelfReferences = [],
            ExclusionConstraints = [],
            IsRowSecurityActive = false,
            MayInsert = rights.Insert,
            MaySelect = rights.Select,
            MayTruncate = true,
            IsOwner = rights.IsOwner,
            IgnoresCase = !keepsCase,
        };

    private async Task<ImmutableArray<PostgresColumn>> ReadColumnsAsync(string table, bool mayInsert, CancellationToken ct)
    {
        var rows = await RowsAsync(RedshiftSql.Read("redshift_table_columns.sql", ("oid", table)), ct).ConfigureAwait(false);
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
        var tables = await RowsAsync(RedshiftSql.Read("redshift_table_names.sql"), ct).ConfigureAwait(false);
        return MissingTable.Explain(
            name, connection.Database, [.. tables.Select(row => (Schema: row[0] ?? "", Name: row[1] ?? "", IsVisible: row[2] is "t" or "true"))]);
    }

    private Task<List<string?[]>> RowsAsync(string sql, CancellationToken ct) => TextRows.ReadAsync(connection, sql, ct);
}
