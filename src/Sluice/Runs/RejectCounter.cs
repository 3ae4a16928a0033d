using Sluice.Diagnostics;

namespace Sluice.Runs;

/// <summary>Counts rejects against the limits of the load. Thread-safe.</summary>
public sealed class RejectCounter(bool onErrorStop, long? maxErrors, double? maxErrorsPercent, Func<long> recordsRead)
{
    /// <summary>A share is not judged on fewer records than this, except at the end.</summary>
    public const int PercentFloorRecords = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private long _count;
    private volatile LoadStoppedException? _stopped;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Throws again what stopped the load for the number of its rejects: those that come after it are not written any more.</summary>
    public void ThrowIfStopped()
    {
        if (_stopped is { } stopped)
        {
            throw new LoadStoppedException(stopped.Message, stopped.Hint);
        }
    }

    /// <summary>Counts one reject. <paramref name="where"/> names it for the message.</summary>
    /// <exception cref="LoadStoppedException">It was one too many.</exception>
    public void Add(string reason, string where)
    {
        long count;
        lock (_gate)
        {
            count = ++_count;
            if (_reasons.TryGetValue(reason, out var seen) || _reasons.Count < 1000)
            {
                _reasons[reason] = seen + 1;
            }
        }

        if (onErrorStop)
        {
            throw new LoadStoppedException(
                $"Stopped at the first rejected row ({where}): {reason}",
                "the row is in the reject files; `on error resume next` sets such rows aside and goes on")
            {
                Place = where,
            };
        }

        if (count > maxErrors)
        {
            throw _stopped = new LoadStoppedException(
                $"Stopped: more than {maxErrors} rows were rejected, the last one at {where}: {reason}",
                "raise `max errors`, or look at the first rejects: often a separator or an encoding is wrong")
            {
                Place = where,
            };
        }

        CheckPercent(recordsRead(), PercentFloorRecords);
    }

    /// <summary>Judges the share once more when everything was read.</summary>
    /// <exception cref="LoadStoppedException">The share of rejects is too high.</exception>
    public void CheckAtEnd() => CheckPercent(recordsRead(), 1);

    /// <summary>The most frequent reasons with their counts, most frequent first.</summary>
    public IReadOnlyList<(string Reason, long Count)> TopReasons(int most)
    {
        lock (_gate)
        {
            return [.. _reasons.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(most).Select(pair => (pair.Key, pair.Value))];
        }
    }

    private void CheckPercent(long read, long floor)
    {
        if (maxErrorsPercent is { } percent && read >= floor && Count * 100.0 > read * percent)
        {
            throw _stopped = new LoadStoppedException(
                FormattableString.Invariant($"Stopped: {Count} of {read} rows were rejected, more than {percent} %"),
                "raise `max errors`, or look at the first rejects: often a separator or an encoding is wrong");
        }
    }
}
