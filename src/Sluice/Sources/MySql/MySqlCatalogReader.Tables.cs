using System.Collections.Immutable;
using System.Globalization;
using Sluice.Catalog;

namespace Sluice.Sources.MySql;

/// <content>From the catalog's rows to the records of tables.</content>
internal sealed partial class MySqlCatalogReader
{
    private static MySqlTableInfo Info(TableRow table, ColumnRow[] columns, IndexRow[] indexes)
    {
        var infos = columns.ToImmutableDictionary(
            column => column.Name,
            column =>
            {
                var type = MySqlColumnType.Parse(column.ColumnType);
                return new MySqlColumnInfo(column.DataType, type.Precision, type.IsUnsigned, column.Charset) { Collation = column.Collation };
            },
            StringComparer.OrdinalIgnoreCase);
        var nullable = columns.Where(column => column.IsNullable).Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var keys = indexes.Where(part => part.IsUnique).GroupBy(part => part.Index)
            .Where(parts => parts.All(part => part is { Column: not null, Prefix: null, IsDescending: false, Kind: "BTREE" } && !nullable.Contains(part.Column)))
            .OrderBy(parts => parts.Key != "PRIMARY").ThenBy(parts => parts.Count()).ToArray();
        var key = keys.FirstOrDefault(parts => parts.All(part => MySqlKeys.IsOfUse(infos[part.Column!]))); // asked above

        // InnoDB keeps rows by the primary key, else by its choice among the unique ones.
        var isOrdered = key is not null && (key.Key == "PRIMARY" || keys.Length == 1) && table.Engine?.Equals("InnoDB", StringComparison.OrdinalIgnoreCase) == true;
        return new MySqlTableInfo(table.Name, infos, key is null || !IsTable(table.Type) ? [] : [.. key.Select(part => part.Column!)], isOrdered, table.Bytes, table.Rows); // as above
    }

    private TableModel Table(TableRow table, ColumnRow[] columns, ILookup<string, IndexRow> indexes, KeyRow[] keys, CheckRow[] checks)
    {
        var info = _infos[table.Name];
        if (table.Type == "SYSTEM VERSIONED")
        {
            _uncarried.Add(new UncarriedObject("history", table.Name, "only the rows of now are loaded, not those of former times", table.Name));
        }

        var groups = indexes[table.Name].GroupBy(part => part.Index).ToArray();
        return new TableModel
        {
            Name = new QualifiedName(database, table.Name),
            Columns = [.. columns.Select(column => Column(column, info, checks, isTable: true))],
            PrimaryKey = groups.FirstOrDefault(parts => parts.Key == "PRIMARY") is { } primary ? new KeyModel(null, [.. primary.Select(part => part.Column!)]) : null, // no expressions in it
            Indexes = [.. groups.Where(parts => parts.Key != "PRIMARY").Select(parts => Index(table.Name, [.. parts], info)).OfType<TableIndex>()],
            ForeignKeys = [.. keys.GroupBy(key => key.Name).Select(parts => Key([.. parts], indexes)).OfType<ForeignKey>()],
            Checks = [.. checks.Select(check => Check(check, info)).OfType<CheckModel>()],
            Comment = table.Comment.Length == 0 ? null : table.Comment,
            EstimatedRows = table.Rows,
        };
    }

    private ColumnModel Column(ColumnRow column, MySqlTableInfo info, CheckRow[] checks, bool isTable)
    {
        var label = $"{column.Table}.{column.Name}";
        var type = MySqlColumnType.Parse(column.ColumnType);
        var isGenerated = column.Extra.Contains("GENERATED", StringComparison.OrdinalIgnoreCase) && !column.Extra.Contains("DEFAULT_GENERATED", StringComparison.OrdinalIgnoreCase)
            && column.Expression is { Length: > 0 };
        var value = isGenerated || !isTable ? null : Default(column, type, label);
        if (isTable && column.Collation is { } collation && IsLoose(collation))
        {
            var (count, example) = _collations.GetValueOrDefault(collation, (0, label));
            _collations[collation] = (count + 1, example);
        }

        return new ColumnModel
        {
            Name = column.Name,
            DeclaredType = column.ColumnType,
            TypeName = column.DataType,
            TypeAliases = checks.Any(check => IsJson(check, column.Name)) ? ["json"] : [],
            Precision = type.Precision,
            Scale = type.Scale,
            IsUnsigned = type.IsUnsigned,
            IsNotNull = !column.IsNullable,
            Default = value,
            IsAutoIncrement = column.Extra.Contains("auto_increment", StringComparison.OrdinalIgnoreCase),
            IsUpdatedToNow = isTable && column.Extra.Contains("on update current_timestamp", StringComparison.OrdinalIgnoreCase),
            IsGenerated = isGenerated,
            GeneratedAs = isGenerated ? MySqlExpressions.Value(Unescaped(column.Expression!), info.Columns, info.Columns[column.Name]) : null, // it has one
            Labels = type.Labels,
            Collation = column.Collation,
            Comment = column.Comment.Length == 0 ? null : column.Comment,
        };
    }

    private ColumnDefault? Default(ColumnRow column, MySqlColumnType type, string label)
    {
        var isExpression = server.IsMariaDb || column.Extra.Contains("DEFAULT_GENERATED", StringComparison.OrdinalIgnoreCase);
        var text = column.Default is { } written && isExpression ? Unescaped(written) : column.Default;
        var value = MySqlDefaults.Read(text, column.DataType, type.Precision, isExpression);
        if (value is { Kind: DefaultKind.Expression })
        {
            _uncarried.Add(new UncarriedObject("default", label, $"the expression {value.Text} is not translated", column.Table));
            return null;
        }

        if (value is { Kind: DefaultKind.Literal } && column.DataType == "set")
        {
            // The transform of the values makes an array of it.
            return value;
        }

        // Fractions of a second that are nothing do not make another zero of it.
        return value is { Kind: DefaultKind.Literal, Text: ['0', '0', '0', '0', '-', '0', '0', '-', '0', '0', ' ', ..] } ? value with { Text = value.Text[..Math.Min(19, value.Text.Length)] } : value;
    }

    private static bool IsLoose(string collation) => collation.EndsWith("_ci", StringComparison.Ordinal) || collation.Contains("_ci_", StringComparison.Ordinal) || collation.EndsWith("_ai_ci", StringComparison.Ordinal);

    // What MariaDB makes of the type JSON.
    private static bool IsJson(CheckRow check, string column) =>
        check.Clause.Replace(" ", "", StringComparison.Ordinal).Equals($"json_valid({MySqlNames.Quote(column)})", StringComparison.OrdinalIgnoreCase);

    private CheckModel? Check(CheckRow check, MySqlTableInfo info)
    {
        var label = $"{check.Table}.{check.Name}";
        if (info.Columns.Keys.Any(column => IsJson(check, column)))
        {
            _uncarried.Add(new UncarriedObject("check", label, "the type json does what it asks for: CAST type json to jsonb", check.Table));
            return null;
        }

        var definition = MySqlExpressions.Condition(check.Clause, info.Columns);
        if (!check.IsEnforced || definition.Pieces is null)
        {
            _uncarried.Add(new UncarriedObject("check", label, check.IsEnforced ? $"{check.Clause} is not translated; the rows meet it already" : "it is not enforced", check.Table));
            return null;
        }

        return new CheckModel(check.Name, definition, IsValidated: true, Comment: null);
    }

    private TableIndex? Index(string table, IndexRow[] parts, MySqlTableInfo info)
    {
        var kind = parts[0].Kind.ToUpperInvariant();
        var label = $"{table}.{parts[0].Index}";
        if (kind == "SPATIAL" || kind == "RTREE")
        {
            if (parts[0].Column is not { } shape || info.Columns[shape].Type is not ("point" or "geometry" or "polygon"))
            {
                _uncarried.Add(new UncarriedObject("index", label, "PostgreSQL has no index for values of that shape; PostGIS has", table));
                return null;
            }

            return new TableIndex { Name = parts[0].Index, Parts = [new IndexPart(shape, null, false)], Method = "gist" };
        }

        if (kind == "FULLTEXT")
        {
            return new TableIndex { Name = parts[0].Index, Parts = [new IndexPart(null, Words([.. parts.Select(part => part.Column!)]), false)], Method = "gin" }; // of columns only
        }

        if (kind == "VECTOR")
        {
            _uncarried.Add(new UncarriedObject("index", label, "PostgreSQL has no index for vectors; pgvector has", table));
            return null;
        }

        return new TableIndex { Name = parts[0].Index, IsUnique = parts[0].IsUnique, Parts = [.. parts.Select(part => Part(part, info))] };
    }

    private static SourceSql Words(ImmutableArray<string> columns)
    {
        var pieces = ImmutableArray.CreateBuilder<SqlPiece>();
        pieces.Add(new SqlPiece("to_tsvector('simple'::regconfig,", IsColumn: false));
        foreach (var (column, i) in columns.Select((column, i) => (column, i)))
        {
            pieces.Add(new SqlPiece(i == 0 ? "coalesce(" : "|| ' ' || coalesce(", IsColumn: false));
            pieces.Add(new SqlPiece(column, IsColumn: true));
            pieces.Add(new SqlPiece(", '')", IsColumn: false));
        }

        pieces.Add(new SqlPiece(")", IsColumn: false));
        return new SourceSql("FULLTEXT", pieces.ToImmutable());
    }

    private IndexPart Part(IndexRow part, MySqlTableInfo info)
    {
        if (part.Column is null)
        {
            return new IndexPart(null, MySqlExpressions.Value(Unescaped(part.Expression ?? ""), info.Columns, null), part.IsDescending);
        }

        if (part.Prefix is not { } length)
        {
            return new IndexPart(part.Column, null, part.IsDescending);
        }

        var (before, after) = info.Columns[part.Column].IsBytes ? ("substr(", $", 1, {Digits(length)})") : ("left(", $", {Digits(length)})");
        return new IndexPart(
            null,
            new SourceSql($"{part.Column}({Digits(length)})", [new SqlPiece(before, IsColumn: false), new SqlPiece(part.Column, IsColumn: true), new SqlPiece(after, IsColumn: false)]),
            part.IsDescending);
    }

    private ForeignKey? Key(KeyRow[] parts, ILookup<string, IndexRow> indexes)
    {
        var key = parts[0];
        var label = $"{key.Table}.{key.Name}";
        if (key.ReferencedSchema != key.Schema)
        {
            _uncarried.Add(new UncarriedObject("foreign key", label, $"it refers to {Identifier.Display(key.References)} of the database {Identifier.Display(key.ReferencedSchema)}", key.Table));
            return null;
        }

        var referenced = parts.Select(part => part.ReferencedColumn).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var isKeyed = indexes[key.References].Where(part => part.IsUnique).GroupBy(part => part.Index)
            .Any(index => index.All(part => part is { Column: not null, Prefix: null }) && referenced.SetEquals(index.Select(part => part.Column!))); // asked beside
        if (!isKeyed)
        {
            _uncarried.Add(new UncarriedObject("foreign key", label, $"what it refers to in {Identifier.Display(key.References)} is no unique key", key.Table));
            return null;
        }

        return new ForeignKey
        {
            Name = key.Name,
            Columns = [.. parts.Select(part => part.Column)],
            References = new QualifiedName(database, key.References),
            ReferencedColumns = [.. parts.Select(part => part.ReferencedColumn)],
            OnUpdate = Action(key.OnUpdate),
            OnDelete = Action(key.OnDelete),
        };
    }

    private static ForeignKeyAction Action(string? words) => words?.ToUpperInvariant() switch
    {
        "RESTRICT" => ForeignKeyAction.Restrict,
        "CASCADE" => ForeignKeyAction.Cascade,
        "SET NULL" => ForeignKeyAction.SetNull,
        "SET DEFAULT" => ForeignKeyAction.SetDefault,
        _ => ForeignKeyAction.NoAction,
    };

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
