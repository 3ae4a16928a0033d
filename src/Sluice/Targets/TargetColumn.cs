using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Targets;

/// <summary>A column of a table to be created.</summary>
public sealed record TargetColumn
{
    /// <summary>In the target's words, with its modifier.</summary>
    public required string Type { get; init; }

    /// <summary>What follows the type and is no constraint; begins with a blank.</summary>
    public string TypeSuffix { get; init; } = "";

    public required bool IsNotNull { get; init; }

    /// <summary>SQL, or null.</summary>
    public string? Default { get; init; }

    /// <summary>Why it has another type than the cast rules say; ends a line of the plan.</summary>
    public string? Rule { get; init; }

    /// <summary>A sequence of its own gives its numbers.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>Why the source's default stays behind, as a clause.</summary>
    public string? DefaultLost { get; init; }

    /// <summary>What a user should know of its values, each a clause that follows the column's name.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];
}

/// <summary>What a dialect knows of a column when it chooses its type.</summary>
public sealed record ColumnRequest
{
    public required ColumnModel Source { get; init; }

    /// <summary>PostgreSQL's, by the cast rules, with its modifier.</summary>
    public required string Type { get; init; }

    public required bool IsNotNull { get; init; }

    public ColumnDefault? Default { get; init; }

    /// <summary>It is part of the primary key.</summary>
    public bool IsInKey { get; init; }

    /// <summary>Null: nobody looked.</summary>
    public ColumnMeasure? Measure { get; init; }

    /// <summary>A transform makes other values of what was measured.</summary>
    public bool IsTransformed { get; init; }

    /// <summary>The source is of the target's own kind, and no rule says otherwise: the type is in the target's words.</summary>
    public bool IsNative { get; init; }
}
