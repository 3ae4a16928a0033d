using System.Collections.Immutable;
using Sluice.Commands;

namespace Sluice.Sources;

/// <summary>What the language knows about a kind of source.</summary>
public sealed record SourceDescriptor
{
    /// <summary>The name on the command line: <c>csv</c>, <c>mysql</c>.</summary>
    public required string Keyword { get; init; }

    public required LoadKinds Kind { get; init; }

    /// <summary>What it reads, for messages: <c>CSV files</c>.</summary>
    public required string Reads { get; init; }

    /// <summary>Its WITH options, in the order of the documentation.</summary>
    public required ImmutableArray<OptionDefinition> Options { get; init; }

    /// <summary>False while the commands of this kind are understood but cannot run yet.</summary>
    public bool IsBuilt { get; init; }
}
