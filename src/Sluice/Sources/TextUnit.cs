using System.Collections.Immutable;

namespace Sluice.Sources;

/// <summary>One file of text.</summary>
public sealed record TextUnit(int Index, string Label, long? Bytes, ImmutableArray<string> Columns) : ReadUnit(Index, Label, Bytes)
{
    /// <summary>Target columns in the order in which the file's rows are written; may differ between files with a header.</summary>
    public override ImmutableArray<string> Columns { get; init; } = Columns;
}
