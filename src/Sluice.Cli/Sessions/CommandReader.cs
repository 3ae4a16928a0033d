using Sluice.Cli.Arguments;
using Sluice.Cli.Output;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Cli.Sessions;

/// <summary>Binds everything the command line names before anything runs; reports every faulty file, not only the first.</summary>
internal sealed class CommandReader(CommandArguments arguments, CommandHost host, ICommandBinder binder, Reporter reporter)
{
    private const string StandardInput = "-";

    /// <summary>The commands in order, and what is to be returned when there is a fault: then none may run.</summary>
    public (IReadOnlyList<BoundCommand> Commands, ExitCode ExitCode) Read()
    {
        var inputs = new BindInputs
        {
            ContextFile = arguments.ContextFile is null ? null : Path.GetFullPath(arguments.ContextFile, host.CurrentDirectory),
            CurrentDirectory = host.CurrentDirectory,
            Environment = host.Environment,
            OpenStandardInput = host.OpenStandardInput,
        };
        var commands = new List<BoundCommand>();
        var exitCode = ExitCode.Success;
        if (arguments.Direct is { } direct)
        {
            exitCode = Bind("SOURCE TARGET", () => [binder.Direct(direct, inputs)], commands);
        }

        foreach (var file in arguments.Files)
        {
            var name = file == StandardInput ? "stdin" : file;
            exitCode = ExitCodes.Worst(exitCode, Bind(name, () => binder.ReadFile(file, inputs), commands));
        }

        if (exitCode == ExitCode.Success && arguments.Verb != CommandVerb.Check)
        {
            CheckStandardInput(commands);
        }

        return (commands, exitCode);
    }

    private ExitCode Bind(string name, Func<IReadOnlyList<LoadSpec>> bind, List<BoundCommand> commands)
    {
        try
        {
            var specs = bind();
            foreach (var diagnostic in specs.SelectMany(spec => spec.Diagnostics))
            {
                reporter.Report(diagnostic);
            }

            commands.AddRange(specs.Select(spec => new BoundCommand(name, Apply(spec))));
            return ExitCode.Success;
        }
        catch (SluiceException fault)
        {
            reporter.Report(fault);
            return fault.ExitCode;
        }
    }

    private LoadSpec Apply(LoadSpec spec) =>
        arguments.OnErrorStop ? spec with { Options = spec.Options with { OnErrorStop = true } } : spec;

    private void CheckStandardInput(IReadOnlyList<BoundCommand> commands)
    {
        var readers = commands.Count(command => command.Spec is FileLoadSpec { Location: FileLocation.Stdin });
        if (readers > 0 && arguments.Files.Contains(StandardInput))
        {
            throw new UsageException("Standard input cannot hold both a command and its data", "put the command into a file");
        }

        if (readers > 1)
        {
            throw new UsageException($"{readers} commands read their data from standard input; only one can");
        }
    }
}
