// hot path
using System.Buffers;
using System.Buffers.Text;

namespace Sluice.Casts;

internal static partial class Transforms
{
    private const long SecondsPerDay = 86_400;

    // 31 December of the year 294276, PostgreSQL's last; a transform that gave more would only defer the error.
    private const long LastSecond = 9_224_318_015_999;
    private const long FirstSecond = -62_135_596_800;

    public static FieldResult ZeroDatesToNull(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (utf8.IsEmpty)
        {
            return FieldResult.Null;
        }

        if (utf8.Length < 10 || Utf8Text.CountCharacters(utf8) < 10)
        {
            throw Bad("zero-dates-to-null", utf8, "a date such as 2004-10-31, at least 10 characters");
        }

        return utf8[..4].SequenceEqual("0000"u8) || utf8.Slice(5, 2).SequenceEqual("00"u8) || utf8.Slice(8, 2).SequenceEqual("00"u8)
            ? FieldResult.Null
            : FieldResult.Unchanged;
    }

    public static FieldResult DateWithNoSeparator(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (utf8.Length < 14 || Utf8Text.CountCharacters(utf8) != 14)
        {
            return FieldResult.Null;
        }

        var year = Utf8Text.Slice(utf8, 0, 4);
        var month = Utf8Text.Slice(utf8, 4, 6);
        var day = Utf8Text.Slice(utf8, 6, 8);
        if (year.SequenceEqual("0000"u8) || month.SequenceEqual("00"u8) || day.SequenceEqual("00"u8))
        {
            return FieldResult.Null;
        }

        scratch.Write(year);
        Add(scratch, (byte)'-');
        scratch.Write(month);
        Add(scratch, (byte)'-');
        scratch.Write(day);
        Add(scratch, (byte)' ');
        AddTime(scratch, Utf8Text.Slice(utf8, 8, 14));
        return FieldResult.Replaced;
    }

    public static FieldResult TimeWithNoSeparator(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (utf8.Length < 6 || Utf8Text.CountCharacters(utf8) < 6)
        {
            throw Bad("time-with-no-separator", utf8, "hours, minutes and seconds such as 08231560, at least 6 characters");
        }

        var end = Utf8Text.ByteOffset(utf8, 6);
        AddTime(scratch, utf8[..end]);
        Add(scratch, (byte)'.');
        scratch.Write(utf8[end..]);
        return FieldResult.Replaced;
    }

    public static FieldResult UnixTimestampToTimestamptz(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (!Utf8Text.TryInteger(utf8, out var negative, out var digits) || digits.Length > 18
            || !Utf8Parser.TryParse(digits, out long seconds, out _))
        {
            throw Bad("unix-timestamp-to-timestamptz", utf8, "whole seconds since 1970-01-01");
        }

        seconds = negative ? -seconds : seconds;
        if (seconds is < FirstSecond or > LastSecond)
        {
            throw Bad("unix-timestamp-to-timestamptz", utf8, "seconds of the years 1 to 294276");
        }

        AddMoment(scratch, seconds);
        Add(scratch, (byte)'Z');
        return FieldResult.Replaced;
    }

    /// <summary>Days since noon of -4713-11-24, with their fraction (https://sqlite.org/lang_datefunc.html); to the millisecond.</summary>
    public static FieldResult JulianDayToTimestamp(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        const double UnixEpoch = 2440587.5;
        const double MillisecondsPerDay = SecondsPerDay * 1000d;
        if (!Utf8Parser.TryParse(utf8, out double days, out var used) || used != utf8.Length || !double.IsFinite(days))
        {
            throw Bad("julian-day-to-timestamp", utf8, "days since -4713-11-24 12:00, like 2460370.5");
        }

        var milliseconds = Math.Round((days - UnixEpoch) * MillisecondsPerDay);
        if (milliseconds is < FirstSecond * 1000d or > LastSecond * 1000d)
        {
            throw Bad("julian-day-to-timestamp", utf8, "days of the years 1 to 294276");
        }

        var seconds = Math.DivRem((long)milliseconds, 1000, out var thousandths);
        if (thousandths < 0)
        {
            seconds--;
            thousandths += 1000;
        }

        AddMoment(scratch, seconds);
        if (thousandths > 0)
        {
            Add(scratch, (byte)'.');
            AddNumber(scratch, thousandths, 3);
        }

        return FieldResult.Replaced;
    }

    public static FieldResult SqliteTimestampToTimestamp(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (!Utf8Text.TryInteger(utf8, out var negative, out var digits))
        {
            return FieldResult.Unchanged;
        }

        if (digits.SequenceEqual("0"u8))
        {
            return FieldResult.Null;
        }

        if (negative)
        {
            Add(scratch, (byte)'-');
        }

        scratch.Write(digits);
        return Give(scratch, "-01-01"u8);
    }

    public static FieldResult Db3DateToPgsqlDate(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> scratch)
    {
        if (Utf8Text.CountCharacters(utf8) != 8 || utf8.TrimStart((byte)' ').IsEmpty)
        {
            return FieldResult.Null;
        }

        AddDatePart(scratch, utf8, 0, 4);
        Add(scratch, (byte)'-');
        AddDatePart(scratch, utf8, 4, 6);
        Add(scratch, (byte)'-');
        AddDatePart(scratch, utf8, 6, 8);
        return FieldResult.Replaced;
    }

    // A part is read as far as it is a number: "3x" is day 03.
    private static void AddDatePart(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> date, int start, int end)
    {
        if (!Utf8Text.TryLeadingInteger(Utf8Text.Slice(date, start, end), out var negative, out var digits, out _) || negative
            || !Utf8Parser.TryParse(digits, out long value, out _))
        {
            throw Bad("db3-date-to-pgsql-date", date, "a date such as 20130131");
        }

        AddNumber(scratch, value, end - start);
    }

    private static void AddTime(ArrayBufferWriter<byte> scratch, ReadOnlySpan<byte> sixCharacters)
    {
        scratch.Write(Utf8Text.Slice(sixCharacters, 0, 2));
        Add(scratch, (byte)':');
        scratch.Write(Utf8Text.Slice(sixCharacters, 2, 4));
        Add(scratch, (byte)':');
        scratch.Write(Utf8Text.Slice(sixCharacters, 4, 6));
    }

    // Days since 1970-01-01 to year, month, day; eras of 400 years that begin on 1 March.
    private static void AddDay(ArrayBufferWriter<byte> scratch, long day)
    {
        day += 719_468;
        var era = day / 146_097;
        var dayOfEra = day - era * 146_097;
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var marchMonth = (5 * dayOfYear + 2) / 153;
        var month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        AddNumber(scratch, yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
        Add(scratch, (byte)'-');
        AddNumber(scratch, month, 2);
        Add(scratch, (byte)'-');
        AddNumber(scratch, dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2);
    }

    private static void AddMoment(ArrayBufferWriter<byte> scratch, long seconds)
    {
        var day = Math.DivRem(seconds, SecondsPerDay, out var second);
        if (second < 0)
        {
            day--;
            second += SecondsPerDay;
        }

        AddDay(scratch, day);
        Add(scratch, (byte)' ');
        AddNumber(scratch, second / 3600, 2);
        Add(scratch, (byte)':');
        AddNumber(scratch, second / 60 % 60, 2);
        Add(scratch, (byte)':');
        AddNumber(scratch, second % 60, 2);
    }
}
