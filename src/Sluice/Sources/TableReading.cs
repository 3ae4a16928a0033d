using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Catalog;

namespace Sluice.Sources;

/// <summary>What is read of a table of a database.</summary>
public sealed record TableReading
{
    public required QualifiedName Table { get; init; }

    /// <summary>The query whose rows are read instead of a table's, under the table's name.</summary>
    public string? Query { get; init; }

    /// <summary>The encoding of texts that the source keeps as bytes of no known one; null: as it says itself.</summary>
    public string? EncodingName { get; init; }

    public required ImmutableArray<ReadColumn> Columns { get; init; }

    /// <summary>The target takes rows in PostgreSQL's binary form.</summary>
    public bool TakesBinary { get; init; }

    /// <summary>How many pieces are wanted at most, to be read side by side.</summary>
    public int MaxUnits { get; init; } = 1;

    /// <summary>Called with a number of bytes read, now and then.</summary>
    public Action<long>? BytesRead { get; init; }

    /// <summary>Once cancelled, reading stops at the next row as if the table ended there.</summary>
    public CancellationToken Drain { get; init; }
}

/// <summary>A column that is read.</summary>
/// <param name="Name">Bare, in the source.</param>
/// <param name="Target">Bare, in the target.</param>
/// <param name="Kind">How its values are spelled.</param>
/// <param name="Using">Makes the transform for one kind of value.</param>
public sealed record ReadColumn(string Name, string Target, ReadColumnKind Kind, Func<TransformInput, Transform>? Using)
{
    /// <summary>What the target's column takes in binary.</summary>
    public BinaryType Type { get; init; }

    /// <summary>The source's column is bytes, and its transform is handed those.</summary>
    public bool IsBytes { get; init; }
}

/// <summary>What the target wants to see.</summary>
public enum ReadColumnKind
{
    Text,

    /// <summary>Hexadecimal digits after <c>\x</c>.</summary>
    Bytes,

    /// <summary><c>t</c> and <c>f</c> for the numbers 1 and 0.</summary>
    Boolean,
}
