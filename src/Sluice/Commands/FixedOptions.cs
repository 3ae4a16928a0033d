using System.Collections.Immutable;

namespace Sluice.Commands;

/// <summary>How a fixed-width file is read.</summary>
public sealed record FixedOptions
{
    /// <summary><c>skip header = n</c>: lines to drop from each file.</summary>
    public long SkipLines { get; init; }

    /// <summary><c>fixed header</c>: a header line gives names and places when no field list is written.</summary>
    public bool HasHeader { get; init; }

    /// <summary><c>strict fields</c>: a line in which a field is cut short, or that goes on after the last one, is rejected.</summary>
    public bool StrictFields { get; init; }

    /// <summary><c>null if</c> for every field without its own.</summary>
    public ImmutableArray<NullIf> NullIf { get; init; } = [];

    /// <summary>Template for fields whose target column has a date or time type, or null.</summary>
    public string? DateFormat { get; init; }
}
