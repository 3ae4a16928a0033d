using System.Collections.Immutable;

namespace Sluice.Sources;

/// <summary>The kinds of values in some rows of a column, NULL apart.</summary>
/// <param name="Column">Bare.</param>
/// <param name="Rows">How many rows were looked at.</param>
/// <param name="Values">The most frequent kind first.</param>
public sealed record ColumnSample(string Column, int Rows, ImmutableArray<SampledValues> Values);

/// <summary>Values of one kind.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">The first of them, cut short.</param>
public sealed record SampledValues(SampledKind Kind, int Count, string Example);

/// <summary>What a value is, whatever its column was declared as.</summary>
public enum SampledKind
{
    Integer,
    Real,
    Text,
    Blob,
}
