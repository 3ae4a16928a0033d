using Sluice.Catalog;

namespace Sluice.Casts;

/// <summary>What a column becomes, and which rule said so.</summary>
public sealed record ColumnCast
{
    /// <summary>In the target's dialect, with its modifier: <c>numeric(10,2)</c>.</summary>
    public required string Type { get; init; }

    public required bool IsNotNull { get; init; }

    public ColumnDefault? Default { get; init; }

    /// <summary>The rule that gave the type; null when the declared type was taken as it is.</summary>
    public CastRule? Rule { get; init; }

    /// <summary>Nothing in the target does what the source did at updates.</summary>
    public bool DropsExtra { get; init; }

    /// <summary>Makes the transform for one kind of value.</summary>
    public Func<TransformInput, Transform>? Using { get; init; }

    public string? UsingName { get; init; }
}
