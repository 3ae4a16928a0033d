using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Postgres;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>Reads the schema of a database over one connection.</summary>
internal sealed class SqliteCatalogReader(SqliteConnection connection)
{
    /// <summary>PostgreSQL's name for where unqualified tables go.</summary>
    public const string Schema = "public";

    private readonly List<UncarriedObject> _uncarried = [];
    private readonly Dictionary<string, string> _rowIds = new(StringComparer.Ordinal);

    /// <summary>Under which name each table shows the number that its rows have. Known once the schema is read.</summary>
    public IReadOnlyDictionary<string, string> RowIds => _rowIds;

    public DatabaseCatalog Read(CancellationToken ct)
    {
        var objects = Query("sqlite_objects.sql", row => new SchemaObject(
            row.GetString(0), row.GetString(1), row.GetString(2), Text(row, 3), Text(row, 4), row.GetInt64(5) != 0), ct);
        var columns = Query("sqlite_columns.sql", row => new ColumnRow(
            row.GetString(0), row.GetString(1), Text(row, 2) ?? "", row.GetInt64(3) != 0, Text(row, 4), row.GetInt32(5), row.GetInt32(6)), ct).ToLookup(row => row.Table);
        var indexes = Query("sqlite_indexes.sql", row => new IndexRow(
            row.GetString(0), row.GetString(1), row.GetInt64(2) != 0, row.GetString(3), Text(row, 5), row.GetInt64(6) != 0, Text(row, 7) ?? "BINARY"), ct)
            .ToLookup(row => row.Table);
        var keys = Query("sqlite_foreign_keys.sql", row => new KeyRow(
            row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), Text(row, 4), row.GetString(5), row.GetString(6)), ct).ToLookup(row => row.Table);
        var indexSql = objects.Where(found => found.Type == "index" && found.Sql is not null).ToDictionary(found => found.Name, found => found.Sql!, StringComparer.Ordinal);
        var tables = ImmutableArray.CreateBuilder<TableModel>();
        foreach (var found in objects)
        {
            ct.ThrowIfCancellationRequested();
            if (Uncarried(found) is { } reason)
            {
                _uncarried.Add(new UncarriedObject(found.TableKind == "virtual" ? "virtual table" : found.Type, found.Name, reason, found.Type == "trigger" ? found.Table : null));
            }
            else if (found is { Type: "table", TableKind: "table" } && !found.Name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
            {
                tables.Add(Table(found, [.. columns[found.Name]], [.. indexes[found.Name]], [.. keys[found.Name]], indexSql));
            }
        }

        return new DatabaseCatalog
        {
            Tables = tables.ToImmutable(),
            Views = [.. objects.Where(found => found.Type == "view").Select(found => View(found.Name, ct)).OfType<TableModel>()],
            TextEncoding = Encoding(),
            Uncarried = [.. _uncarried],
        };
    }

    // What is put in as UTF-8 is kept as it is, in a database of UTF-16 it is turned into that.
    private string? Encoding()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA main.encoding";
        return command.ExecuteScalar() is string name and not "UTF-8" ? name : null;
    }

    /// <summary>A query's columns, with the types of those that it takes from tables as they are.</summary>
    /// <exception cref="SqliteException">It cannot be understood.</exception>
    /// <exception cref="SourceException">It is no query, or not a single one.</exception>
    public TableModel Query(string name, string query)
    {
        var database = connection.Handle;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, query, out var statement, out var tail), database);
        using (statement)
        {
            if (raw.sqlite3_column_count(statement) == 0 || raw.sqlite3_stmt_readonly(statement) == 0 || !string.IsNullOrWhiteSpace(tail))
            {
                throw new SourceException($"MATERIALIZE VIEWS {Identifier.Display(name)} AS takes one query", "write one SELECT");
            }

            return new TableModel
            {
                Name = new QualifiedName(Schema, name),
                IsView = true,
                Query = query,
                Columns =
                [
                    .. Enumerable.Range(0, raw.sqlite3_column_count(statement)).Select(i => Column(
                        name,
                        new ColumnRow(name, raw.sqlite3_column_name(statement, i).utf8_to_string(), raw.sqlite3_column_decltype(statement, i).utf8_to_string() ?? "", false, null, 0, 0),
                        isNumbered: false)),
                ],
            };
        }
    }

    // Each asked for itself: one that refers to what is gone cannot be read, and should not hide the others.
    private TableModel? View(string name, CancellationToken ct)
    {
        try
        {
            var columns = Query("sqlite_view_columns.sql", row => (Name: row.GetString(0), Type: Text(row, 1) ?? ""), ct, name);
            return new TableModel
            {
                Name = new QualifiedName(Schema, name),
                IsView = true,
                Columns = [.. columns.Select(column => Column(name, new ColumnRow(name, column.Name, column.Type, false, null, 0, 0), isNumbered: false))],
            };
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    private static string? Uncarried(SchemaObject found) => found switch
    {
        { Type: "view" } => "views are not translated",
        { Type: "trigger" } => "triggers are not translated",
        { TableKind: "virtual" } => "its rows are those of a module; what it stores is in other tables",
        { TableKind: "shadow" } => "it belongs to a virtual table",
        _ => null,
    };

    // What columns and keys say beyond what the catalog holds.
    private static IEnumerable<UncarriedObject> Uncarried(string table, ImmutableArray<SqliteToken> tokens)
    {
        foreach (var (word, next) in tokens.Zip(tokens.Skip(1)))
        {
            if (word.IsWord("collate") && !next.Text.Equals("binary", StringComparison.OrdinalIgnoreCase))
            {
                yield return new UncarriedObject("collation", table, $"{next.Text} is not carried over: values compare as the target's types do", table);
            }
            else if (word.IsWord("initially") && next.IsWord("deferred"))
            {
                yield return new UncarriedObject("deferral", table, "foreign keys are checked at each statement, not at the end of the transaction", table);
            }
        }
    }

    private TableModel Table(SchemaObject table, ColumnRow[] columns, IndexRow[] indexes, KeyRow[] keys, Dictionary<string, string> indexSql)
    {
        var tokens = SqliteTokens.Read(table.Sql ?? "");
        var visible = columns.Where(column => column.Hidden != 1).ToArray();
        var names = visible.Select(column => column.Name).ToArray();
        var primaryKey = visible.Where(column => column.KeyPlace > 0).OrderBy(column => column.KeyPlace).Select(column => column.Name).ToImmutableArray();
        var isNumbered = tokens.Any(token => token.IsWord("autoincrement"));
        if (tokens.Any(token => token.IsWord("check")))
        {
            _uncarried.Add(new UncarriedObject("check", table.Name, "conditions are not translated; the rows meet them already", table.Name));
        }

        if (!table.IsWithoutRowId && SqliteRowId.Name([.. columns.Select(column => column.Name)]) is { } rowId)
        {
            _rowIds[table.Name] = rowId;
        }

        _uncarried.AddRange(Uncarried(table.Name, tokens).Distinct());
        var byIndex = indexes.GroupBy(part => part.Index).ToArray();
        // INTEGER PRIMARY KEY: the row's number itself, so that no index is kept for it. Any other key of an ordinary table may hold NULL.
        var numbering = !table.IsWithoutRowId && byIndex.All(parts => parts.First().Origin != "pk")
            && visible.Where(column => column.KeyPlace > 0).ToArray() is [var key] && key.Type.Equals("integer", StringComparison.OrdinalIgnoreCase) ? key.Name : null;
        return new TableModel
        {
            Name = new QualifiedName(Schema, table.Name),
            Columns = [.. visible.Select(column => Column(table.Name, column, isNumbered && primaryKey is [var only] && only == column.Name) with { IsNeverNull = column.Name == numbering })],
            PrimaryKey = primaryKey.IsEmpty ? null : new KeyModel(null, primaryKey),
            UniqueKeys = [.. byIndex.Where(parts => parts.First().Origin == "u").Select(parts => new KeyModel(null, [.. parts.Select(part => part.Column!)]))],
            Indexes = [.. byIndex.Where(parts => parts.First().Origin == "c").Select(parts => Index([.. parts], indexSql[parts.Key], names))],
            ForeignKeys = [.. keys.GroupBy(key => key.Id).Select(parts => Key([.. parts]))],
            EstimatedRows = LastRowId(table.Name),
        };
    }

    private ColumnModel Column(string table, ColumnRow column, bool isNumbered)
    {
        var type = SqliteDeclaredType.Parse(column.Type);
        var value = SqliteDefaults.Read(column.Default);
        if (column.Hidden is 2 or 3)
        {
            _uncarried.Add(new UncarriedObject("generated column", $"{table}.{column.Name}", "its expression is not translated; its values are copied", table));
        }

        if (value is { Kind: DefaultKind.Expression })
        {
            _uncarried.Add(new UncarriedObject("default", $"{table}.{column.Name}", $"the expression {value.Text} is not translated", table));
            value = null;
        }

        return new ColumnModel
        {
            Name = column.Name,
            DeclaredType = column.Type,
            TypeName = type.Name,
            Precision = type.Precision,
            Scale = type.Scale,
            IsUnsigned = type.IsUnsigned,
            IsNotNull = column.IsNotNull,
            Default = value,
            IsAutoIncrement = isNumbered,
            IsGenerated = column.Hidden is 2 or 3,
        };
    }

    private TableIndex Index(IndexRow[] parts, string sql, string[] columns)
    {
        var tokens = SqliteTokens.Read(sql);
        var list = PartsOf(tokens);
        var where = tokens.IndexOf(tokens.FirstOrDefault(token => token.Depth == 0 && token.IsWord("where")));
        foreach (var part in parts.Where(part => !part.Collation.Equals("BINARY", StringComparison.OrdinalIgnoreCase)))
        {
            _uncarried.Add(new UncarriedObject("collation", $"{part.Index}.{part.Column ?? "expression"}", $"{part.Collation} is not carried over: the index tells case and blanks apart", part.Table));
        }

        return new TableIndex
        {
            Name = parts[0].Index,
            IsUnique = parts[0].IsUnique,
            Parts = [.. parts.Select((part, i) => new IndexPart(
                part.Column, part.Column is null ? SqliteExpressions.Read(sql, list[i].AsSpan(), columns) : null, part.IsDescending))],
            Where = where >= 0 && tokens[where].IsWord("where") && where + 1 < tokens.Length ? SqliteExpressions.Read(sql, tokens.AsSpan()[(where + 1)..], columns) : null,
        };
    }

    // What stands between the commas of the outermost parentheses, without COLLATE and the direction.
    private static List<ImmutableArray<SqliteToken>> PartsOf(ImmutableArray<SqliteToken> tokens)
    {
        var parts = new List<ImmutableArray<SqliteToken>>();
        var open = tokens.IndexOf(tokens.First(token => token.Depth == 0 && token.IsSign("(")));
        var part = ImmutableArray.CreateBuilder<SqliteToken>();
        foreach (var token in tokens.Skip(open + 1))
        {
            if ((token.Depth == 1 && token.IsSign(",")) || (token.Depth == 0 && token.IsSign(")")))
            {
                parts.Add([.. part.TakeWhile(word => word.Depth > 1 || !(word.IsWord("collate") || word.IsWord("asc") || word.IsWord("desc")))]);
                part.Clear();
                if (token.Depth == 0)
                {
                    break;
                }
            }
            else
            {
                part.Add(token);
            }
        }

        return parts;
    }

    private static ForeignKey Key(KeyRow[] parts) => new()
    {
        Columns = [.. parts.Select(part => part.Column)],
        References = new QualifiedName(Schema, parts[0].References),
        ReferencedColumns = parts.Any(part => part.ReferencedColumn is null) ? [] : [.. parts.Select(part => part.ReferencedColumn!)],
        OnUpdate = Action(parts[0].OnUpdate),
        OnDelete = Action(parts[0].OnDelete),
    };

    private static ForeignKeyAction Action(string words) => words.ToUpperInvariant() switch
    {
        "RESTRICT" => ForeignKeyAction.Restrict,
        "CASCADE" => ForeignKeyAction.Cascade,
        "SET NULL" => ForeignKeyAction.SetNull,
        "SET DEFAULT" => ForeignKeyAction.SetDefault,
        _ => ForeignKeyAction.NoAction,
    };

    // The last one is found without counting; rows that were deleted make it too large.
    private long? LastRowId(string table)
    {
        if (!_rowIds.TryGetValue(table, out var name))
        {
            return null;
        }

        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT max({name}) FROM main.{Identifier.Quote(table)}";
        return command.ExecuteScalar() is long last ? Math.Max(0, last) : 0;
    }

    private List<T> Query<T>(string file, Func<SqliteDataReader, T> read, CancellationToken ct, string? name = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = SqlText.Read(file);
        if (name is not null)
        {
            command.Parameters.AddWithValue("$name", name);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            ct.ThrowIfCancellationRequested();
            rows.Add(read(reader));
        }

        return rows;
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private sealed record SchemaObject(string Type, string Name, string Table, string? Sql, string? TableKind, bool IsWithoutRowId);

    private sealed record ColumnRow(string Table, string Name, string Type, bool IsNotNull, string? Default, int KeyPlace, int Hidden);

    private sealed record IndexRow(string Table, string Index, bool IsUnique, string Origin, string? Column, bool IsDescending, string Collation);

    private sealed record KeyRow(string Table, long Id, string References, string Column, string? ReferencedColumn, string OnUpdate, string OnDelete);
}
