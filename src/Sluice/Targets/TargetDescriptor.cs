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
        if (options.TargetOptions.FirstOrDefault(option => !option.MayBeSources && !Has(option)) is { } useless)
        {
            throw Useless(useless, Name);
        }
    }

    /// <summary>Refuses what neither the source nor the target has a use for.</summary>
    /// <param name="options">Those of the command.</param>
    /// <param name="kind">The kind of the target's server.</param>
    /// <param name="ofSource">The keys that the source understands.</param>
    /// <exception cref="TargetException">An option has no use here.</exception>
    public static void CheckOptions(LoadOptions options, string kind, ImmutableArray<string> ofSource)
    {
        var target = TargetRegistry.All.FirstOrDefault(descriptor => descriptor.Name == kind);
        if (options.TargetOptions.FirstOrDefault(option => option.MayBeSources && !ofSource.Contains(option.Key) && target?.Has(option) != true) is { } useless)
        {
            throw Useless(useless, kind);
        }
    }

    private bool Has(TargetOption option) => Options.Any(known => known.Key == option.Key);

    private static TargetException Useless(TargetOption option, string kind) => new(
        $"{option.Place}: The option {option.Key} has no use here: the server is {kind}; nothing was done", "remove the option, or load into the server it was meant for");
}
