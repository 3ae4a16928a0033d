using System.Diagnostics;

namespace Sluice.Runs;

/// <summary>Which part of the summary a line belongs to.</summary>
public enum SummarySection
{
    Before,
    Data,
    After,
}

/// <summary>One line of the summary and of the progress display. Counters are thread-safe and move once per batch.</summary>
public sealed class RunLine(SummarySection section, string label, TimeProvider time)
{
    private long _read;
    private long _loaded;
    private long _rejected;
    private long _skipped;
    private long _bytes;
    private long _withheld;
    private long _sourceBytes;
    private long _readTicks;
    private long _writeTicks;
    private long _started = -1;
    private long _stopped = -1;
    private int _longWaits;

    public SummarySection Section { get; } = section;

    public string Label { get; } = label;

    /// <summary>Source bytes in all, when known: the progress display's 100 %.</summary>
    public long? TotalSourceBytes { get; set; }

    /// <summary>What is going on now: <c>copying</c>, <c>isolating rejects</c>, <c>reconnecting</c>… For the display only.</summary>
    public string? Phase { get; set; }

    /// <summary>Records read from the source.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>Rows committed on the target.</summary>
    public long Loaded => Interlocked.Read(ref _loaded);

    /// <summary>Records and rows set aside.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Records left out on purpose: empty lines.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Of the loaded rows those that the server did not put into the table: triggers kept them out or put them elsewhere.</summary>
    public long Withheld => Interlocked.Read(ref _withheld);

    /// <summary>Bytes sent to the target, encoded.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Bytes read from the source.</summary>
    public long SourceBytes => Interlocked.Read(ref _sourceBytes);

    /// <summary>Time spent reading, summed over readers.</summary>
    public TimeSpan ReadTime => TimeSpan.FromTicks(Interlocked.Read(ref _readTicks));

    /// <summary>Time spent writing, summed over writers.</summary>
    public TimeSpan WriteTime => TimeSpan.FromTicks(Interlocked.Read(ref _writeTicks));

    public bool IsStarted => Volatile.Read(ref _started) >= 0;

    public bool IsStopped => Volatile.Read(ref _stopped) >= 0;

    /// <summary>Wall time from start to stop, or to now.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            var started = Volatile.Read(ref _started);
            var stopped = Volatile.Read(ref _stopped);
            return started < 0 ? TimeSpan.Zero : time.GetElapsedTime(started, stopped < 0 ? time.GetTimestamp() : stopped);
        }
    }

    public void Start() => Interlocked.CompareExchange(ref _started, time.GetTimestamp(), -1);

    public void Stop()
    {
        Debug.Assert(IsStarted, "a line is started before it is stopped");
        Volatile.Write(ref _stopped, time.GetTimestamp());
    }

    /// <summary>True the first time it is asked.</summary>
    public bool IsFirstLongWait() => Interlocked.Exchange(ref _longWaits, 1) == 0;

    public void AddRead(long records) => Interlocked.Add(ref _read, records);

    public void AddLoaded(long rows) => Interlocked.Add(ref _loaded, rows);

    public void AddRejected(long rows) => Interlocked.Add(ref _rejected, rows);

    public void AddSkipped(long records) => Interlocked.Add(ref _skipped, records);

    public void AddWithheld(long rows) => Interlocked.Add(ref _withheld, rows);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddSourceBytes(long bytes) => Interlocked.Add(ref _sourceBytes, bytes);

    public void AddReadTime(TimeSpan elapsed) => Interlocked.Add(ref _readTicks, elapsed.Ticks);

    public void AddWriteTime(TimeSpan elapsed) => Interlocked.Add(ref _writeTicks, elapsed.Ticks);
}
