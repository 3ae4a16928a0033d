using Sluice.Cli.Arguments;
using Sluice.Commands;

namespace Sluice.Cli.Sessions;

/// <summary>Reads and binds commands without touching what they load.</summary>
internal interface ICommandBinder
{
    /// <summary>The commands of a load file, in order; <c>-</c> is standard input.</summary>
    /// <exception cref="Diagnostics.CommandException">A command is wrong.</exception>
    /// <exception cref="Diagnostics.SourceException">The file is missing or cannot be read.</exception>
    IReadOnlyList<LoadSpec> ReadFile(string path, BindInputs inputs);

    /// <summary>The command that <c>SOURCE TARGET</c> and its options describe.</summary>
    /// <exception cref="Diagnostics.CommandException">An address or an option's text is wrong.</exception>
    LoadSpec Direct(DirectLoad load, BindInputs inputs);
}

/// <summary>What binding needs from outside.</summary>
internal sealed record BindInputs
{
    /// <summary>The INI file of <c>--context</c>, absolute, or null.</summary>
    public string? ContextFile { get; init; }

    /// <summary>What relative names on the command line are relative to.</summary>
    public required string CurrentDirectory { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required Func<Stream> OpenStandardInput { get; init; }
}
