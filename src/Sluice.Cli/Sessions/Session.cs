using Sluice.Cli.Arguments;
using Sluice.Cli.Output;
using Sluice.Diagnostics;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Sessions;

/// <summary>Does what the command line asks for and knows what to return.</summary>
internal sealed class Session(CommandArguments arguments, CommandHost host, Func<EngineServices> engine, Interrupts interrupts)
{
    private readonly Reporter _reporter = Reporter.For(host, arguments);

    // The summary of a load is printed unasked: who closed standard output does not want it.
    private bool IsOutputWanted => arguments.Verb != CommandVerb.Load || arguments.SummaryFile == SummaryPrinter.StandardOutput
        || (arguments.SummaryFile is null && arguments.SummaryFormat is not (null or SummaryFormat.Text));

    /// <exception cref="SluiceException">Something is wrong before anything ran.</exception>
    public async Task<ExitCode> RunAsync()
    {
        var exitCode = await RunVerbAsync();
        if (host.Out.Failure is not { } failure || (failure is UnauthorizedAccessException && !IsOutputWanted))
        {
            return exitCode;
        }

        _reporter.Report(new LoadStoppedException(
            $"Standard output cannot be written: {failure.Message}",
            arguments.Verb == CommandVerb.Load ? "what was loaded stays; the outcome is in the log" : null,
            failure));
        return ExitCodes.Worst(exitCode, ExitCode.LoadFailed);
    }

    private Task<ExitCode> RunVerbAsync()
    {
        switch (arguments.Verb)
        {
            case CommandVerb.Help:
                host.Out.Write(HelpText.Write(host.ProgramName));
                return Task.FromResult(ExitCode.Success);
            case CommandVerb.Version:
                host.Out.Write(VersionText.Write(host.IsPgloader));
                return Task.FromResult(ExitCode.Success);
            default:
                return RunAsync(engine());
        }
    }

    private async Task<ExitCode> RunAsync(EngineServices services)
    {
        if (arguments.Verb == CommandVerb.ListEncodings)
        {
            EncodingList.Write(services.Encodings(), host.Out);
            return ExitCode.Success;
        }

        var (commands, exitCode) = new CommandReader(arguments, host, services.Binder, _reporter).Read();
        if (arguments.Verb == CommandVerb.Check)
        {
            WriteChecked(commands);
            return exitCode;
        }

        if (exitCode != ExitCode.Success)
        {
            return exitCode;
        }

        if (arguments.Verb == CommandVerb.Regress && commands.Count != 1)
        {
            throw new UsageException($"--regress takes a load file with one command; this one has {commands.Count}");
        }

        interrupts.IsRunning = true;
        return arguments.Verb == CommandVerb.DryRun ? await ExplainAsync(commands, services) : await LoadAsync(commands, services);
    }

    private void WriteChecked(IReadOnlyList<BoundCommand> commands)
    {
        foreach (var file in commands.GroupBy(command => command.Name))
        {
            var count = file.Count();
            var warnings = file.SelectMany(command => command.Spec.Diagnostics).Count(found => found.Severity == DiagnosticSeverity.Warning);
            var outcome = warnings == 0 ? "no errors" : warnings == 1 ? "1 warning" : $"{warnings} warnings";
            host.Out.WriteLine($"{file.Key}: {count} command{(count == 1 ? "" : "s")}, {outcome}");
        }
    }

    private async Task<ExitCode> ExplainAsync(IReadOnlyList<BoundCommand> commands, EngineServices services)
    {
        using var log = new SessionLog(arguments, host, folder: null);
        var planner = new DryRunner(arguments, host, services.Runner, interrupts, log, _reporter);
        return await planner.RunAsync(commands);
    }

    private async Task<ExitCode> LoadAsync(IReadOnlyList<BoundCommand> commands, EngineServices services)
    {
        var summary = new SummaryPrinter(arguments, host);
        summary.Prepare();
        var folder = RunFolder.Create(arguments.RootDirectory, host.CurrentDirectory, host.Time.GetLocalNow());
        using var log = new SessionLog(arguments, host, folder);
        Log.SessionStarts(log.Logger, VersionText.Number, folder);
        return await new Loader(arguments, host, services, interrupts, log, folder, summary).RunAsync(commands);
    }
}
