using Sluice.Cli.Arguments;

namespace Sluice.Cli.Output;

/// <summary>What surrounds the program: streams, environment, clock. Tests bring their own.</summary>
internal sealed record CommandHost
{
    /// <summary>The name it was started under, without folder and extension.</summary>
    public string ProgramName { get; init; } = "sluice";

    /// <summary>Results go here: summary, plan, lists.</summary>
    public required TerminalWriter Out { get; init; }

    /// <summary>All the rest: messages, progress.</summary>
    public required TerminalWriter Error { get; init; }

    /// <summary>Standard error without the safety of <see cref="Error"/>, for the live display only.</summary>
    public required TextWriter RawError { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>Asked each time: a terminal changes its size.</summary>
    public Func<int> TerminalWidth { get; init; } = () => 80;

    public required Func<Stream> OpenStandardInput { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string CurrentDirectory { get; init; } = ".";

    public bool IsPgloader => ProgramName == "pgloader";

    public bool IsDumbTerminal => Environment("TERM") is null or "" or "dumb";

    /// <summary>Whether messages are coloured: the option, NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, then what standard error is.</summary>
    public bool UsesColor(ColorMode mode) => mode switch
    {
        ColorMode.Always => true,
        ColorMode.Never => false,
        _ when IsSet("NO_COLOR") => false,
        _ when IsForced("FORCE_COLOR") || IsForced("CLICOLOR_FORCE") => true,
        _ => IsErrorTerminal && !IsDumbTerminal,
    };

    private bool IsSet(string name) => !string.IsNullOrEmpty(Environment(name));

    private bool IsForced(string name) => IsSet(name) && Environment(name) != "0";
}
