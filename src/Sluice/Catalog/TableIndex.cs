using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>An index that is not there for a constraint.</summary>
public sealed record TableIndex
{
    public required string Name { get; init; }

    public required ImmutableArray<IndexPart> Parts { get; init; }

    public bool IsUnique { get; init; }

    /// <summary>PostgreSQL's access method; null: the usual one.</summary>
    public string? Method { get; init; }

    /// <summary>The condition of a partial index.</summary>
    public SourceSql? Where { get; init; }
}

/// <summary>What an index is ordered by: a column, or an expression.</summary>
public sealed record IndexPart(string? Column, SourceSql? Expression, bool IsDescending);

/// <summary>An expression of the source.</summary>
/// <param name="Text">As the source has it, for messages.</param>
/// <param name="Pieces">
/// The same in words that the target's dialect shares, null when it has others. Columns stand apart, since the target names them.
/// </param>
public sealed record SourceSql(string Text, ImmutableArray<SqlPiece>? Pieces);

/// <summary>A piece of an expression: the bare name of a column, or text that goes into SQL as it is.</summary>
public readonly record struct SqlPiece(string Text, bool IsColumn)
{
    /// <summary>The text names a table, type, sequence or function, which the target may call something else.</summary>
    public QualifiedName? Object { get; init; }

    /// <summary>That name stands in a literal: <c>'s.q'::regclass</c>.</summary>
    public bool IsLiteral { get; init; }
}
