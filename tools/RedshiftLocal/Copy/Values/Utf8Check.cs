using System.Text;
using System.Text.Unicode;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Copy.Values;

/// <summary>Finds bytes that are no UTF-8, with the numbers of the page on multibyte load errors.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html</remarks>
internal static class Utf8Check
{
    /// <summary>The first bad sequence, or null.</summary>
    public static LoadProblem? Find(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            return null;
        }

        var position = 0;
        while (true)
        {
            var (length, error) = Next(text[position..]);
            if (error != 0)
            {
                return new LoadProblem(
                    1220,
                    $"String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: {Hex(text.Slice(position, length))} (error {error})",
                    position);
            }

            position += length;
        }
    }

    /// <summary>The refusal of a byte above 127 in a CHAR.</summary>
    public static LoadProblem NotForChar(ReadOnlySpan<byte> text, int position)
    {
        var (length, _) = Next(text[position..]);
        return new LoadProblem(
            1220,
            $"Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: {Hex(text.Slice(position, length))}",
            position);
    }

    /// <summary>Whether ACCEPTINVCHARS has something to replace: bad sequences, or code points that are no characters.</summary>
    public static bool NeedsReplacement(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
        {
            return false;
        }

        for (var position = 0; position < text.Length;)
        {
            var (length, error) = Next(text[position..]);
            if (error != 0 || IsNonCharacter(text.Slice(position, length)))
            {
                return true;
            }

            position += length;
        }

        return false;
    }

    /// <summary>Each byte of what is bad becomes the replacement; as many bytes come out as went in.</summary>
    public static void Replace(ReadOnlySpan<byte> text, byte replacement, Span<byte> target)
    {
        for (var position = 0; position < text.Length;)
        {
            var (length, error) = Next(text[position..]);
            var sequence = text.Slice(position, length);
            if (error != 0 || IsNonCharacter(sequence))
            {
                target.Slice(position, length).Fill(replacement);
            }
            else
            {
                sequence.CopyTo(target[position..]);
            }

            position += length;
        }
    }

    /// <summary>How many bytes belong together at the beginning, and the error's number or 0.</summary>
    private static (int Length, int Error) Next(ReadOnlySpan<byte> text)
    {
        var first = text[0];
        var length = first switch { < 0x80 => 1, < 0xC0 => 0, < 0xE0 => 2, < 0xF0 => 3, < 0xF8 => 4, < 0xFE => 5, _ => 0 };
        switch (length)
        {
            case 1:
                return (1, 0);
            case 0:
                return (1, 3);
            case 5:
                var tail = 1;
                while (tail < 6 && tail < text.Length && text[tail] is >= 0x80 and < 0xC0)
                {
                    tail++;
                }

                return (tail, 1);
            default:
                break;
        }

        for (var i = 1; i < length; i++)
        {
            if (i >= text.Length)
            {
                return (i, 2);
            }

            if (text[i] is < 0x80 or > 0xBF)
            {
                return (i, 4);
            }
        }

        if (first == 0xED && text[1] >= 0xA0)
        {
            return (3, 5);
        }

        if (first > 0xF4 || (first == 0xF4 && text[1] > 0x8F))
        {
            return (4, 8);
        }

        var overlong = first < 0xC2 || (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
        return (length, overlong ? 9 : 0);
    }

    private static bool IsNonCharacter(ReadOnlySpan<byte> sequence)
    {
        if (sequence.Length < 3 || Rune.DecodeFromUtf8(sequence, out var rune, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        return rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
