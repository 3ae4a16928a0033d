using System.Collections.Immutable;

namespace Sluice.Cli.Arguments;

/// <summary>One option: what the parser and the help need to know about it.</summary>
internal sealed record OptionInfo(string Name, char? Short, OptionGroup Group, string Help)
{
    /// <summary>What stands for the value in the help; null for an option without one.</summary>
    public string? Value { get; init; }

    /// <summary>Whether it may be given several times.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The values it takes; empty: any.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    public string Long => "--" + Name;
}

/// <summary>The headings of the help.</summary>
internal enum OptionGroup
{
    Running,
    Direct,
    Results,
    Messages,
    Information,

    /// <summary>pgloader's options that have nothing left to do.</summary>
    Obsolete,
}
