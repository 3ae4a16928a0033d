using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Targets;

/// <summary>What the language knows about a kind of target.</summary>
public sealed record TargetDescriptor
{
    /// <summary>What its servers are called, in messages.</summary>
    public required string Name { get; init; }

    /// <summary>Its own WITH options, in the order of the documentation. Each can stand in the query of the address too.</summary>
    public ImmutableArray<OptionDefinition> Options { get; init; } = [];

    /// <summary>Refuses what was written for another kind of target.</summary>
    /// <exception cref="TargetException">An option has no use here.</exception>
    public void CheckOptions(LoadOptions options)
    {
        if (options.TargetOptions.FirstOrDefault(option => Options.All(known => known.Key != option.Key)) is { } useless)
        {
            throw new TargetException($"{useless.Place}: The option {useless.Key} has no use here: the server is {Name}; nothing was done",
                "remove the option, or load into the server it was meant for");
        }
    }
}
