using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Sources.Redshift;

/// <summary>
/// Reads the schema of a database: small queries over catalogs as PostgreSQL 8.0 had them, joined here.
/// https://docs.aws.amazon.com/redshift/latest/dg/c_join_PG.html
/// </summary>
internal sealed partial class RedshiftCatalogReader(RedshiftSession session, CancellationToken ct)
{
    private readonly List<UncarriedObject> _uncarried = [];
    private readonly List<string> _notices = [];
    private readonly Dictionary<QualifiedName, RedshiftTable> _tables = [];

    /// <summary>What reading needs to know of tables and views.</summary>
    public IReadOnlyDictionary<QualifiedName, RedshiftTable> Tables => _tables;

    public async Task<DatabaseCatalog> ReadAsync()
    {
        // A user may not be allowed to see these: they are asked for before the transaction, which an error would end.
        var sizes = (await session.TryRowsAsync(RedshiftSql.Read("redshift_source_sizes.sql"), ct).ConfigureAwait(false) ?? [])
            .Where(row => row is [not null, ..]).ToDictionary(row => row[0]!, row => (Megabytes: Number(row[1]), Rows: Number(row[2]))); // filtered
        var external = await session.TryRowsAsync(RedshiftSql.Read("redshift_source_external.sql"), ct).ConfigureAwait(false) ?? [];
        var materialized = await session.TryRowsAsync(RedshiftSql.Read("redshift_source_materialized.sql"), ct).ConfigureAwait(false) ?? [];
        var relations = await RowsAsync("redshift_source_tables.sql").ConfigureAwait(false);
        var columns = (await RowsAsync("redshift_source_columns.sql").ConfigureAwait(false)).ToLookup(row => row[0]);
        var keys = (await RowsAsync("redshift_source_keys.sql").ConfigureAwait(false)).ToLookup(row => row[0]);
        var comments = (await RowsAsync("redshift_source_comments.sql").ConfigureAwait(false)).ToLookup(row => row[0]);
        var names = relations.ToDictionary(row => row[0]!, row => new QualifiedName(row[1], row[2]!)); // never NULL in pg_class
        var tables = ImmutableArray.CreateBuilder<TableModel>();
        var views = ImmutableArray.CreateBuilder<TableModel>();
        var madeViews = materialized.Select(row => new QualifiedName(row[0]?.TrimEnd(), row[1]?.TrimEnd() ?? "")).ToHashSet();
        _uncarried.AddRange(external.Select(row => new UncarriedObject("external table", $"{row[0]}.{row[1]}", "its rows are not in the database")));
        foreach (var row in relations)
        {
            var name = names[row[0]!]; // as above
            var own = columns[row[0]].ToArray();
            var (megabytes, count) = sizes.GetValueOrDefault(row[0]!, (null, Number(row[5]))); // as above
            if (row[3] == "v")
            {
                AddView(name, own, madeViews.Contains(name), views);
            }
            else if (MaterializedTable().Match(name.Name) is { Success: true } view)
            {
                _uncarried.Add(new UncarriedObject("table", name.ToString(), $"it belongs to the materialized view {Identifier.Display(view.Groups[1].Value)}"));
            }
            else
            {
                tables.Add(Table(name, row, own, keys[row[0]], comments[row[0]], names, columns) with { EstimatedRows = count is >= 0 ? count : null });
                _tables[name] = _tables[name] with { Megabytes = megabytes, Rows = count };
            }
        }

        return new DatabaseCatalog
        {
            Tables = tables.ToImmutable(),
            Views = views.ToImmutable(),
            ServerKind = "Redshift",
            TextEncoding = "utf-8",
            Uncarried = [.. _uncarried],
            Notices = [.. _notices],
        };
    }

    /// <summary>The numbers of an array as text: <c>{1,2}</c>.</summary>
    internal static ImmutableArray<string> Numbers(string? array) =>
        array is ['{', .., '}'] && array.Length > 2 ? [.. array[1..^1].Split(',').Select(number => number.Trim())] : [];

    private static bool IsTrue(string? value) => value is "t" or "true";

    private static long? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= -1 and <= long.MaxValue ? (long)number : null;

    private Task<List<string?[]>> RowsAsync(string file) =>
        session.UseAsync("its schema", [], connection => TextRows.ReadAsync(connection, RedshiftSql.Read(file), ct), ct);

    private void AddView(QualifiedName name, string?[][] columns, bool isMaterialized, ImmutableArray<TableModel>.Builder views)
    {
        var kind = isMaterialized ? "materialized view" : columns.Length == 0 ? "late-binding view" : "view";
        _uncarried.Add(new UncarriedObject(kind, name.ToString(), kind == "view" ? "views are not translated; MATERIALIZE VIEWS carries its rows" : "views are not translated"));
        if (columns.Length > 0)
        {
            views.Add(Table(name, null, columns, [], [], null, null) with { IsView = true });
        }
    }

    private TableModel Table(
        QualifiedName name, string?[]? row, string?[][] columns, IEnumerable<string?[]> keys, IEnumerable<string?[]> comments,
        Dictionary<string, QualifiedName>? names, ILookup<string?, string?[]>? others)
    {
        var said = comments.Where(comment => comment is [_, not null, not null]).ToDictionary(comment => comment[1]!, comment => comment[2]!); // filtered
        var types = columns.ToImmutableDictionary(column => column[1]!, column => RedshiftType.Parse(column[2]!)); // never NULL in pg_attribute
        _tables[name] = new RedshiftTable { Name = name, Types = types };
        var all = keys.ToArray();
        var numbered = columns.ToDictionary(column => column[8]!, column => column[1]!); // as above
        var models = columns.Select(column => Column(name, column, types[column[1]!], said.GetValueOrDefault(column[8]!))).ToImmutableArray(); // as above
        return new TableModel
        {
            Name = name,
            Columns = models,
            PrimaryKey = all.Where(key => key[2] == "p").Select(key => Key(key, numbered)).FirstOrDefault(),
            UniqueKeys = [.. all.Where(key => key[2] == "u").Select(key => Key(key, numbered))],
            ForeignKeys = names is null || others is null ? [] : [.. all.Where(key => key[2] == "f" && names.ContainsKey(key[4] ?? "")).Select(key => Foreign(key, numbered, names, others))],
            Layout = row is null ? null : Layout(row[4], columns),
            Comment = said.GetValueOrDefault("0"),
        };
    }

    private ColumnModel Column(QualifiedName table, string?[] row, RedshiftType type, string? comment)
    {
        var identity = RedshiftDefaults.Identity(row[7]);
        if (identity is { Step: not 1 } odd)
        {
            _notices.Add(FormattableString.Invariant($"the numbers of {table}.{Identifier.Display(row[1]!)} go up by {odd.Step} at the source, and by 1 in the target")); // as above
        }

        var value = identity is null ? RedshiftDefaults.Read(row[7]) : null;
        if (value is { Kind: DefaultKind.Expression })
        {
            _uncarried.Add(new UncarriedObject("default", $"{table}.{Identifier.Display(row[1]!)}", $"the expression {value.Text} is not translated", table.Name)); // as above
            value = null;
        }

        return new ColumnModel
        {
            Name = row[1]!, // as above
            TypeName = type.Name,
            TypeAliases = type.Aliases,
            DeclaredType = type.Declared,
            Precision = type.First,
            Scale = type.Second,
            IsNotNull = IsTrue(row[3]),
            IsAutoIncrement = identity is not null,
            Default = value,
            Compression = row[6] is { Length: > 0 } encoding and not "none" ? encoding : row[6] is "none" ? "raw" : null,
            Comment = comment,
        };
    }

    private static KeyModel Key(string?[] row, Dictionary<string, string> columns) => new(row[1], [.. Numbers(row[3]).Select(number => columns[number])]);

    private static ForeignKey Foreign(string?[] row, Dictionary<string, string> columns, Dictionary<string, QualifiedName> names, ILookup<string?, string?[]> others)
    {
        var referenced = others[row[4]].ToDictionary(column => column[8]!, column => column[1]!); // never NULL in pg_attribute
        return new ForeignKey
        {
            Name = row[1],
            Columns = [.. Numbers(row[3]).Select(number => columns[number])],
            References = names[row[4]!], // looked for by the caller
            ReferencedColumns = [.. Numbers(row[5]).Select(number => referenced[number])],
        };
    }

    // 0 is EVEN, 1 KEY, 8 ALL, 9 AUTO: https://docs.aws.amazon.com/redshift/latest/dg/viewing-distribution-styles.html
    private static TableLayout Layout(string? style, string?[][] columns)
    {
        var sorted = columns.Select(column => (Name: column[1]!, Order: int.TryParse(column[5], NumberStyles.Integer, CultureInfo.InvariantCulture, out var order) ? order : 0)) // as above
            .Where(column => column.Order != 0).OrderBy(column => Math.Abs(column.Order)).ToArray();
        return new TableLayout
        {
            Distribution = style switch
            {
                "0" => RowDistribution.Even,
                "1" => RowDistribution.Key,
                "8" => RowDistribution.All,
                _ => RowDistribution.Auto,
            },
            DistributionKey = columns.Where(column => IsTrue(column[4])).Select(column => column[1]).FirstOrDefault(),
            SortKey = [.. sorted.Select(column => column.Name)],
            IsInterleaved = sorted.Any(column => column.Order < 0),
        };
    }

    [GeneratedRegex("^mv_tbl__(.+)__[0-9]+$")]
    private static partial Regex MaterializedTable();
}
