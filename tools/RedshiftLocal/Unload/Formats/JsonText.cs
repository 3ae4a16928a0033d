// hot path
using System.Buffers;

namespace RedshiftLocal.Unload.Formats;

/// <summary>JSON as UNLOAD writes it: on one line, without blanks.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>A string with its quotation marks.</summary>
    public static void String(ReadOnlySpan<byte> text, IBufferWriter<byte> target)
    {
        target.Write("\""u8);
        while (text.IndexOfAny(Special) is >= 0 and var found)
        {
            target.Write(text[..found]);
            Escape(text[found], target);
            text = text[(found + 1)..];
        }

        target.Write(text);
        target.Write("\""u8);
    }

    /// <summary>A well-formed value without the blanks between its parts.</summary>
    public static void Compact(ReadOnlySpan<byte> json, IBufferWriter<byte> target)
    {
        while (!json.IsEmpty)
        {
            var length = json[0] switch
            {
                (byte)'"' => StringLength(json),
                (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' => 0,
                _ => RunLength(json),
            };
            target.Write(json[..length]);
            json = json[Math.Max(1, length)..];
        }
    }

    private static int RunLength(ReadOnlySpan<byte> json)
    {
        var quote = json.IndexOf((byte)'"');
        var run = quote < 0 ? json : json[..quote];
        var blank = run.IndexOfAny(Blanks);
        return blank < 0 ? run.Length : blank;
    }

    private static int StringLength(ReadOnlySpan<byte> json)
    {
        for (var i = 1; i < json.Length; i++)
        {
            if (json[i] == '"')
            {
                return i + 1;
            }

            i += json[i] == '\\' ? 1 : 0;
        }

        return json.Length;
    }

    private static void Escape(byte value, IBufferWriter<byte> target)
    {
        switch (value)
        {
            case (byte)'"':
                target.Write("\\\""u8);
                break;
            case (byte)'\\':
                target.Write("\\\\"u8);
                break;
            case (byte)'\n':
                target.Write("\\n"u8);
                break;
            case (byte)'\r':
                target.Write("\\r"u8);
                break;
            case (byte)'\t':
                target.Write("\\t"u8);
                break;
            case (byte)'\b':
                target.Write("\\b"u8);
                break;
            case (byte)'\f':
                target.Write("\\f"u8);
                break;
            default:
                target.Write("\\u00"u8);
                target.Write([Digit(value >> 4), Digit(value & 15)]);
                break;
        }
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
