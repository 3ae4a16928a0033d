using Sluice.Commands;
using Sluice.Plans;
using Sluice.Runs;

namespace Sluice.Cli.Sessions;

/// <summary>Runs bound commands.</summary>
internal interface ICommandRunner
{
    /// <summary>
    /// Loads. When <see cref="RunOptions.Drain"/> stops it early the result's exit code is Interrupted; <paramref name="ct"/> means at once.
    /// </summary>
    Task<RunResult> RunAsync(LoadSpec spec, RunProgress progress, RunOptions options, CancellationToken ct);

    /// <summary>Connects, checks and gives the plan; changes nothing.</summary>
    /// <exception cref="Diagnostics.SluiceException">The load could not be run.</exception>
    Task ExplainAsync(LoadSpec spec, PlanOutput output, RunOptions options, CancellationToken ct);
}
