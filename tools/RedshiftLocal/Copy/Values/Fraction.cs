// hot path
namespace RedshiftLocal.Copy.Values;

/// <summary>Pieces that times of all notations share.</summary>
internal static class Fraction
{
    /// <summary>Takes a point and one to six digits, when a point is next. More digits than microseconds have are refused.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> text, out int microseconds)
    {
        microseconds = 0;
        if (text.IsEmpty || text[0] != (byte)'.')
        {
            return true;
        }

        var count = 1;
        var unit = 100_000;
        while (count < text.Length && (uint)(text[count] - '0') <= 9)
        {
            if (unit == 0)
            {
                return false;
            }

            microseconds += (text[count] - '0') * unit;
            unit /= 10;
            count++;
        }

        text = text[count..];
        return count > 1;
    }

    /// <summary>Takes +HH, -HH:MI, +HHMI or Z at the end; false when the text goes on or is none of them.</summary>
    public static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text.Length < 2 || text[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        var sign = text[0] == (byte)'-' ? -1 : 1;
        text = text[1..];
        var colon = text.IndexOf((byte)':');
        var hourDigits = colon >= 0 ? colon : text.Length > 2 ? text.Length - 2 : text.Length;
        if (hourDigits is < 1 or > 2 || !TryNumber(text[..hourDigits], out var hours))
        {
            return false;
        }

        var rest = text[(colon >= 0 ? colon + 1 : hourDigits)..];
        var minutes = 0;
        if (colon >= 0 ? rest.Length != 2 : rest.Length is not (0 or 2))
        {
            return false;
        }

        if ((rest.Length == 2 && !TryNumber(rest, out minutes)) || hours > 15 || minutes > 59)
        {
            return false;
        }

        seconds = sign * ((hours * 3600) + (minutes * 60));
        return true;
    }

    public static bool TryNumber(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return !digits.IsEmpty && digits.Length <= 9;
    }
}
