namespace RedshiftLocal.Copy.Values;

/// <summary>What was read of a date and a time; fields that were not are zero. Years as astronomers write them.</summary>
internal struct DateTimeParts
{
    public int Year;
    public int Month;
    public int Day;
    public int Hour;
    public int Minute;
    public int Second;
    public int Microsecond;

    /// <summary>Seconds east of Greenwich, where <see cref="HasOffset"/>.</summary>
    public int Offset;
    public bool HasOffset;

    public readonly bool TryDay(out int day) => Calendar.TryDay(Year, Month, Day, out day);

    public readonly bool TryTime(out long microseconds) => Calendar.TryTime(Hour, Minute, Second, Microsecond, out microseconds);

    /// <summary>Microseconds from 2000-01-01, the offset not applied.</summary>
    public readonly bool TryTimestamp(out long microseconds)
    {
        microseconds = 0;
        if (!TryDay(out var day) || !TryTime(out var time))
        {
            return false;
        }

        microseconds = (day * Calendar.MicrosecondsPerDay) + time;
        return true;
    }
}
