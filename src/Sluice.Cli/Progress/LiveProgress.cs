using Sluice.Cli.Logging;
using Sluice.Cli.Output;
using Sluice.Runs;
using Spectre.Console;

namespace Sluice.Cli.Progress;

/// <summary>The live display on a terminal. It goes away when the run ends; log lines appear above it.</summary>
internal sealed class LiveProgress : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConsoleSink _sink;
    private readonly Task _display;

    public LiveProgress(RunProgress progress, ConsoleSink sink, CommandHost host, bool withColor)
    {
        _sink = sink;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = withColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new TerminalOutput(host.RawError, host.TerminalWidth),
        });
        _sink.Redirect(line => console.Write(new ControlCode(Clean(line))));
        _display = ShowAsync(console, new ProgressMeter(progress), host.Time, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _display;
        _sink.Redirect(null);
        _stop.Dispose();
    }

    private static async Task ShowAsync(IAnsiConsole console, ProgressMeter meter, TimeProvider time, CancellationToken stop)
    {
        try
        {
            var live = console.Live(ProgressView.Build(meter.Sample(smoothing: 0))).AutoClear(true);
            await live.StartAsync(async context =>
            {
                while (!stop.IsCancellationRequested)
                {
                    context.UpdateTarget(ProgressView.Build(meter.Sample(smoothing: 0.8)));
                    await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });
        }
        catch (IOException)
        {
            // The terminal is gone; the load goes on.
        }
    }

    // A line is written over the display: what stood there is erased up to the line's end.
    private static string Clean(string line) => line.Replace("\n", "\x1b[K\n", StringComparison.Ordinal);

    private sealed class TerminalOutput(TextWriter writer, Func<int> width) : IAnsiConsoleOutput
    {
        public TextWriter Writer { get; } = writer;

        public bool IsTerminal => true;

        public int Width => width();

        public int Height => 25;

        public void SetEncoding(System.Text.Encoding encoding)
        {
            // The writer has its encoding already.
        }
    }
}
