using Sluice.Cli.Logging;
using Sluice.Runs;

namespace Sluice.Cli.Progress;

/// <summary>One line every ten seconds, for logs and pipes.</summary>
internal sealed class LineProgress : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ProgressMeter _meter;
    private readonly ILogSink _sink;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public LineProgress(RunProgress progress, ILogSink sink, TimeProvider time)
    {
        _meter = new ProgressMeter(progress);
        _sink = sink;
        _time = time;
        _timer = time.CreateTimer(_ => Report(), null, Interval, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Report()
    {
        lock (_gate)
        {
            _sink.Write(new LogEntry(_time.GetLocalNow(), "PROGRESS", ProgressText.Line(_meter.Sample(smoothing: 0))));
        }
    }
}
