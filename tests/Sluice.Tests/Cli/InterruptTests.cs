using Sluice.Diagnostics;
using Sluice.Runs;

namespace Sluice.Tests.Cli;

public class InterruptTests
{
    [Theory]
    [InlineData(ExitCode.Interrupted)]
    [InlineData(ExitCode.Terminated)]
    public async Task The_first_signal_drains_and_prints_the_summary(ExitCode signal)
    {
        using var program = new FakeProgram();
        program.Runner.Runs.Enqueue((progress, options, ct) =>
        {
            program.Interrupts.Stop(signal);
            Assert.True(options.Drain.IsCancellationRequested);
            Assert.False(ct.IsCancellationRequested);
            return Task.FromResult(FakeRunner.Loaded(progress, 7) with { ExitCode = ExitCode.Interrupted });
        });

        Assert.Equal(signal, await program.LoadAsync("a.load", "b.load"));
        Assert.Single(program.Runner.Started);
        Assert.Contains("Finishing the batches in flight; press Ctrl-C again to stop now", program.Error, StringComparison.Ordinal);
        Assert.Contains("Commands not started: 1", program.Error, StringComparison.Ordinal);
        Assert.Contains("7 rows loaded", program.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_signal_stops_at_once_and_still_prints_the_summary()
    {
        using var program = new FakeProgram();
        program.Runner.Runs.Enqueue(async (progress, _, ct) =>
        {
            var line = progress.Add(SummarySection.Data, "public.track");
            line.AddRead(10);
            line.AddLoaded(4);
            program.Interrupts.Stop(ExitCode.Interrupted);
            program.Interrupts.Stop(ExitCode.Interrupted);
            await Task.Delay(Timeout.Infinite, ct);
            return FakeRunner.Loaded(progress, 0);
        });

        Assert.Equal(ExitCode.Interrupted, await program.LoadAsync("a.load"));
        Assert.Contains("Stopping now", program.Error, StringComparison.Ordinal);
        Assert.Contains("read 10 ≠ loaded 4 + rejected 0 + skipped 0: 6 records read but not loaded, as the load stopped", program.Out, StringComparison.Ordinal);
        Assert.Contains("Interrupted after 0.000s: 4 rows loaded", program.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_that_was_done_anyway_is_a_success()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress =>
        {
            program.Interrupts.Stop(ExitCode.Interrupted);
            return FakeRunner.Loaded(progress, 1);
        });

        Assert.Equal(ExitCode.Success, await program.LoadAsync("a.load"));
    }

    [Fact]
    public async Task A_dry_run_stops_at_the_first_signal()
    {
        using var program = new FakeProgram();
        program.Runner.Plan = _ =>
        {
            program.Interrupts.Stop(ExitCode.Terminated);
            throw new OperationCanceledException();
        };

        Assert.Equal(ExitCode.Terminated, await program.LoadAsync("--dry-run", "a.load", "b.load"));
        Assert.Single(program.Runner.Started);
    }

    [Fact]
    public async Task A_snapshot_is_printed_when_asked_for()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress =>
        {
            var result = FakeRunner.Loaded(progress, 1234, rejected: 2);
            program.Time.Advance(TimeSpan.FromSeconds(2));
            program.Interrupts.AskForSnapshot();
            return result;
        });

        await program.LoadAsync("--progress", "off", "a.load");

        Assert.Contains("PROGRESS 1,234 rows, 617 rows/s, 0.0 MB/s, 2 rejected\n", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_terminal_does_not_stop_the_load()
    {
        using var program = new FakeProgram();
        program.Runner.Enqueue(progress =>
        {
            program.Interrupts.HangUp();
            return FakeRunner.Loaded(progress, 1);
        });

        Assert.Equal(ExitCode.Success, await program.LoadAsync("--verbose", "a.load"));
        Assert.Contains("The terminal is gone; the load goes on", program.Error, StringComparison.Ordinal);
    }
}
