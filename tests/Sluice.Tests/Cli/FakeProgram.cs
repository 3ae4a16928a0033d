using Sluice.Cli;
using Sluice.Cli.Output;
using Sluice.Cli.Sessions;
using Sluice.Diagnostics;

namespace Sluice.Tests.Cli;

/// <summary>The whole command line around a fake engine: run it, then look at what it printed.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public FakeProgram() => Folder = Directory.CreateTempSubdirectory("sluice-test-").FullName;

    public string Folder { get; }

    public string ProgramName { get; init; } = "sluice";

    public ManualTime Time { get; } = new();

    public Dictionary<string, string> Environment { get; } = [];

    public bool IsTerminal { get; init; }

    public FakeBinder Binder { get; } = new();

    public FakeRunner Runner { get; } = new();

    public FakeRegression Regression { get; } = new();

    public Interrupts Interrupts { get; } = new();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public CommandHost Host => new()
    {
        ProgramName = ProgramName,
        Out = new TerminalWriter(_out),
        Error = new TerminalWriter(_error),
        RawError = _error,
        IsErrorTerminal = IsTerminal,
        OpenStandardInput = () => Stream.Null,
        Environment = name => Environment.GetValueOrDefault(name),
        Time = Time,
        CurrentDirectory = Folder,
    };

    /// <summary>Runs with a root folder of the test's own unless the arguments name one.</summary>
    public Task<ExitCode> RunAsync(params string[] args) => CommandLine.RunAsync(args, Host, Engine, Interrupts);

    public Task<ExitCode> LoadAsync(params string[] args) => RunAsync(["--root-dir", RootFolder, .. args]);

    public string RootFolder => Path.Combine(Folder, "root");

    public string PathTo(string name) => Path.Combine(Folder, name);

    public void Dispose()
    {
        Interrupts.Dispose();
        _out.Dispose();
        _error.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private EngineServices Engine() => new(Binder, Runner, Regression, () => [("utf-8", ["utf8"]), ("IBM037", ["cp037", "ibm-37"])]);
}
