using Sluice.Cli.Arguments;
using Sluice.Cli.Output;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Runs;

namespace Sluice.Cli.Sessions;

/// <summary>Prints the plan of each command; one that cannot run does not keep the others from being checked.</summary>
internal sealed class DryRunner(
    CommandArguments arguments, CommandHost host, ICommandRunner runner, Interrupts interrupts, SessionLog log, Reporter reporter)
{
    public async Task<ExitCode> RunAsync(IReadOnlyList<BoundCommand> commands)
    {
        foreach (var warning in arguments.Warnings)
        {
            Log.OptionWithoutEffect(log.Logger, warning);
        }

        // Nothing is written below this folder; the plan names it.
        var root = Path.GetFullPath(arguments.RootDirectory ?? Path.Combine(Path.GetTempPath(), "sluice"), host.CurrentDirectory);
        var options = new RunOptions
        {
            RootDirectory = root,
            Logger = log.Logger,
            Time = host.Time,
            Environment = host.Environment,
            OpenStandardInput = host.OpenStandardInput,
            Drain = interrupts.Drain,
            RequireConsistent = arguments.RequireConsistent,
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Drain, interrupts.Abort);
        var exitCode = ExitCode.Success;
        var output = new PlanOutput(host.Out, arguments.PlanFormat);
        foreach (var command in commands)
        {
            try
            {
                await runner.ExplainAsync(command.Spec, output, options, stop.Token);
            }
            catch (SluiceException fault)
            {
                reporter.Report(fault);
                exitCode = ExitCodes.Worst(exitCode, fault.ExitCode);
            }
            catch (OperationCanceledException) when (interrupts.ExitCode is { } code)
            {
                return code;
            }
        }

        output.Complete(VersionText.Number, exitCode);
        return exitCode;
    }
}
