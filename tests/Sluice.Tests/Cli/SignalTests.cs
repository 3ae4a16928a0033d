using System.Diagnostics;
using System.Globalization;
using Sluice.Cli.Sessions;
using Sluice.Diagnostics;

namespace Sluice.Tests.Cli;

public class SignalTests
{
    [Fact]
    public async Task Signals_of_the_system_reach_the_session()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no kill command");
        using var interrupts = new Interrupts { IsRunning = true };
        using var snapshot = new SemaphoreSlim(0);
        using var hangUp = new SemaphoreSlim(0);
        interrupts.SnapshotAsked += () => snapshot.Release();
        interrupts.HungUp += () => hangUp.Release();
        using var handlers = new SignalHandlers(interrupts);

        await SendAsync("USR1");
        await SendAsync("HUP");
        await SendAsync("TERM");

        Assert.True(await snapshot.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.True(await hangUp.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.True(SpinWait.SpinUntil(() => interrupts.Drain.IsCancellationRequested, TimeSpan.FromSeconds(20)));
        Assert.Equal(ExitCode.Terminated, interrupts.ExitCode);
        Assert.False(interrupts.Abort.IsCancellationRequested);
    }

    [Fact]
    public void The_first_signal_decides_the_exit_code()
    {
        using var interrupts = new Interrupts();

        interrupts.Stop(ExitCode.Interrupted);
        interrupts.Stop(ExitCode.Terminated);

        Assert.Equal(ExitCode.Interrupted, interrupts.ExitCode);
        Assert.True(interrupts.Abort.IsCancellationRequested);
    }

    [Fact]
    public void Before_anything_runs_a_signal_is_the_system_s_to_deal_with()
    {
        using var interrupts = new Interrupts();

        Assert.False(interrupts.TryStop(ExitCode.Interrupted));
        Assert.Null(interrupts.ExitCode);
    }

    [Fact]
    public void The_third_signal_is_the_system_s_to_deal_with()
    {
        using var interrupts = new Interrupts { IsRunning = true };

        Assert.True(interrupts.TryStop(ExitCode.Interrupted));
        Assert.True(interrupts.TryStop(ExitCode.Interrupted));
        Assert.False(interrupts.TryStop(ExitCode.Interrupted));
    }

    [Fact]
    public void A_signal_after_the_end_does_nothing()
    {
        var interrupts = new Interrupts();
        interrupts.Dispose();

        interrupts.Stop(ExitCode.Interrupted);

        Assert.Null(interrupts.ExitCode);
    }

    private static async Task SendAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
