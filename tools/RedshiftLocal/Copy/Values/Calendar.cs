namespace RedshiftLocal.Copy.Values;

/// <summary>Days and microseconds as PostgreSQL counts them: from 2000-01-01, in the Gregorian calendar extended both ways.</summary>
internal static class Calendar
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Years as astronomers write them: 0 is 1 BC. The first and last that a DATE can hold.</summary>
    public const int FirstYear = -4712;
    public const int LastYear = 294_276;

    // From 0000-03-01.
    private const int DaysBefore2000 = 730_425;

    /// <summary>1970-01-01.</summary>
    public const int UnixEpochDay = -10_957;

    private static ReadOnlySpan<byte> MonthDays => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    public static bool TryDay(int year, int month, int day, out int result)
    {
        result = 0;
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DaysIn(year, month))
        {
            return false;
        }

        // Years begin in March, so that the leap day is the last.
        var shifted = month <= 2 ? year - 1 : year;
        var era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        var yearOfEra = shifted - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        result = (era * 146_097) + dayOfEra - DaysBefore2000;
        return true;
    }

    /// <summary>The date of a Julian day number.</summary>
    public static (int Year, int Month, int Day) FromJulian(int number)
    {
        // Counted from 0000-03-01, as in TryDay.
        var days = number - 1_721_120;
        var era = (days >= 0 ? days : days - 146_096) / 146_097;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (((153 * shifted) + 2) / 5) + 1);
    }

    public static int DaysIn(int year, int month) =>
        month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : MonthDays[month - 1];

    /// <summary>Microseconds of the day; 24:00:00 is refused.</summary>
    public static bool TryTime(int hour, int minute, int second, int microsecond, out long result)
    {
        result = ((((hour * 60L) + minute) * 60) + second) * 1_000_000 + microsecond;
        return hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60 && microsecond is >= 0 and < 1_000_000;
    }
}
