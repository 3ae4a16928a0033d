using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Plans;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Arguments;

/// <summary>What the command line asks for, checked as far as it can be without touching anything.</summary>
internal sealed record CommandArguments
{
    public required CommandVerb Verb { get; init; }

    /// <summary>Load files; <c>-</c> is standard input.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The load that SOURCE TARGET describes; null when there are load files.</summary>
    public DirectLoad? Direct { get; init; }

    public string? ContextFile { get; init; }

    /// <summary>How a plan is printed.</summary>
    public PlanFormat PlanFormat { get; init; }

    public bool OnErrorStop { get; init; }

    public bool RejectsOk { get; init; }

    public bool RequireConsistent { get; init; }

    public string? RootDirectory { get; init; }

    public string? SummaryFile { get; init; }

    /// <summary>Null: as the file's extension says.</summary>
    public SummaryFormat? SummaryFormat { get; init; }

    /// <summary>pgloader's summaries; also when started under its name.</summary>
    public bool IsSummaryLikePgloader { get; init; }

    public ProgressMode Progress { get; init; }

    public ColorMode Color { get; init; }

    /// <summary>The least severe level shown on the terminal.</summary>
    public LogLevel ConsoleLevel { get; init; } = LogLevel.Warning;

    /// <summary>The least severe level written to the log file.</summary>
    public LogLevel FileLevel { get; init; } = LogLevel.Information;

    public string? LogFile { get; init; }

    public bool IsLogJson { get; init; }

    /// <summary>What to say about options that have no meaning any more.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>What to do.</summary>
internal enum CommandVerb
{
    Load,
    DryRun,
    Check,
    Regress,
    ListEncodings,
    Help,
    Version,
}

/// <summary>How progress is shown.</summary>
internal enum ProgressMode
{
    Auto,
    Bar,
    Lines,
    Off,
}

/// <summary>When colours are used.</summary>
internal enum ColorMode
{
    Auto,
    Always,
    Never,
}
