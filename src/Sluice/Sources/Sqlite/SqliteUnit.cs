using System.Collections.Immutable;

namespace Sluice.Sources.Sqlite;

/// <summary>A table, or the rows of it whose numbers lie in a range.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Table">Its name.</param>
/// <param name="First">The first number; null where nothing precedes.</param>
/// <param name="Last">The last number; null where nothing follows.</param>
/// <param name="Columns">Target columns.</param>
internal sealed record SqliteUnit(int Index, string Table, long? First, long? Last, ImmutableArray<string> Columns) : ReadUnit(Index, Table, null)
{
    public override ImmutableArray<string> Columns { get; init; } = Columns;
}
