using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Plans;

/// <summary>Keys of tables that are spread by a column: such a key has to hold it.</summary>
internal static class DistributionKeys
{
    /// <summary>The primary key gets the column; other unique keys without it stay behind.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">What it is spread by.</param>
    /// <param name="uncarried">Takes what stays behind.</param>
    /// <param name="notices">Takes what is changed.</param>
    public static TableModel Fit(TableModel table, string column, List<UncarriedObject> uncarried, List<string> notices)
    {
        if (table.PrimaryKey is { } key && !Has(key.Columns, column))
        {
            var definition = table.Definition is not { } exact ? null : exact with
            {
                Indexes = [.. exact.Indexes.Select(index => index.Name == key.Name && index.Constraint is { } constraint
                    ? index with { Create = WithColumn(index.Create, column), Constraint = WithColumn(constraint, column) }
                    : index)],
            };
            table = table with { PrimaryKey = key with { Columns = [column, .. key.Columns] }, Definition = definition };
            notices.Add($"the primary key of {table.Name} begins with {Identifier.Display(column)}, by which the table is distributed");
        }

        foreach (var unique in table.UniqueKeys.Where(unique => !Has(unique.Columns, column)))
        {
            Leave("unique key", unique.Name ?? string.Join('_', unique.Columns));
        }

        foreach (var index in (table.Definition is null ? table.Indexes : []).Where(index => index.IsUnique && !index.Parts.Any(part => part.Column is { } own && Same(own, column))))
        {
            Leave("unique index", index.Name);
        }

        var own = table.Definition;
        if (own is not null)
        {
            var lost = own.Indexes.Where(index => !HasPiece(index.Create, column) && (index.Constraint is not null || index.Create.Text.StartsWith("CREATE UNIQUE", StringComparison.Ordinal))).ToArray();
            foreach (var index in lost.Where(index => table.UniqueKeys.All(unique => unique.Name != index.Name)))
            {
                Leave(index.Constraint is null ? "unique index" : "constraint", index.Name);
            }

            own = own with { Indexes = [.. own.Indexes.Except(lost)] };
        }

        return table with
        {
            UniqueKeys = [.. table.UniqueKeys.Where(unique => Has(unique.Columns, column))],
            Indexes = [.. table.Indexes.Where(index => !index.IsUnique || index.Parts.Any(part => part.Column is { } named && Same(named, column)))],
            Definition = own,
        };

        void Leave(string kind, string name) => uncarried.Add(new UncarriedObject(
            kind, $"{table.Name.Name}.{name}", $"it does not hold {Identifier.Display(column)}, by which the table is distributed", table.Name.Name));
    }

    /// <summary>The table with some of its foreign keys changed or, where the new one is null, left out.</summary>
    public static TableModel WithForeignKeys(TableModel table, IReadOnlyCollection<(ForeignKey Old, ForeignKey? New)> keys) => table with
    {
        ForeignKeys = [.. keys.Select(pair => pair.New).OfType<ForeignKey>()],
        Definition = table.Definition is not { } definition ? null : definition with
        {
            ForeignKeys = [.. definition.ForeignKeys.Select(found => Changed(found, keys.First(pair => pair.Old.Name == found.Key.Name).New)).OfType<ForeignKeyDefinition>()],
        },
    };

    private static ForeignKeyDefinition? Changed(ForeignKeyDefinition found, ForeignKey? key) => key is null ? null
        : key.Columns.Length == found.Key.Columns.Length ? found
        : found with { Key = key, Own = WithColumn(found.Own, key.Columns[0]), Others = WithColumn(found.Others, key.ReferencedColumns[0]) };

    // Before the first column that stands in it.
    private static SourceSql WithColumn(SourceSql sql, string column)
    {
        var pieces = sql.Pieces ?? [];
        var first = pieces.TakeWhile(piece => !piece.IsColumn).Count();
        pieces = [.. pieces[..first], new SqlPiece(column, IsColumn: true), new SqlPiece(", ", IsColumn: false), .. pieces[first..]];
        return new SourceSql(string.Concat(pieces.Select(piece => piece.IsColumn ? Identifier.Quote(piece.Text) : piece.Text)), pieces);
    }

    private static bool HasPiece(SourceSql sql, string column) => (sql.Pieces ?? []).Any(piece => piece.IsColumn && Same(piece.Text, column));

    private static bool Has(ImmutableArray<string> columns, string column) => columns.Contains(column, StringComparer.OrdinalIgnoreCase);

    private static bool Same(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
