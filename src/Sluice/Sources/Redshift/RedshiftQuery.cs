using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Catalog;

namespace Sluice.Sources.Redshift;

/// <summary>The query that reads a table: its columns as they are, but for those that would lose something on their way.</summary>
internal static class RedshiftQuery
{
    public static string Select(RedshiftTable table, ImmutableArray<ReadColumn> columns) => Of(table, columns, isUnloaded: false);

    /// <summary>For UNLOAD, which writes the text of a SUPER as it is and its NULL as null: as a VARCHAR it is escaped as any other.</summary>
    public static string Unload(RedshiftTable table, ImmutableArray<ReadColumn> columns) => Of(table, columns, isUnloaded: true);

    private static string Of(RedshiftTable table, ImmutableArray<ReadColumn> columns, bool isUnloaded) =>
        $"SELECT {(columns.IsEmpty ? "1" : string.Join(", ", columns.Select(column => Column(table.Types[column.Name], column, isUnloaded))))} FROM {Identifier.Quote(table.Name)}";

    private static string Column(RedshiftType type, ReadColumn column, bool isUnloaded)
    {
        var name = Identifier.Quote(column.Name);
        return type.Name switch
        {
            // 8 digits are not enough for each of them, 17 are; only where the target makes the same number of that again.
            "real" when column is { Type: BinaryType.Float4, Using: null } => $"CAST({name} AS double precision)",
            "super" when isUnloaded => $"json_serialize({name})",
            _ => name,
        };
    }
}
