using System.Collections.Immutable;

namespace Sluice.Sources.MySql;

/// <summary>A table, or a range of it.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Label">For messages.</param>
/// <param name="Where">The condition of the range; null: all rows.</param>
/// <param name="Columns">Target columns.</param>
internal sealed record MySqlUnit(int Index, string Label, string? Where, ImmutableArray<string> Columns) : ReadUnit(Index, Label, null)
{
    public override ImmutableArray<string> Columns { get; init; } = Columns;
}
