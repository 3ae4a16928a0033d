using System.Collections.Immutable;

namespace Sluice.Plans;

/// <summary>The command line of a load without a command file, as it was written.</summary>
public sealed record DirectArguments
{
    public required string Source { get; init; }

    public required string Target { get; init; }

    /// <summary><c>--type</c>, or null to guess from SOURCE.</summary>
    public string? Type { get; init; }

    public string? Encoding { get; init; }

    public ImmutableArray<string> With { get; init; } = [];

    public ImmutableArray<string> Set { get; init; } = [];

    public ImmutableArray<string> Field { get; init; } = [];

    public ImmutableArray<string> Cast { get; init; } = [];

    /// <summary>An SQL file.</summary>
    public string? Before { get; init; }

    /// <summary>An SQL file.</summary>
    public string? After { get; init; }

    /// <summary>Absolute; relative names are resolved against it.</summary>
    public required string CurrentDirectory { get; init; }
}
