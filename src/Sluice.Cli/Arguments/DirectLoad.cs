using System.Collections.Immutable;

namespace Sluice.Cli.Arguments;

/// <summary>A load without a load file: <c>sluice [options] SOURCE TARGET</c>; the texts are as written.</summary>
internal sealed record DirectLoad(string Source, string Target)
{
    /// <summary><c>--type</c>, lower-case.</summary>
    public string? Type { get; init; }

    public string? Encoding { get; init; }

    /// <summary>Each the text of one WITH option.</summary>
    public ImmutableArray<string> With { get; init; } = [];

    public ImmutableArray<string> Set { get; init; } = [];

    public ImmutableArray<string> Fields { get; init; } = [];

    public ImmutableArray<string> Casts { get; init; } = [];

    public string? BeforeFile { get; init; }

    public string? AfterFile { get; init; }
}
