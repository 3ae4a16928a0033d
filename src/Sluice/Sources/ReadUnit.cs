using System.Collections.Immutable;

namespace Sluice.Sources;

/// <summary>A piece of a source with an identity of its own: a file, a key range.</summary>
/// <param name="Index">0-based; the <see cref="Batches.RowOrigin.Input"/> of its rows.</param>
/// <param name="Label">What a user knows it by: a path, an address, <c>stdin</c>.</param>
/// <param name="Bytes">Size in source bytes when known, for the progress display.</param>
public abstract record ReadUnit(int Index, string Label, long? Bytes)
{
    /// <summary>Bare names of the target columns, in the order in which the unit's rows are written.</summary>
    public abstract ImmutableArray<string> Columns { get; init; }
}
