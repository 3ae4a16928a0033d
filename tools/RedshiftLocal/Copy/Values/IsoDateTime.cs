// hot path
namespace RedshiftLocal.Copy.Values;

/// <summary>The forms that loaders write: YYYY-MM-DD, HH:MI:SS with a fraction, an offset.</summary>
internal static class IsoDateTime
{
    public static bool TryDate(ReadOnlySpan<byte> text, ref DateTimeParts parts)
    {
        if (text.Length != 10 || text[4] != (byte)'-' || text[7] != (byte)'-')
        {
            return false;
        }

        return Fraction.TryNumber(text[..4], out parts.Year) & Two(text, 5, out parts.Month) & Two(text, 8, out parts.Day);
    }

    /// <summary>HH:MI:SS with an optional fraction at the beginning; the rest is left.</summary>
    public static bool TryTakeTime(ref ReadOnlySpan<byte> text, ref DateTimeParts parts)
    {
        if (text.Length < 8 || text[2] != (byte)':' || text[5] != (byte)':'
            || !(Two(text, 0, out parts.Hour) & Two(text, 3, out parts.Minute) & Two(text, 6, out parts.Second)))
        {
            return false;
        }

        text = text[8..];
        return Fraction.TryTake(ref text, out parts.Microsecond);
    }

    /// <summary>Date, separator, time, then nothing or an offset.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, bool letterSeparates, ref DateTimeParts parts)
    {
        if (text.Length < 19 || (text[10] != (byte)' ' && !(letterSeparates && text[10] == (byte)'T')) || !TryDate(text[..10], ref parts))
        {
            return false;
        }

        text = text[11..];
        if (!TryTakeTime(ref text, ref parts))
        {
            return false;
        }

        if (text.IsEmpty)
        {
            return true;
        }

        parts.HasOffset = true;
        return Fraction.TryOffset(text, out parts.Offset);
    }

    private static bool Two(ReadOnlySpan<byte> text, int at, out int value)
    {
        var tens = (uint)(text[at] - '0');
        var ones = (uint)(text[at + 1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }
}
