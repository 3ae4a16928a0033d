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

    /// <summary>Those of them that some of its servers understand and others refuse, as a target's.</summary>
    public ImmutableArray<OptionDefinition> ServerOptions { get; init; } = [];

    /// <summary>The same with other flags as defaults.</summary>
    public SourceDescriptor WithDefaults(params string[] flags) => this with
    {
        Options = [.. Options.Select(option => flags.Contains(option.Words) ? option with { Default = "yes" }
            : Options.Any(other => flags.Contains(other.Words) && other.Key == option.Key) ? option with { Default = null }
            : option)],
    };

    /// <summary>False while the commands of this kind are understood but cannot run yet.</summary>
    public bool IsBuilt { get; init; }
}
