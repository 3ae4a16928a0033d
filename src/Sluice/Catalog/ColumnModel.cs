using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>A column of a source database.</summary>
public sealed record ColumnModel
{
    public required string Name { get; init; }

    /// <summary>The base type that cast rules are about, lower-case: <c>varchar</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>As declared: <c>VARCHAR(20)</c>; may be empty.</summary>
    public required string DeclaredType { get; init; }

    public int? Precision { get; init; }

    public int? Scale { get; init; }

    public bool IsUnsigned { get; init; }

    public bool IsNotNull { get; init; }

    /// <summary>No row holds NULL in it, whatever its declaration says.</summary>
    public bool IsNeverNull { get; init; }

    public ColumnDefault? Default { get; init; }

    /// <summary>The source numbers its rows by a sequence of its own.</summary>
    public bool IsAutoIncrement { get; init; }

    /// <summary>Its value is computed from other columns.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>How it is computed, where a target may do that itself.</summary>
    public SourceSql? GeneratedAs { get; init; }

    /// <summary>The source sets it to the time of each update of its row.</summary>
    public bool IsUpdatedToNow { get; init; }

    /// <summary>Of an enumeration, or of a set of them, in their order.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Other names of its type that cast rules may use.</summary>
    public ImmutableArray<string> TypeAliases { get; init; } = [];

    public ColumnDefinition? Definition { get; init; }

    /// <summary>How a cluster compresses it; null: no cluster does.</summary>
    public string? Compression { get; init; }

    /// <summary>How the source compares its values, where that is not byte by byte.</summary>
    public string? Collation { get; init; }

    public string? Comment { get; init; }
}

/// <summary>A column's default.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The value of a literal, else the source's expression.</param>
public sealed record ColumnDefault(DefaultKind Kind, string Text);

/// <summary>The defaults that every target has, and the rest.</summary>
public enum DefaultKind
{
    Literal,
    CurrentTimestamp,
    CurrentDate,
    CurrentTime,

    /// <summary>An expression in the source's dialect.</summary>
    Expression,
}
