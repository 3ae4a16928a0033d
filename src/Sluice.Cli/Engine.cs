using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Cli.Arguments;
using Sluice.Cli.Sessions;
using Sluice.Commands;
using Sluice.Plans;
using Sluice.Runs;

namespace Sluice.Cli;

/// <summary>Puts the engine's parts together for the command line.</summary>
internal static class Engine
{
    public static EngineServices Create()
    {
        var runner = new EngineRunner();
        return new EngineServices(new EngineBinder(), runner, runner, () => EncodingNames.All.Select(encoding => (encoding.Name, (IEnumerable<string>)encoding.Aliases)));
    }

    private sealed class EngineBinder : ICommandBinder
    {
        public IReadOnlyList<LoadSpec> ReadFile(string path, BindInputs inputs)
        {
            var reader = new Plans.CommandReader(inputs.Environment, Context(inputs));
            return Built(path == "-"
                ? reader.ReadText("stdin", ReadStandardInput(inputs), inputs.CurrentDirectory)
                : reader.ReadFiles([Path.GetFullPath(path, inputs.CurrentDirectory)]));
        }

        public LoadSpec Direct(DirectLoad load, BindInputs inputs) => Built([DirectCommand.Bind(new DirectArguments
        {
            Source = load.Source,
            Target = load.Target,
            Type = load.Type,
            Encoding = load.Encoding,
            With = load.With,
            Set = load.Set,
            Field = load.Fields,
            Cast = load.Casts,
            Before = load.BeforeFile,
            After = load.AfterFile,
            CurrentDirectory = inputs.CurrentDirectory,
        })])[0];

        // A command that only a later version can run is refused before any other runs.
        private static ImmutableArray<LoadSpec> Built(ImmutableArray<LoadSpec> specs)
        {
            foreach (var spec in specs)
            {
                Binder.RefuseUnbuilt(spec);
            }

            return specs;
        }

        private static FrozenDictionary<string, string>? Context(BindInputs inputs) =>
            inputs.ContextFile is null ? null : ContextFile.Read(inputs.ContextFile);

        private static string ReadStandardInput(BindInputs inputs)
        {
            using var reader = new StreamReader(inputs.OpenStandardInput());
            return reader.ReadToEnd();
        }
    }

    private sealed class EngineRunner : ICommandRunner, IRegression
    {
        private readonly Runner _runner = new();

        public Task<RunResult> RunAsync(LoadSpec spec, RunProgress progress, RunOptions options, CancellationToken ct) =>
            _runner.RunAsync(spec, progress, options, ct);

        public Task ExplainAsync(LoadSpec spec, PlanOutput output, RunOptions options, CancellationToken ct) => Runner.ExplainAsync(spec, output, options, ct);

        public Task<RegressionResult> CompareAsync(LoadSpec spec, string expectedFile, RunOptions options, CancellationToken ct) =>
            Runner.CompareAsync(spec, expectedFile, options, ct);
    }
}
