namespace Sluice.Runs;

/// <summary>The lines of one command's run, in order of first appearance. Console, log and summary are its readers. Thread-safe.</summary>
public sealed class RunProgress(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<RunLine> _lines = [];
    private readonly long _started = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>A snapshot of the lines so far.</summary>
    public IReadOnlyList<RunLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>A new line at the end of its section, started.</summary>
    public RunLine Add(SummarySection section, string label)
    {
        var line = new RunLine(section, label, time);
        line.Start();
        lock (_gate)
        {
            _lines.Add(line);
        }

        return line;
    }
}
