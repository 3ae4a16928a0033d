// hot path
using System.Buffers;

namespace Sluice.Batches;

/// <summary>The escapes of COPY text (PostgreSQL documentation, COPY, "Text Format").</summary>
internal static class CopyText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\b\t\n\v\f\r\\"u8);

    public static void WriteField(RowBuffer output, ReadOnlySpan<byte> utf8)
    {
        var room = output.GetSpan(MaxEscapedBytes(utf8));
        output.Advance(Escape(utf8, room));
    }

    /// <summary>Room that is enough for the escaped value: exact for long ones, so that they do not double the buffer for nothing.</summary>
    public static int MaxEscapedBytes(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= 1024)
        {
            return 2 * utf8.Length;
        }

        var bytes = utf8.Length;
        for (var next = utf8.IndexOfAny(Special); next >= 0; next = utf8.IndexOfAny(Special))
        {
            bytes++;
            utf8 = utf8[(next + 1)..];
        }

        return bytes;
    }

    /// <summary>Writes the escaped value and returns its size.</summary>
    public static int Escape(ReadOnlySpan<byte> utf8, Span<byte> output)
    {
        var position = 0;
        var next = utf8.IndexOfAny(Special);
        while (next >= 0)
        {
            utf8[..next].CopyTo(output[position..]);
            position += next;
            output[position] = (byte)'\\';
            output[position + 1] = Letter(utf8[next]);
            position += 2;
            utf8 = utf8[(next + 1)..];
            next = utf8.IndexOfAny(Special);
        }

        utf8.CopyTo(output[position..]);
        return position + utf8.Length;
    }

    private static byte Letter(byte special) => special switch
    {
        (byte)'\b' => (byte)'b',
        (byte)'\t' => (byte)'t',
        (byte)'\n' => (byte)'n',
        (byte)'\v' => (byte)'v',
        (byte)'\f' => (byte)'f',
        (byte)'\r' => (byte)'r',
        _ => special,
    };
}
