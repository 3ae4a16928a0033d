// hot path
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Casts;

/// <summary>Reading UTF-8 text by characters and as numbers, without allocating.</summary>
internal static class Utf8Text
{
    private const int ShownCharacters = 60;

    /// <summary>The number of characters (code points).</summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length;
        }

        var count = 0;
        foreach (var value in text)
        {
            count += (value & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    /// <summary>The byte offset of a 0-based character; the length when the text is shorter.</summary>
    public static int ByteOffset(ReadOnlySpan<byte> text, int character)
    {
        if (character <= text.Length && Ascii.IsValid(text[..character]))
        {
            return character;
        }

        var seen = -1;
        for (var i = 0; i < text.Length; i++)
        {
            if ((text[i] & 0xC0) != 0x80 && ++seen == character)
            {
                return i;
            }
        }

        return text.Length;
    }

    /// <summary>Characters <paramref name="start"/> to <paramref name="end"/> (exclusive); the text is known to be long enough.</summary>
    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> text, int start, int end) =>
        text[ByteOffset(text, start)..ByteOffset(text, end)];

    public static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f';

    public static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && IsBlank(text[0]))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && IsBlank(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>Blanks, a sign, digits, blanks. The digits come without leading zeros (at least one); zero is never negative.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> text, out bool negative, out ReadOnlySpan<byte> digits) =>
        TryLeadingInteger(TrimBlanks(text), out negative, out digits, out var rest) && rest.IsEmpty;

    /// <summary>The same for text that goes on after the digits.</summary>
    public static bool TryLeadingInteger(
        ReadOnlySpan<byte> text, out bool negative, out ReadOnlySpan<byte> digits, out ReadOnlySpan<byte> rest)
    {
        text = TrimBlanks(text);
        negative = !text.IsEmpty && text[0] == '-';
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            text = text[1..];
        }

        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = length < 0 ? text.Length : length;
        digits = text[..length];
        rest = text[length..];
        if (length == 0)
        {
            return false;
        }

        digits = digits.TrimStart((byte)'0');
        if (digits.IsEmpty)
        {
            negative = false;
            digits = "0"u8;
        }

        return true;
    }

    /// <summary>A value for a message: short, in quotes, without control characters.</summary>
    public static string Show(ReadOnlySpan<byte> text)
    {
        var end = ByteOffset(text, ShownCharacters);
        var shown = Printable.Escape(Encoding.UTF8.GetString(text[..end]));
        return end < text.Length ? $"\"{shown}…\"" : $"\"{shown}\"";
    }
}
