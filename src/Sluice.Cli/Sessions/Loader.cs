using System.Globalization;
using Sluice.Cli.Arguments;
using Sluice.Cli.Logging;
using Sluice.Cli.Output;
using Sluice.Cli.Progress;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Sessions;

/// <summary>Runs commands one after the other: progress, result, summary; of several the worst exit code counts.</summary>
internal sealed class Loader(
    CommandArguments arguments,
    CommandHost host,
    EngineServices services,
    Interrupts interrupts,
    SessionLog log,
    string folder,
    SummaryPrinter summary)
{
    private readonly RunOptions _options = new()
    {
        RootDirectory = folder,
        Logger = log.Logger,
        Time = host.Time,
        Environment = host.Environment,
        OpenStandardInput = host.OpenStandardInput,
        Drain = interrupts.Drain,
        RequireConsistent = arguments.RequireConsistent,
        ReconnectFor = ReconnectFor(host),
    };

    private static TimeSpan ReconnectFor(CommandHost host) =>
        double.TryParse(host.Environment("SLUICE_RECONNECT_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromSeconds(60);

    public async Task<ExitCode> RunAsync(IReadOnlyList<BoundCommand> commands)
    {
        using var signals = new SessionSignals(interrupts, log.Logger);
        foreach (var warning in arguments.Warnings)
        {
            Log.OptionWithoutEffect(log.Logger, warning);
        }

        var worst = ExitCode.Success;
        for (var i = 0; i < commands.Count; i++)
        {
            if (interrupts.ExitCode is { } stopped)
            {
                Log.CommandsNotStarted(log.Logger, commands.Count - i);
                worst = ExitCodes.Worst(worst, stopped);
                break;
            }

            var report = await RunAsync(commands[i]);
            worst = ExitCodes.Worst(worst, Returned(report.ExitCode));
            worst = ExitCodes.Worst(worst, Summarize(report, commands.Count, worst));
            if (arguments.Verb == CommandVerb.Regress && worst == ExitCode.Success)
            {
                worst = await CompareAsync(commands[i]);
            }
        }

        summary.Complete(worst, log.Logger);
        if (worst != ExitCode.Success && log.FilePath is not null && !arguments.IsSummaryLikePgloader)
        {
            host.Error.WriteLine($"log: {log.FilePath}");
        }

        return worst;
    }

    private async Task<SummaryReport> RunAsync(BoundCommand command)
    {
        var startedAt = host.Time.GetLocalNow();
        var progress = new RunProgress(host.Time);
        var meter = new ProgressMeter(progress);
        interrupts.SnapshotAsked += Snapshot;
        RunResult result;
        try
        {
            await using (ProgressDisplays.Start(progress, arguments, log.Console, host))
            {
                result = await RunAsync(command, progress);
            }
        }
        finally
        {
            interrupts.SnapshotAsked -= Snapshot;
        }

        var report = SummaryReport.From(result, command.Name, command.Spec.Kind, result.Target ?? command.Spec.Target?.ToString(), startedAt);
        if (report.ExitCode != result.ExitCode)
        {
            Log.CountersDisagree(log.Logger, command.Name, report.Missing);
        }

        Log.CommandEnds(log.Logger, command.Name, (int)report.ExitCode, report.Read, report.Loaded, report.Rejected, report.Skipped);
        return report;

        void Snapshot() => log.Console.Write(
            new LogEntry(host.Time.GetLocalNow(), "PROGRESS", ProgressText.Line(meter.Sample(smoothing: 0))));
    }

    private async Task<RunResult> RunAsync(BoundCommand command, RunProgress progress)
    {
        try
        {
            var result = await services.Runner.RunAsync(command.Spec, progress, _options, interrupts.Abort);
            return result.ExitCode is ExitCode.Interrupted or ExitCode.Terminated && interrupts.ExitCode is { } code
                ? result with { ExitCode = code }
                : result;
        }
        catch (SluiceException fault)
        {
            Tell(fault);
            return new RunResult { ExitCode = fault.ExitCode, Progress = progress, Failures = [fault] };
        }
        catch (OperationCanceledException) when (interrupts.ExitCode is { } code)
        {
            return new RunResult { ExitCode = code, Progress = progress };
        }
        catch (Exception fault)
        {
            Log.Bug(log.Logger, fault.GetType().Name, fault.Message, fault);
            var hint = log.FilePath is null ? "please report it" : $"please report it with {log.FilePath}";
            var failure = new LoadStoppedException($"This is a bug in Sluice: {fault.GetType().Name}: {fault.Message}", hint, fault);
            return new RunResult { ExitCode = ExitCode.LoadFailed, Progress = progress, Failures = [failure] };
        }
    }

    // A summary that cannot be written fails the session, not the commands that are still to run.
    private ExitCode Summarize(SummaryReport report, int commands, ExitCode worst)
    {
        try
        {
            summary.Add(report, commands, worst);
            return ExitCode.Success;
        }
        catch (LoadStoppedException fault)
        {
            Tell(fault);
            return fault.ExitCode;
        }
    }

    private async Task<ExitCode> CompareAsync(BoundCommand command)
    {
        try
        {
            var expected = Regression.ExpectedFile(Path.GetFullPath(command.Name, host.CurrentDirectory));
            var result = await services.Regression.CompareAsync(command.Spec, expected, _options, interrupts.Abort);
            RegressionText.Write(result, command.Name, host.Out);
            return result.IsSame ? ExitCode.Success : ExitCode.RegressionDiffers;
        }
        catch (SluiceException fault)
        {
            Tell(fault);
            return fault.ExitCode;
        }
        catch (OperationCanceledException) when (interrupts.ExitCode is { } code)
        {
            return code;
        }
    }

    private void Tell(SluiceException fault)
    {
        if (fault.Hint is null)
        {
            Log.RunFailed(log.Logger, fault.Message);
        }
        else
        {
            Log.RunFailedWithHint(log.Logger, fault.Message, fault.Hint);
        }
    }

    // A comparison judges the loaded rows: rejects are then part of what is expected.
    private ExitCode Returned(ExitCode exitCode) =>
        exitCode == ExitCode.RowsRejected && (arguments.RejectsOk || arguments.Verb == CommandVerb.Regress) ? ExitCode.Success : exitCode;
}
