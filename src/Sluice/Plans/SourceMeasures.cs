using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Plans;

/// <summary>What was found out about the values of a source's columns before the load.</summary>
public sealed class SourceMeasures(IReadOnlyDictionary<QualifiedName, ImmutableArray<ColumnMeasure>> tables)
{
    public static SourceMeasures None { get; } = new(new Dictionary<QualifiedName, ImmutableArray<ColumnMeasure>>());

    /// <summary>Null: nobody looked.</summary>
    public ColumnMeasure? Find(TableModel table, string column) =>
        tables.TryGetValue(table.Name, out var found) ? found.FirstOrDefault(measure => measure.Column == column) : null;
}
