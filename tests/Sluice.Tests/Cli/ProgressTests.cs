using Sluice.Cli.Arguments;
using Sluice.Cli.Logging;
using Sluice.Cli.Progress;
using Sluice.Diagnostics;
using Sluice.Runs;
using Spectre.Console;

namespace Sluice.Tests.Cli;

public class ProgressTests
{
    [Fact]
    public async Task Elsewhere_than_on_a_terminal_there_is_a_line_every_ten_seconds()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress =>
        {
            var line = progress.Add(SummarySection.Data, "public.track");
            line.TotalSourceBytes = 400_000_000;
            line.Phase = "copying";
            program.Time.Advance(TimeSpan.FromSeconds(9));
            Assert.DoesNotContain("PROGRESS", program.Error, StringComparison.Ordinal);
            line.AddRead(1_000_000);
            line.AddLoaded(999_988);
            line.AddRejected(12);
            line.AddSourceBytes(100_000_000);
            program.Time.Advance(TimeSpan.FromSeconds(1));
            line.AddRead(500_000);
            line.AddLoaded(500_000);
            line.AddSourceBytes(100_000_000);
            program.Time.Advance(TimeSpan.FromSeconds(10));
            line.Stop();
            return new RunResult { ExitCode = ExitCode.RowsRejected, Progress = progress };
        });

        await program.LoadAsync("a.load");
        program.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(
            """
            2026-11-22T16:58:51.012Z PROGRESS 999,988 rows, 99,998 rows/s, 10.0 MB/s, 25 % done, 12 rejected, 00:00:30 left; public.track: copying
            2026-11-22T16:59:01.012Z PROGRESS 1,499,988 rows, 50,000 rows/s, 10.0 MB/s, 50 % done, 12 rejected, 00:00:20 left; public.track: copying

            """,
            program.Error.Split("log: ")[0]);
    }

    [Theory]
    [InlineData("", true, "xterm", "Bar")]
    [InlineData("", false, "xterm", "Lines")]
    [InlineData("", true, "dumb", "Lines")]
    [InlineData("--quiet", true, "xterm", "Off")]
    [InlineData("--log-format=json", true, "xterm", "Lines")]
    [InlineData("--progress=off", true, "xterm", "Off")]
    [InlineData("--progress=bar", false, "dumb", "Bar")]
    [InlineData("--progress=lines --quiet", true, "xterm", "Lines")]
    public void The_display_fits_the_terminal(string options, bool isTerminal, string term, string expected)
    {
        using var program = new FakeProgram { IsTerminal = isTerminal };
        program.Environment["TERM"] = term;
        var arguments = ArgumentParser.Parse([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "a.load"], isPgloader: false);

        Assert.Equal(expected, ProgressDisplays.Choose(arguments, program.Host).ToString());
    }

    [Fact]
    public void The_display_has_a_line_for_the_run_and_one_for_each_table()
    {
        var time = new ManualTime();
        var progress = new RunProgress(time);
        var before = progress.Add(SummarySection.Before, "before load");
        before.Stop();
        for (var i = 1; i <= 10; i++)
        {
            var line = progress.Add(SummarySection.Data, $"public.table{i}");
            line.TotalSourceBytes = 1_000_000;
            line.AddSourceBytes(100_000 * i);
            line.AddLoaded(1000 * i);
            line.AddRejected(i == 3 ? 5 : 0);
            line.Phase = "copying";
            if (i == 10)
            {
                line.Stop();
            }
        }

        time.Advance(TimeSpan.FromSeconds(2));
        var text = Render(ProgressView.Build(new ProgressMeter(progress).Sample(smoothing: 0)));

        Assert.True(text.Split('\n').Length <= 12);
        Snapshot.Check("progress.txt", text);
    }

    [Fact]
    public void A_label_cannot_move_the_cursor_of_the_display()
    {
        var progress = new RunProgress(new ManualTime());
        progress.Add(SummarySection.Data, "[red]a\x1b[2J").Phase = "b\r";

        var text = Render(ProgressView.Build(new ProgressMeter(progress).Sample(smoothing: 0)));

        Assert.DoesNotContain('\x1b', text);
        Assert.Contains("[red]a\\x1b[2J", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_lines_appear_above_the_live_display_and_it_goes_away()
    {
        using var program = new FakeProgram { IsTerminal = true };
        program.Environment["TERM"] = "xterm";
        var sink = new ConsoleSink(program.Host.Error, isJson: false, withTrace: false, withColor: false);
        var progress = new RunProgress(program.Time);

        await using (new LiveProgress(progress, sink, program.Host with { Time = TimeProvider.System }, withColor: false))
        {
            sink.Write(new LogEntry(program.Time.GetUtcNow(), "WARNING", "mind the gap"));
        }

        sink.Write(new LogEntry(program.Time.GetUtcNow(), "WARNING", "after"));
        Assert.Contains("WARNING mind the gap\x1b[K\n", program.Error, StringComparison.Ordinal);
        Assert.EndsWith("WARNING after\n", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_with_the_live_display_ends_with_its_summary()
    {
        using var program = new FakeProgram { IsTerminal = true };
        program.Environment["TERM"] = "xterm";
        program.Runner.Runs.Enqueue(async (progress, options, _) =>
        {
            Log.OptionWithoutEffect(options.Logger, "careful");
            await Task.Yield();
            return FakeRunner.Loaded(progress, 3);
        });

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--progress=bar", "a.load"));
        Assert.Contains("careful", program.Error, StringComparison.Ordinal);
        Assert.StartsWith("       table name", program.Out, StringComparison.Ordinal);
    }

    private static string Render(Spectre.Console.Rendering.IRenderable view)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 90;
        console.Write(view);
        return output.ToString();
    }
}
