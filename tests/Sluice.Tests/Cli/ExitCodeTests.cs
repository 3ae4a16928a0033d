using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.Tests.Cli;

public class ExitCodeTests
{
    [Fact]
    public async Task All_rows_loaded_is_0()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.Success, await program.LoadAsync("a.load"));
    }

    [Theory]
    [InlineData("sluice", "", ExitCode.RowsRejected)]
    [InlineData("sluice", "--rejects-ok", ExitCode.Success)]
    [InlineData("sluice", "--no-rejects-ok", ExitCode.RowsRejected)]
    [InlineData("pgloader", "", ExitCode.Success)]
    public async Task Rejected_rows_are_3_unless_they_are_fine(string name, string option, ExitCode expected)
    {
        using var program = new FakeProgram { ProgramName = name };
        program.Runner.Enqueue(progress => FakeRunner.Loaded(progress, 2, rejected: 1));

        Assert.Equal(expected, await program.LoadAsync([.. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "a.load"]));
    }

    [Fact]
    public async Task Of_several_commands_the_worst_counts_and_all_run()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress => FakeRunner.Loaded(progress, 2, rejected: 1));
        program.Runner.Enqueue(_ => throw new TargetException("The table is gone", "create it"));
        program.Runner.Enqueue(progress => FakeRunner.Loaded(progress, 5));

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("a.load", "b.load", "c.load"));
        Assert.Equal(3, program.Runner.Started.Count);
        Assert.Contains("ERROR The table is gone (hint: create it)", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_command_is_4_and_nothing_runs()
    {
        using var program = new FakeProgram();
        var text = new SourceText("b.load", "LOAD CVS");
        program.Binder.Files["b.load"] = () => throw new CommandException(
            new Diagnostic(DiagnosticSeverity.Error, text, new TextSpan(5, 3), "Unknown kind CVS", "did you mean CSV?"));

        Assert.Equal(ExitCode.BadCommand, await program.LoadAsync("a.load", "b.load"));
        Assert.Empty(program.Runner.Started);
        Assert.Equal("b.load:1:6: Unknown kind CVS\n    LOAD CVS\n         ^^^\n  hint: did you mean CSV?\n", program.Error);
    }

    [Fact]
    public async Task Faults_in_several_files_are_all_told()
    {
        using var program = new FakeProgram();
        program.Binder.Files["a.load"] = () => throw new SourceException("There is no a.load");
        program.Binder.Files["b.load"] = () => throw new SourceException("There is no b.load");

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("a.load", "b.load"));
        Assert.Equal("sluice: There is no a.load\nsluice: There is no b.load\n", program.Error);
        Assert.False(Directory.Exists(program.RootFolder));
    }

    [Fact]
    public async Task Counters_that_do_not_add_up_are_1()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress =>
        {
            var result = FakeRunner.Loaded(progress, 2);
            progress.Lines[0].AddRead(1);
            return result;
        });

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("a.load"));
        Assert.Contains("read 3 ≠ loaded 2 + rejected 0 + skipped 0: 1 record unaccounted for", program.Out, StringComparison.Ordinal);
        Assert.Contains("(1 missing); this is a bug in Sluice", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_ours_is_1_and_says_so_without_a_trace_on_the_terminal()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(_ => throw new InvalidOperationException("oops"));

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("a.load"));
        Assert.Contains("FATAL This is a bug in Sluice: InvalidOperationException: oops", program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Error, StringComparison.Ordinal);
        Assert.Contains("please report it", program.Out, StringComparison.Ordinal);
        Assert.Contains("   at ", await File.ReadAllTextAsync(Path.Combine(program.RootFolder, "sluice.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_ours_shows_its_trace_to_those_who_debug()
    {
        using var program = new FakeProgram();
        program.Binder.Files["a.load"] = () => throw new InvalidOperationException("oops");

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("--debug", "a.load"));
        Assert.Contains("This is a bug in Sluice: InvalidOperationException: oops", program.Error, StringComparison.Ordinal);
        Assert.Contains(" at ", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_regression_without_difference_is_0_even_with_rejects()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress => FakeRunner.Loaded(progress, 2, rejected: 1));

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--regress", "sub/x.load"));
        Assert.Equal(program.PathTo("sub/regress/expected/x.out"), program.Regression.ExpectedFile);
        Assert.Contains("Regression test passed: sub/x.load\n", program.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_regression_that_differs_is_5_and_shows_both_directions()
    {
        using var program = new FakeProgram();
        program.Regression.Result = new RegressionResult(new QualifiedName("public", "track"), 1, 5, ["(1,a)"], ["(2,b)", "(3,\x1b[2J)"]);

        Assert.Equal(ExitCode.RegressionDiffers, await program.LoadAsync("--regress", "x.load"));
        Assert.EndsWith(
            """
            Regression test failed: x.load
              public.track: 1 row expected but not loaded
                (1,a)
              public.track: 5 rows loaded but not expected
                (2,b)
                (3,\x1b[2J)
                ...

            """,
            program.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_load_is_not_compared()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(_ => throw new TargetException("No"));

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("--regress", "x.load"));
        Assert.Null(program.Regression.ExpectedFile);
    }

    [Fact]
    public async Task A_summary_file_that_cannot_be_written_is_1_before_anything_runs()
    {
        using var program = new FakeProgram();

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("--summary", program.Folder, "a.load"));
        Assert.Contains("The summary file", program.Error, StringComparison.Ordinal);
        Assert.Empty(program.Runner.Started);
    }

    [Fact]
    public async Task A_root_folder_that_is_a_file_is_1_before_anything_runs()
    {
        using var program = new FakeProgram();
        await File.WriteAllTextAsync(program.PathTo("root"), "", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.LoadFailed, await program.LoadAsync("a.load"));
        Assert.Contains("cannot be made", program.Error, StringComparison.Ordinal);
        Assert.Empty(program.Runner.Started);
    }
}
