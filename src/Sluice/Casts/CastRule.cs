namespace Sluice.Casts;

/// <summary>How columns of one type, or one column, become columns of the target.</summary>
public sealed record CastRule
{
    /// <summary>What the plan calls it: <c>CAST type int to bigint</c>, <c>default for int</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Written in the command, not the source's own.</summary>
    public bool IsUsers { get; init; }

    /// <summary>The base type; null with a null column: any.</summary>
    public string? SourceType { get; init; }

    public string? Table { get; init; }

    public string? Column { get; init; }

    /// <summary>Null: does not care.</summary>
    public bool? WhenUnsigned { get; init; }

    public bool WhenNotNull { get; init; }

    public string? WhenDefault { get; init; }

    /// <summary>A condition on precision and scale; a column without them fails it.</summary>
    public Func<int, int, bool>? When { get; init; }

    /// <summary>Matches columns that number their rows, and only those.</summary>
    public bool WithAutoIncrement { get; init; }

    /// <summary>Matches columns that a server sets to the time of each update, and only those.</summary>
    public bool WithOnUpdate { get; init; }

    /// <summary>Nothing in the target does what the source did at updates.</summary>
    public bool DropsExtra { get; init; }

    /// <summary>Null: the type that the rules after it give.</summary>
    public string? ToType { get; init; }

    public bool KeepsTypemod { get; init; }

    public bool DropsDefault { get; init; }

    public bool DropsNotNull { get; init; }

    public bool SetsNotNull { get; init; }

    /// <summary>The rule says something of its own about default, NOT NULL or typemod: it ends the search.</summary>
    public bool HasActions { get; init; }

    /// <summary>Makes the transform for one kind of value; called once for each reader.</summary>
    public Func<TransformInput, Transform>? Using { get; init; }

    /// <summary>What the plan calls the transform.</summary>
    public string? UsingName { get; init; }

    /// <summary>Whether it decides on the type, so that the search ends here.</summary>
    public bool HasTarget => ToType is not null || HasActions;
}
