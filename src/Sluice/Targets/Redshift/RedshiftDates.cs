// hot path
using System.Buffers.Binary;
using System.Globalization;
using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Dates and times: ISO spellings are written as COPY reads them without doubt, those that are surely wrong are refused, any other
/// goes to the server as it is (<see cref="Verdict.Ask"/>).
/// </summary>
internal static class RedshiftDates
{
    private const int DateLength = 10;
    private const int SecondsEnd = 19;
    private const int MaxFractionDigits = 6;
    private const int LongestSpelling = 64;

    public enum Verdict : byte
    {
        /// <summary>It is written.</summary>
        Written,

        /// <summary>The server judges.</summary>
        Ask,
        Syntax,
        Range,
        Infinite,
    }

    public static Verdict Date(ReadOnlySpan<byte> value, RedshiftColumn column, RowBuffer output)
    {
        Span<byte> word = stackalloc byte[8];
        value = RedshiftNumbers.Trim(value);
        if (BinaryDateTime.EncodeDate(value, word) >= 0)
        {
            return Write(value, output);
        }

        // PostgreSQL takes the date of a timestamp.
        return value.Length > DateLength
            && (BinaryDateTime.EncodeTimestamp(value, word) >= 0 || BinaryDateTime.EncodeTimestampTz(value, column.AnyZone, word) >= 0)
            ? Write(value[..DateLength], output)
            : Judge(value);
    }

    public static Verdict Time(ReadOnlySpan<byte> value, RedshiftColumn column, bool hasZone, RowBuffer output)
    {
        Span<byte> word = stackalloc byte[8];
        value = RedshiftNumbers.Trim(value);
        if (BinaryDateTime.EncodeTime(value, word) >= 0 && (!hasZone || column.HasFixedZone))
        {
            Write(value, output);
            return hasZone ? Write(column.ZoneSuffix, output) : Verdict.Written;
        }

        return value.ContainsAnyInRange((byte)'0', (byte)'9') ? Verdict.Ask : Judge(value);
    }

    public static Verdict Timestamp(ReadOnlySpan<byte> value, RedshiftColumn column, RowBuffer output)
    {
        Span<byte> word = stackalloc byte[8];
        value = RedshiftNumbers.Trim(value);
        if (BinaryDateTime.EncodeTimestamp(value, word) >= 0)
        {
            return WriteLocal(word, output);
        }

        // PostgreSQL reads over the zone of a value for a column without one.
        if (BinaryDateTime.EncodeTimestampTz(value, column.AnyZone, word) >= 0)
        {
            var zone = value[DateLength..].IndexOfAny((byte)'+', (byte)'-', (byte)'Z');
            BinaryDateTime.EncodeTimestamp(value[..(DateLength + zone)], word);
            return WriteLocal(word, output);
        }

        return TryLongFraction(value, out var microseconds, out var length) && TryShort(value, length, column.AnyZone, isLocal: true, word)
            ? WriteLocal(Add(word, microseconds), output)
            : Judge(value);
    }

    public static Verdict TimestampTz(ReadOnlySpan<byte> value, RedshiftColumn column, RowBuffer output)
    {
        Span<byte> word = stackalloc byte[8];
        value = RedshiftNumbers.Trim(value);
        if (BinaryDateTime.EncodeTimestampTz(value, column.Zoned, word) >= 0)
        {
            return WriteUtc(word, output);
        }

        if (BinaryDateTime.EncodeTimestamp(value, word) >= 0)
        {
            WriteLocal(word, output);
            return Write(column.ZoneSuffix, output);
        }

        if (!TryLongFraction(value, out var microseconds, out var length))
        {
            return Judge(value);
        }

        if (TryShort(value, length, column.Zoned, isLocal: false, word))
        {
            return WriteUtc(Add(word, microseconds), output);
        }

        if (TryShort(value, length, column.Zoned, isLocal: true, word))
        {
            WriteLocal(Add(word, microseconds), output);
            return Write(column.ZoneSuffix, output);
        }

        return Judge(value);
    }

    private static Verdict Judge(ReadOnlySpan<byte> value)
    {
        var unsigned = value.Length > 0 && value[0] is (byte)'-' or (byte)'+' ? value[1..] : value;
        if (System.Text.Ascii.EqualsIgnoreCase(unsigned, "infinity"u8) || System.Text.Ascii.EqualsIgnoreCase(unsigned, "inf"u8))
        {
            return Verdict.Infinite;
        }

        if (!value.ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            return IsWord(value) ? Verdict.Ask : Verdict.Syntax;
        }

        // The shape of an ISO date with numbers that are none.
        return IsIsoShape(value) && BinaryDateTime.EncodeDate(value[..DateLength], stackalloc byte[4]) < 0 ? Verdict.Range : Verdict.Ask;
    }

    private static bool IsWord(ReadOnlySpan<byte> value) =>
        System.Text.Ascii.EqualsIgnoreCase(value, "now"u8) || System.Text.Ascii.EqualsIgnoreCase(value, "epoch"u8)
        || System.Text.Ascii.EqualsIgnoreCase(value, "today"u8) || System.Text.Ascii.EqualsIgnoreCase(value, "tomorrow"u8)
        || System.Text.Ascii.EqualsIgnoreCase(value, "yesterday"u8);

    private static bool IsIsoShape(ReadOnlySpan<byte> value) =>
        value.Length >= DateLength && value[4] == '-' && value[7] == '-'
        && !value[..4].ContainsAnyExceptInRange((byte)'0', (byte)'9') && !value[5..7].ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && !value[8..10].ContainsAnyExceptInRange((byte)'0', (byte)'9') && (value.Length == DateLength || value[DateLength] is (byte)' ' or (byte)'T')
        && !value.EndsWith("BC"u8);

    /// <summary>More than six digits of a second: rounded as PostgreSQL does it. Gives the end of the digits.</summary>
    private static bool TryLongFraction(ReadOnlySpan<byte> value, out long microseconds, out int end)
    {
        microseconds = 0;
        end = SecondsEnd + 1;
        if (value.Length is <= SecondsEnd + 1 + MaxFractionDigits or > LongestSpelling || value[SecondsEnd] != '.')
        {
            return false;
        }

        while (end < value.Length && (uint)(value[end] - '0') <= 9)
        {
            end++;
        }

        if (end - SecondsEnd - 1 <= MaxFractionDigits
            || !double.TryParse(value[SecondsEnd..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction))
        {
            return false;
        }

        microseconds = (long)Math.Round(fraction * 1_000_000, MidpointRounding.ToEven);
        return microseconds < 1_000_000 || !value.StartsWith("9999-12-31"u8);
    }

    /// <summary>The value without its fraction.</summary>
    private static bool TryShort(ReadOnlySpan<byte> value, int fractionEnd, in BinaryColumn column, bool isLocal, Span<byte> word)
    {
        Span<byte> text = stackalloc byte[LongestSpelling];
        value[..SecondsEnd].CopyTo(text);
        if (isLocal)
        {
            // A zone that follows is checked, and read over.
            value[fractionEnd..].CopyTo(text[SecondsEnd..]);
            var whole = text[..(SecondsEnd + value.Length - fractionEnd)];
            return (whole.Length == SecondsEnd || BinaryDateTime.EncodeTimestampTz(whole, column, word) >= 0)
                && BinaryDateTime.EncodeTimestamp(text[..SecondsEnd], word) >= 0;
        }

        value[fractionEnd..].CopyTo(text[SecondsEnd..]);
        return BinaryDateTime.EncodeTimestampTz(text[..(SecondsEnd + value.Length - fractionEnd)], column, word) >= 0;
    }

    private static Span<byte> Add(Span<byte> word, long microseconds)
    {
        BinaryPrimitives.WriteInt64BigEndian(word, BinaryPrimitives.ReadInt64BigEndian(word) + microseconds);
        return word;
    }

    private static Verdict WriteLocal(ReadOnlySpan<byte> word, RowBuffer output)
    {
        output.Advance(BinaryDateTime.DecodeTimestamp(word, output.GetSpan(LongestSpelling)));
        return Verdict.Written;
    }

    private static Verdict WriteUtc(ReadOnlySpan<byte> word, RowBuffer output)
    {
        output.Advance(BinaryDateTime.DecodeTimestampTz(word, output.GetSpan(LongestSpelling)));
        return Verdict.Written;
    }

    private static Verdict Write(ReadOnlySpan<byte> value, RowBuffer output)
    {
        value.CopyTo(output.GetSpan(value.Length));
        output.Advance(value.Length);
        return Verdict.Written;
    }
}
