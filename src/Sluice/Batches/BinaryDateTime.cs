// hot path
using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Sluice.Batches;

/// <summary>
/// date, time and timestamps: days or microseconds since 2000-01-01 (or midnight). ISO spellings only, whatever DateStyle says;
/// years 1 to 9999. The receive functions apply the precision as the input functions do.
/// </summary>
internal static class BinaryDateTime
{
    private const int DateLength = 10;
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MicrosecondsPerMinute = 60 * MicrosecondsPerSecond;
    private const long MicrosecondsPerHour = 60 * MicrosecondsPerMinute;
    private const long MicrosecondsPerDay = 24 * MicrosecondsPerHour;

    /// <summary>Days from 0000-03-01, where the arithmetic below begins, to 2000-01-01.</summary>
    private const int DaysToEpoch = 730_425;

    /// <summary>0001-01-01 and 10000-01-01.</summary>
    private const long MinMicroseconds = -730_119 * MicrosecondsPerDay;
    private const long EndMicroseconds = 2_921_940 * MicrosecondsPerDay;

    /// <summary>The server takes offsets of less than 16 hours.</summary>
    private const int MaxOffsetHours = 15;

    private static readonly byte[] DaysOfMonth = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    private static readonly int[] FractionUnits = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

    public static int EncodeDate(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (utf8.Length != DateLength || !TryParseDate(utf8, out var days))
        {
            return BinaryEncoder.NotCanonical;
        }

        BinaryPrimitives.WriteInt32BigEndian(value, days);
        return sizeof(int);
    }

    public static int EncodeTime(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (!TryParseTime(utf8, out var microseconds, out var length) || length != utf8.Length)
        {
            return BinaryEncoder.NotCanonical;
        }

        BinaryPrimitives.WriteInt64BigEndian(value, microseconds);
        return sizeof(long);
    }

    public static int EncodeTimestamp(ReadOnlySpan<byte> utf8, Span<byte> value)
    {
        if (!TryParseTimestamp(utf8, out var microseconds, out var length) || length != utf8.Length)
        {
            return BinaryEncoder.NotCanonical;
        }

        BinaryPrimitives.WriteInt64BigEndian(value, microseconds);
        return sizeof(long);
    }

    public static int EncodeTimestampTz(ReadOnlySpan<byte> utf8, in BinaryColumn column, Span<byte> value)
    {
        if (!TryParseTimestamp(utf8, out var microseconds, out var length))
        {
            return BinaryEncoder.NotCanonical;
        }

        var offset = column.ZoneMicroseconds;
        if (length == utf8.Length ? !column.HasZone : !TryParseOffset(utf8[length..], out offset))
        {
            return BinaryEncoder.NotCanonical;
        }

        microseconds -= offset;
        if (microseconds is < MinMicroseconds or >= EndMicroseconds)
        {
            return BinaryEncoder.NotCanonical;
        }

        BinaryPrimitives.WriteInt64BigEndian(value, microseconds);
        return sizeof(long);
    }

    public static int DecodeDate(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var days = BinaryPrimitives.ReadInt32BigEndian(value);
        return days switch
        {
            int.MaxValue => Write("infinity"u8, text),
            int.MinValue => Write("-infinity"u8, text),
            _ => WriteEra(days, text, WriteDate(days, text)),
        };
    }

    public static int DecodeTime(ReadOnlySpan<byte> value, Span<byte> text) =>
        WriteTime(BinaryPrimitives.ReadInt64BigEndian(value), text);

    public static int DecodeTimestamp(ReadOnlySpan<byte> value, Span<byte> text) => DecodeTimestamp(value, default, text);

    public static int DecodeTimestampTz(ReadOnlySpan<byte> value, Span<byte> text) => DecodeTimestamp(value, "+00"u8, text);

    private static int DecodeTimestamp(ReadOnlySpan<byte> value, ReadOnlySpan<byte> zone, Span<byte> text)
    {
        var instant = BinaryPrimitives.ReadInt64BigEndian(value);
        if (instant is long.MaxValue or long.MinValue)
        {
            return Write(instant > 0 ? "infinity"u8 : "-infinity"u8, text);
        }

        var (days, microseconds) = Math.DivRem(instant, MicrosecondsPerDay);
        if (microseconds < 0)
        {
            days--;
            microseconds += MicrosecondsPerDay;
        }

        var length = WriteDate(days, text);
        text[length++] = (byte)' ';
        length += WriteTime(microseconds, text[length..]);
        zone.CopyTo(text[length..]);
        return WriteEra(days, text, length + zone.Length);
    }

    /// <summary>A date, or date and time, from the first byte on; tells where it ends. A date alone means its midnight.</summary>
    private static bool TryParseTimestamp(ReadOnlySpan<byte> utf8, out long microseconds, out int length)
    {
        microseconds = 0;
        length = DateLength;
        if (!TryParseDate(utf8, out var days))
        {
            return false;
        }

        microseconds = days * MicrosecondsPerDay;
        if (utf8.Length == DateLength)
        {
            return true;
        }

        if (utf8[DateLength] is not ((byte)' ' or (byte)'T') || !TryParseTime(utf8[(DateLength + 1)..], out var time, out var timeLength))
        {
            return false;
        }

        microseconds += time;
        length = DateLength + 1 + timeLength;
        return true;
    }

    /// <summary>The first ten bytes as <c>YYYY-MM-DD</c>.</summary>
    private static bool TryParseDate(ReadOnlySpan<byte> utf8, out int days)
    {
        days = 0;
        if (utf8.Length < DateLength || utf8[4] != '-' || utf8[7] != '-')
        {
            return false;
        }

        var century = Two(utf8);
        var yearOfCentury = Two(utf8[2..]);
        var month = Two(utf8[5..]);
        var day = Two(utf8[8..]);
        if ((century | yearOfCentury | month | day) < 0)
        {
            return false;
        }

        var year = (century * 100) + yearOfCentury;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DaysOfMonth[month] + (month == 2 && IsLeap(year) ? 1 : 0))
        {
            return false;
        }

        // Years that begin in March have their leap day at the end.
        var shifted = month <= 2 ? year - 1 : year;
        var monthFromMarch = month <= 2 ? month + 9 : month - 3;
        days = (365 * shifted) + (shifted / 4) - (shifted / 100) + (shifted / 400)
            + (((153 * monthFromMarch) + 2) / 5) + day - 1 - DaysToEpoch;
        return true;
    }

    private static bool IsLeap(int year) => (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);

    /// <summary><c>HH:MM:SS</c> and up to six digits of a second, from the first byte on; tells where it ends.</summary>
    private static bool TryParseTime(ReadOnlySpan<byte> utf8, out long microseconds, out int length)
    {
        const int WholeLength = 8;
        microseconds = 0;
        length = WholeLength;
        if (utf8.Length < WholeLength || utf8[2] != ':' || utf8[5] != ':')
        {
            return false;
        }

        var hours = Two(utf8);
        var minutes = Two(utf8[3..]);
        var seconds = Two(utf8[6..]);
        if ((hours | minutes | seconds) < 0 || hours > 23 || minutes > 59 || seconds > 59)
        {
            return false;
        }

        microseconds = ((((hours * 60) + minutes) * 60) + seconds) * MicrosecondsPerSecond;
        return utf8.Length == WholeLength || utf8[WholeLength] != '.' || TryParseFraction(utf8, ref microseconds, ref length);
    }

    private static bool TryParseFraction(ReadOnlySpan<byte> utf8, ref long microseconds, ref int length)
    {
        var start = length + 1;
        var fraction = 0;
        for (length = start; length < utf8.Length; length++)
        {
            var digit = (uint)utf8[length] - '0';
            if (digit > 9)
            {
                break;
            }

            if (length - start == 6)
            {
                return false;
            }

            fraction = (fraction * 10) + (int)digit;
        }

        microseconds += fraction * FractionUnits[length - start];
        return length > start;
    }

    /// <summary><c>Z</c>, <c>+HH</c>, <c>+HHMM</c>, <c>+HH:MM</c>, and nothing after it.</summary>
    private static bool TryParseOffset(ReadOnlySpan<byte> utf8, out long offset)
    {
        offset = 0;
        if (utf8.Length == 1)
        {
            return utf8[0] == 'Z';
        }

        if (utf8.Length is not (3 or 5 or 6) || utf8[0] is not ((byte)'+' or (byte)'-') || (utf8.Length == 6 && utf8[3] != ':'))
        {
            return false;
        }

        var hours = Two(utf8[1..]);
        var minutes = utf8.Length == 3 ? 0 : Two(utf8[^2..]);
        if ((hours | minutes) < 0 || hours > MaxOffsetHours || minutes > 59)
        {
            return false;
        }

        offset = (hours * MicrosecondsPerHour) + (minutes * MicrosecondsPerMinute);
        offset = utf8[0] == '-' ? -offset : offset;
        return true;
    }

    /// <summary>Two digits, or a negative number.</summary>
    private static int Two(ReadOnlySpan<byte> utf8)
    {
        var tens = (uint)utf8[0] - '0';
        var ones = (uint)utf8[1] - '0';
        return tens > 9 || ones > 9 ? -1 : (int)((tens * 10) + ones);
    }

    private static int WriteDate(long days, Span<byte> text)
    {
        // In eras of 400 years that begin in March.
        const int DaysOfEra = 146_097;
        var shifted = days + DaysToEpoch;
        var era = (shifted >= 0 ? shifted : shifted - (DaysOfEra - 1)) / DaysOfEra;
        var dayOfEra = (int)(shifted - (era * DaysOfEra));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        var month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        var year = (int)(yearOfEra + (era * 400)) + (month <= 2 ? 1 : 0);
        Utf8Formatter.TryFormat(year > 0 ? year : 1 - year, text, out var length, new StandardFormat('D', 4));
        text[length] = (byte)'-';
        WriteTwo(month, text[(length + 1)..]);
        text[length + 3] = (byte)'-';
        WriteTwo(dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1, text[(length + 4)..]);
        return length + 6;
    }

    /// <summary>What follows a date before the year 1.</summary>
    private static int WriteEra(long days, Span<byte> text, int length)
    {
        const int FirstDay = -730_119;
        return days >= FirstDay ? length : length + Write(" BC"u8, text[length..]);
    }

    private static int Write(ReadOnlySpan<byte> word, Span<byte> text)
    {
        word.CopyTo(text);
        return word.Length;
    }

    /// <summary>Whole seconds, or as many digits of a second as are not zero.</summary>
    private static int WriteTime(long microseconds, Span<byte> text)
    {
        WriteTwo((int)(microseconds / MicrosecondsPerHour), text);
        text[2] = (byte)':';
        WriteTwo((int)(microseconds / MicrosecondsPerMinute % 60), text[3..]);
        text[5] = (byte)':';
        WriteTwo((int)(microseconds / MicrosecondsPerSecond % 60), text[6..]);
        var fraction = (int)(microseconds % MicrosecondsPerSecond);
        if (fraction == 0)
        {
            return 8;
        }

        text[8] = (byte)'.';
        WriteTwo(fraction / 10_000, text[9..]);
        WriteTwo(fraction / 100 % 100, text[11..]);
        WriteTwo(fraction % 100, text[13..]);
        return text[..15].LastIndexOfAnyExcept((byte)'0') + 1;
    }

    private static void WriteTwo(int number, Span<byte> text)
    {
        text[0] = (byte)('0' + (number / 10));
        text[1] = (byte)('0' + (number % 10));
    }
}
