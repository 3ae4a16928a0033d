using System.Text.Json;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.Tests.Cli;

public class SessionTests
{
    [Fact]
    public async Task Check_binds_and_touches_nothing()
    {
        using var program = new FakeProgram();
        var text = new SourceText("b.load", "LOAD CSV twice twice");
        program.Binder.Files["b.load"] = () =>
        [
            FakeBinder.Spec(),
            FakeBinder.Spec() with { Diagnostics = [new Diagnostic(DiagnosticSeverity.Warning, text, new TextSpan(15, 5), "Given twice")] },
        ];

        Assert.Equal(ExitCode.Success, await program.LoadAsync("check", "a.load", "b.load"));
        Assert.Equal("a.load: 1 command, no errors\nb.load: 2 commands, 1 warning\n", program.Out);
        Assert.Contains("b.load:1:16: warning: Given twice", program.Error, StringComparison.Ordinal);
        Assert.Empty(program.Runner.Started);
        Assert.False(Directory.Exists(program.RootFolder));
    }

    [Fact]
    public async Task A_dry_run_prints_the_plan_and_writes_nothing()
    {
        using var program = new FakeProgram();
        program.Runner.Plan = output => output.WriteAsync("+ table a\x1b[31mb\n");

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--dry-run", "a.load"));
        Assert.Equal("+ table a\\x1b[31mb\n", program.Out);
        Assert.Empty(program.Error);
        Assert.False(Directory.Exists(program.RootFolder));
        Assert.Equal(program.RootFolder, program.Runner.Options!.RootDirectory);
    }

    [Fact]
    public async Task A_dry_run_checks_all_commands_and_returns_the_worst()
    {
        using var program = new FakeProgram();
        program.Runner.Plan = _ => throw new TargetException("The table is missing", "create it first");

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("--dry-run", "a.load", "b.load"));
        Assert.Equal(2, program.Runner.Started.Count);
        Assert.StartsWith("sluice: The table is missing\n  hint: create it first\n", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_direct_load_is_bound_from_its_options()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--with", "truncate", "x.csv", "postgresql:///d?t"));
        Assert.Equal("x.csv", program.Binder.DirectLoad!.Source);
        Assert.Equal(program.Folder, program.Binder.Inputs!.CurrentDirectory);
        Assert.Single(program.Runner.Started);
    }

    [Fact]
    public async Task On_error_stop_reaches_every_command()
    {
        using var program = new FakeProgram();

        await program.LoadAsync("--on-error-stop", "a.load", "b.load");

        Assert.All(program.Runner.Started, spec => Assert.True(spec.Options.OnErrorStop));
    }

    [Fact]
    public async Task The_context_file_is_relative_to_the_current_folder()
    {
        using var program = new FakeProgram();

        await program.LoadAsync("-C", "c.ini", "a.load");

        Assert.Equal(program.PathTo("c.ini"), program.Binder.Inputs!.ContextFile);
    }

    [Theory]
    [InlineData("-", "b.load", "Standard input cannot hold both a command and its data")]
    [InlineData("a.load", "b.load", "2 commands read their data from standard input; only one can")]
    public async Task Standard_input_is_read_once_only(string first, string second, string message)
    {
        using var program = new FakeProgram();
        program.Binder.Files[first] = program.Binder.Files[second] = () => [FakeBinder.Spec(location: new FileLocation.Stdin())];

        Assert.Equal(ExitCode.Usage, await program.LoadAsync(first, second));
        Assert.Contains(message, program.Error, StringComparison.Ordinal);
        Assert.Empty(program.Runner.Started);
    }

    [Fact]
    public async Task A_summary_file_replaces_the_table_and_keeps_the_former_file()
    {
        using var program = new FakeProgram();
        await File.WriteAllTextAsync(program.PathTo("s.json"), "old", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--summary", "s.json", "a.load", "b.load"));

        var document = JsonDocument.Parse(await File.ReadAllTextAsync(program.PathTo("s.json"), TestContext.Current.CancellationToken));
        Assert.Equal(2, document.RootElement.GetProperty("runs").GetArrayLength());
        Assert.Equal("old", await File.ReadAllTextAsync(program.PathTo("s.json.bak"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("table name", program.Out, StringComparison.Ordinal);
        Assert.Contains("read 3 = loaded 3 + rejected 0 + skipped 0\n", program.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(program.PathTo("s.json.part")));
    }

    [Fact]
    public async Task A_json_summary_without_a_file_is_all_of_standard_output()
    {
        using var program = new FakeProgram();

        await program.LoadAsync("--summary-format", "json", "a.load");

        Assert.Equal("sluice-summary/1", JsonDocument.Parse(program.Out).RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public async Task Under_the_name_pgloader_the_summary_file_has_pgloader_s_keys()
    {
        using var program = new FakeProgram { ProgramName = "pgloader" };

        await program.LoadAsync("--summary", "s.json", "a.load");

        var document = JsonDocument.Parse(await File.ReadAllTextAsync(program.PathTo("s.json"), TestContext.Current.CancellationToken));
        Assert.Equal("public.track", document.RootElement.GetProperty("DATA")[0][0].GetProperty("NAME").GetString());
        Assert.Empty(program.Out);
    }

    [Fact]
    public async Task Options_without_use_are_noted_on_standard_error()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--no-ssl-cert-verification", "a.load"));
        Assert.Contains("WARNING --no-ssl-cert-verification has no effect", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_never_prints()
    {
        using var program = new FakeProgram();
        var secret = FakeBinder.Spec().Target!.Password!;
        program.Runner.Runs.Enqueue((progress, options, _) =>
        {
            Log.LoadStarts(options.Logger, $"{secret}", FakeBinder.Spec().Target!.ToString());
            return Task.FromResult(FakeRunner.Loaded(progress, 1, rejected: 1));
        });

        await program.LoadAsync("--debug", "--log-format", "json", "--summary", "s.json", "a.load");

        string[] files = Directory.GetFiles(program.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("sluice.log", StringComparison.Ordinal));
        Assert.All([program.Out, program.Error, .. files.Select(File.ReadAllText)], text =>
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal));
        Assert.Contains("****", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_never_reach_the_terminal()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress =>
        {
            progress.Add(SummarySection.Data, "a\x1b]0;x\a").Stop();
            return new RunResult
            {
                ExitCode = ExitCode.RowsRejected,
                Progress = progress,
                Notices = ["n\x1b[1m"],
                RejectFiles = ["/r/\x9b31m"],
                RejectReasons = [("r\r", 1)],
                Failures = [new SourceException("f\b", "h\u202e")],
            };
        });

        await program.LoadAsync("a.load");

        Assert.DoesNotContain(program.Out + program.Error, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.Contains("a\\x1b]0;x\\x07", program.Out, StringComparison.Ordinal);
    }
}
