using System.Collections.Immutable;
using System.Globalization;
using MySqlConnector;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Sources.MySql;

/// <summary>Reads the schema of a database over one connection.</summary>
/// <param name="connection">In its snapshot.</param>
/// <param name="server">What it leads to.</param>
/// <param name="database">The name of the database: that of the schema too.</param>
/// <param name="ct">Gives up.</param>
internal sealed partial class MySqlCatalogReader(MySqlConnection connection, MySqlServer server, string database, CancellationToken ct)
{
    private const int Shown = 5;

    private readonly List<UncarriedObject> _uncarried = [];
    private readonly List<string> _notices = [];
    private readonly SortedDictionary<string, (int Count, string Example)> _collations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MySqlTableInfo> _infos = new(StringComparer.Ordinal);

    /// <summary>What reading rows needs to know, by table. Known once the schema is read.</summary>
    public IReadOnlyDictionary<string, MySqlTableInfo> Infos => _infos;

    public async Task<DatabaseCatalog> ReadAsync()
    {
        var objects = await QueryAsync("mysql_tables.sql", row => new TableRow(
            row["TABLE_NAME"]!, row["TABLE_TYPE"]!, row["ENGINE"], Number(row["TABLE_ROWS"]), Number(row["DATA_LENGTH"]), row["TABLE_COMMENT"] ?? "")).ConfigureAwait(false);
        var columns = (await QueryAsync("mysql_columns.sql", row => new ColumnRow(
            row["TABLE_NAME"]!, row["COLUMN_NAME"]!, row["COLUMN_DEFAULT"], row["IS_NULLABLE"] == "YES", row["DATA_TYPE"]!.ToLowerInvariant(), row["COLUMN_TYPE"]!,
            row["CHARACTER_SET_NAME"], row["COLLATION_NAME"], row["EXTRA"] ?? "", row["GENERATION_EXPRESSION"], row["COLUMN_COMMENT"] ?? "")).ConfigureAwait(false)).ToLookup(row => row.Table);
        var indexes = (await QueryAsync("mysql_indexes.sql", row => new IndexRow(
            row["TABLE_NAME"]!, row["INDEX_NAME"]!, row["NON_UNIQUE"] == "0", row["COLUMN_NAME"], row["COLLATION"] == "D", (int?)Number(row["SUB_PART"]), row["INDEX_TYPE"] ?? "",
            row.GetValueOrDefault("EXPRESSION"))).ConfigureAwait(false)).ToLookup(row => row.Table);
        var keys = await ForeignKeysAsync().ConfigureAwait(false);
        var checks = await ChecksAsync().ConfigureAwait(false);
        await ReadUncarriedAsync().ConfigureAwait(false);
        foreach (var found in objects)
        {
            _infos[found.Name] = Info(found, [.. columns[found.Name]], [.. indexes[found.Name]]);
        }

        var tables = objects.Where(found => IsTable(found.Type))
            .Select(found => Table(found, [.. columns[found.Name]], indexes, [.. keys[found.Name]], [.. checks[found.Name]])).ToImmutableArray();
        var views = objects.Where(found => found.Type == "VIEW").Select(found => View(found, [.. columns[found.Name]])).ToImmutableArray();
        _uncarried.AddRange(objects.Where(found => found.Type == "VIEW").Select(found => new UncarriedObject("view", found.Name, "its definition is not translated; MATERIALIZE VIEWS loads its rows into a table")));
        _uncarried.AddRange(objects.Where(found => found.Type == "SEQUENCE").Select(found => new UncarriedObject("sequence", found.Name, "sequences that stand by themselves are not created")));
        NoteCollations();
        return new DatabaseCatalog
        {
            Tables = tables,
            Views = views,
            Uncarried = [.. _uncarried],
            Notices = [.. _notices],
            TextEncoding = "UTF-8",
        };
    }

    /// <summary>What a query gives, as a view of that name would; nothing is created for it.</summary>
    public async Task<TableModel> QueryAsync(QualifiedName name, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {MySqlNames.From(name.Name, query)} LIMIT 0";
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var columns = (await reader.GetColumnSchemaAsync(ct).ConfigureAwait(false)).Cast<MySqlDbColumn>()
            .Select(column => new ColumnRow(name.Name, column.ColumnName, null, column.AllowDBNull ?? true, "", "", null, null, "", null, "") with { Result = MySqlResultColumn.Of(column) })
            .Select(row => row with { DataType = row.Result!.Type, ColumnType = row.Result.DeclaredType, Charset = row.Result.IsText ? "utf8mb4" : null }).ToArray();
        var view = new TableRow(name.Name, "VIEW", null, null, null, "");
        _infos[name.Name] = Info(view, columns, []);
        return View(view, columns) with { Query = query };
    }

    private static bool IsTable(string type) => type is "BASE TABLE" or "SYSTEM VERSIONED";

    private TableModel View(TableRow view, ColumnRow[] columns) => new()
    {
        Name = new QualifiedName(database, view.Name),
        IsView = true,
        Columns = [.. columns.Select(column => Column(column, _infos[view.Name], [], isTable: false))],
    };

    private async Task<ILookup<string, KeyRow>> ForeignKeysAsync()
    {
        var rows = await QueryAsync("mysql_foreign_keys.sql", row => new KeyRow(
            row["TABLE_NAME"]!, row["CONSTRAINT_NAME"]!, row["COLUMN_NAME"]!, row["REFERENCED_TABLE_SCHEMA"]!, row["REFERENCED_TABLE_NAME"]!, row["REFERENCED_COLUMN_NAME"]!,
            row["UPDATE_RULE"], row["DELETE_RULE"], row["TABLE_SCHEMA"]!)).ConfigureAwait(false);
        var rules = new Dictionary<(string Table, string Key), MySqlKeyRules>();
        foreach (var table in rows.Where(row => row.OnUpdate is null).GroupBy(row => row.Table))
        {
            var create = await CreateTableAsync(table.Key).ConfigureAwait(false);
            foreach (var key in table.Select(row => row.Name).Distinct())
            {
                rules[(table.Key, key)] = MySqlKeyRules.Of(create, key);
            }
        }

        return rows.Select(row => rules.TryGetValue((row.Table, row.Name), out var found) ? row with { OnUpdate = found.OnUpdate, OnDelete = found.OnDelete } : row)
            .ToLookup(row => row.Table);
    }

    private async Task<string> CreateTableAsync(string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SHOW CREATE TABLE {MySqlNames.Quote(table)}";
        command.CommandTimeout = 0;
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        return await reader.ReadAsync(ct).ConfigureAwait(false) ? reader.GetString(1) : "";
    }

    private async Task<ILookup<string, CheckRow>> ChecksAsync()
    {
        var version = server.Version;
        if (server.IsMariaDb ? version < new Version(10, 2, 22) : version < new Version(8, 0, 16))
        {
            return Array.Empty<CheckRow>().ToLookup(row => row.Table);
        }

        var rows = await QueryAsync(server.IsMariaDb ? "mariadb_checks.sql" : "mysql_checks.sql", row => new CheckRow(
            row["TABLE_NAME"]!, row["CONSTRAINT_NAME"]!, Unescaped(row["CHECK_CLAUSE"]!), row["ENFORCED"] != "NO")).ConfigureAwait(false);
        return rows.ToLookup(row => row.Table);
    }

    // MySQL's catalog shows quotes within expressions behind backslashes.
    private string Unescaped(string sql) => server.IsMariaDb ? sql : sql.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    private async Task ReadUncarriedAsync()
    {
        var rows = await QueryAsync("mysql_uncarried.sql", row => (Kind: row["KIND"]!, Name: row["NAME"]!, Table: row["TABLE_NAME"])).ConfigureAwait(false);
        _uncarried.AddRange(rows.Select(row => new UncarriedObject(
            row.Kind,
            row.Name,
            row.Kind switch
            {
                "partitioning" => "its rows come into one table",
                "event" => "events are not translated: a scheduler has to run them",
                _ => $"{row.Kind}s are not translated",
            },
            row.Table)));
    }

    // Which values are equal is another matter there: one line for all columns.
    private void NoteCollations()
    {
        if (_collations.Count > 0)
        {
            _notices.Add($"texts of {string.Join(", ", _collations.OrderByDescending(found => found.Value.Count).Take(Shown).Select(found => string.Create(CultureInfo.InvariantCulture, $"{found.Key} ({found.Value.Count} column{(found.Value.Count == 1 ? "" : "s")}, {found.Value.Example})")))}"
                + $"{(_collations.Count > Shown ? ", …" : "")} are compared without regard to case in the source; in the target upper and lower case differ");
        }
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string file, Func<IReadOnlyDictionary<string, string?>, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = SqlText.Read(file);
        command.CommandTimeout = 0;
        var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = reader.ConfigureAwait(false);
        var row = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row[reader.GetName(i)] = reader.GetValue(i) switch
                {
                    DBNull => null,
                    byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
                    var value => Convert.ToString(value, CultureInfo.InvariantCulture),
                };
            }

            rows.Add(read(row));
        }

        return rows;
    }

    private sealed record TableRow(string Name, string Type, string? Engine, long? Rows, long? Bytes, string Comment);

    private sealed record ColumnRow(
        string Table, string Name, string? Default, bool IsNullable, string DataType, string ColumnType, string? Charset, string? Collation, string Extra, string? Expression, string Comment)
    {
        public MySqlResultColumn? Result { get; init; }
    }

    private sealed record IndexRow(string Table, string Index, bool IsUnique, string? Column, bool IsDescending, int? Prefix, string Kind, string? Expression);

    private sealed record KeyRow(string Table, string Name, string Column, string ReferencedSchema, string References, string ReferencedColumn, string? OnUpdate, string? OnDelete, string Schema);

    private sealed record CheckRow(string Table, string Name, string Clause, bool IsEnforced);
}
