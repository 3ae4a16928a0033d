// hot path
using System.Buffers;

namespace Sluice.Sources.CopyText;

/// <summary>Undoes the escapes of COPY's text format: letters, numbers of a byte in octal or hexadecimal, anything else as it is.</summary>
internal sealed class CopyTextUnescape : IFieldUnescape
{
    public void Write(ReadOnlySpan<byte> field, ArrayBufferWriter<byte> output)
    {
        var target = output.GetSpan(Math.Max(1, field.Length));
        var length = 0;
        while (true)
        {
            var next = field.IndexOf((byte)'\\');
            if (next < 0 || next + 1 == field.Length)
            {
                break;
            }

            field[..next].CopyTo(target[length..]);
            length += next;
            target[length++] = Value(field[(next + 1)..], out var taken);
            field = field[(next + 1 + taken)..];
        }

        field.CopyTo(target[length..]);
        output.Advance(length + field.Length);
    }

    // The byte that stands for what follows a backslash, and how many bytes that is.
    private static byte Value(ReadOnlySpan<byte> text, out int taken)
    {
        taken = 1;
        switch (text[0])
        {
            case (byte)'b':
                return (byte)'\b';
            case (byte)'f':
                return (byte)'\f';
            case (byte)'n':
                return (byte)'\n';
            case (byte)'r':
                return (byte)'\r';
            case (byte)'t':
                return (byte)'\t';
            case (byte)'v':
                return (byte)'\v';
            case (byte)'x' when text.Length > 1 && char.IsAsciiHexDigit((char)text[1]):
                return Number(text[1..], 16, 2, 1, out taken);
            case >= (byte)'0' and <= (byte)'7':
                return Number(text, 8, 3, 0, out taken);
            default:
                return text[0];
        }
    }

    private static byte Number(ReadOnlySpan<byte> digits, int radix, int most, int before, out int taken)
    {
        var value = 0;
        taken = 0;
        while (taken < most && taken < digits.Length && Digit(digits[taken]) is var digit && digit < radix)
        {
            value = (value * radix) + digit;
            taken++;
        }

        taken += before;
        return (byte)value;
    }

    private static int Digit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => int.MaxValue,
    };
}
