using Sluice.Catalog;
using Sluice.Cli.Arguments;
using Sluice.Cli.Sessions;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Runs;

namespace Sluice.Tests.Cli;

/// <summary>Binds any file to one command; files set up otherwise give what they are set up to give.</summary>
internal sealed class FakeBinder : ICommandBinder
{
    public Dictionary<string, Func<IReadOnlyList<LoadSpec>>> Files { get; } = [];

    public List<string> Read { get; } = [];

    public DirectLoad? DirectLoad { get; private set; }

    public BindInputs? Inputs { get; private set; }

    public static FileLoadSpec Spec(string text = "LOAD CSV", FileLocation? location = null) => new()
    {
        Text = new SourceText("x.load", text),
        Kind = "CSV",
        Location = location ?? new FileLocation.LocalFile("/data/x.csv"),
        Target = new DatabaseUri { Scheme = "postgresql", User = "bob", Password = new Secret("hunter2"), Host = "db", Database = "shop" },
        Table = new QualifiedName("public", "track"),
    };

    public IReadOnlyList<LoadSpec> ReadFile(string path, BindInputs inputs)
    {
        Read.Add(path);
        Inputs = inputs;
        return Files.TryGetValue(path, out var specs) ? specs() : [Spec()];
    }

    public LoadSpec Direct(DirectLoad load, BindInputs inputs)
    {
        DirectLoad = load;
        Inputs = inputs;
        return Spec();
    }
}

/// <summary>Runs what it is told to, in place of the engine.</summary>
internal sealed class FakeRunner : ICommandRunner
{
    public Queue<Func<RunProgress, RunOptions, CancellationToken, Task<RunResult>>> Runs { get; } = [];

    public Func<TextWriter, Task>? Plan { get; set; }

    public List<LoadSpec> Started { get; } = [];

    public RunOptions? Options { get; private set; }

    public void Enqueue(Func<RunProgress, RunResult> run) => Runs.Enqueue((progress, _, _) => Task.FromResult(run(progress)));

    public Task<RunResult> RunAsync(LoadSpec spec, RunProgress progress, RunOptions options, CancellationToken ct)
    {
        Started.Add(spec);
        Options = options;
        return Runs.TryDequeue(out var run) ? run(progress, options, ct) : Task.FromResult(Loaded(progress, 3));
    }

    public async Task ExplainAsync(LoadSpec spec, PlanOutput output, RunOptions options, CancellationToken ct)
    {
        Started.Add(spec);
        Options = options;
        await (Plan is null ? output.Text.WriteAsync("the plan\n") : Plan(output.Text));
    }

    /// <summary>A finished load: so many rows loaded, rejected, skipped.</summary>
    public static RunResult Loaded(RunProgress progress, long loaded, long rejected = 0, long skipped = 0)
    {
        var line = progress.Add(SummarySection.Data, "public.track");
        line.AddRead(loaded + rejected + skipped);
        line.AddLoaded(loaded);
        line.AddRejected(rejected);
        line.AddSkipped(skipped);
        line.Stop();
        return new RunResult { ExitCode = rejected > 0 ? ExitCode.RowsRejected : ExitCode.Success, Progress = progress };
    }
}

/// <summary>Says that the tables are the same, or what it is told to say.</summary>
internal sealed class FakeRegression : IRegression
{
    public RegressionResult Result { get; set; } = new(new QualifiedName("public", "track"), 0, 0, [], []);

    public string? ExpectedFile { get; private set; }

    public Task<RegressionResult> CompareAsync(LoadSpec spec, string expectedFile, RunOptions options, CancellationToken ct)
    {
        ExpectedFile = expectedFile;
        return Task.FromResult(Result);
    }
}
