using System.Collections.Immutable;

namespace Sluice.Sources.Sqlite;

/// <summary>One table.</summary>
public sealed record SqliteUnit(string Table, ImmutableArray<string> Columns) : ReadUnit(0, Table, null)
{
    /// <summary>Target columns.</summary>
    public override ImmutableArray<string> Columns { get; init; } = Columns;
}
