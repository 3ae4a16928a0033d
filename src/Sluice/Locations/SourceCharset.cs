using System.Buffers;
using System.Text;

namespace Sluice.Locations;

/// <summary>The encoding of an input, and what its bytes look like once they are in a read buffer.</summary>
public sealed class SourceCharset
{
    /// <summary>First byte of the four that stand for one undecodable byte of a transcoded input; never part of valid UTF-8.</summary>
    internal const byte Mark = 0xFF;

    private readonly bool _isAscii;
    private readonly Encoding? _encoding;

    private SourceCharset(string name, bool isAscii, Encoding? encoding)
    {
        Name = name;
        _isAscii = isAscii;
        _encoding = encoding;
    }

    public static SourceCharset Utf8 { get; } = new("UTF-8", isAscii: false, encoding: null);

    public static SourceCharset Ascii { get; } = new("us-ascii", isAscii: true, encoding: null);

    /// <summary>What a user calls it.</summary>
    public string Name { get; }

    /// <summary>True when the reader sees UTF-8 made from other bytes: offsets in its buffer are not offsets in the source.</summary>
    public bool IsTranscoded => _encoding is not null;

    /// <summary>A charset whose bytes are turned into UTF-8 on the way.</summary>
    public static SourceCharset Transcoded(Encoding encoding) => new(encoding.WebName, isAscii: false, encoding);

    /// <summary>Whether all of it is text in this charset.</summary>
    public bool IsValid(ReadOnlySpan<byte> text) => _isAscii ? System.Text.Ascii.IsValid(text) : System.Text.Unicode.Utf8.IsValid(text);

    /// <summary>Bytes at the end that may be the beginning of a character whose rest is still to come: 0 to 3.</summary>
    public int IncompleteTail(ReadOnlySpan<byte> text)
    {
        if (_isAscii)
        {
            return 0;
        }

        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            var b = text[^back];
            if (b < 0x80)
            {
                return 0;
            }

            if (b >= 0xC0)
            {
                var length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return back < length ? back : 0;
            }
        }

        return 0;
    }

    /// <summary>Index and length of the first piece that is not text in this charset, and its bytes in the source; index -1 when all is well.</summary>
    public (int Index, int Length, byte[] SourceBytes) FirstInvalid(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (_isAscii)
            {
                var at = text[i..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
                return at < 0 ? (-1, 0, []) : (i + at, 1, [text[i + at]]);
            }

            var next = text[i..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (next < 0)
            {
                break;
            }

            i += next;
            if (Rune.DecodeFromUtf8(text[i..], out _, out var length) == OperationStatus.Done)
            {
                i += length;
                continue;
            }

            var isMark = IsTranscoded && IsMarkAt(text, i);
            return isMark ? (i, 4, RestoreSourceBytes(text.Slice(i, 4))) : (i, length, text.Slice(i, length).ToArray());
        }

        return (-1, 0, []);
    }

    /// <summary>The bytes that stood in the source for text from a read buffer, undecodable ones included.</summary>
    public byte[] RestoreSourceBytes(ReadOnlySpan<byte> text)
    {
        if (_encoding is null)
        {
            return text.ToArray();
        }

        var result = new ArrayBufferWriter<byte>(text.Length + 16);
        while (!text.IsEmpty)
        {
            var mark = text.IndexOf(Mark);
            var plain = mark < 0 ? text : text[..mark];
            if (!plain.IsEmpty)
            {
                result.Write(_encoding.GetBytes(Encoding.UTF8.GetString(plain)));
            }

            if (mark < 0)
            {
                break;
            }

            text = text[mark..];
            if (IsMarkAt(text, 0))
            {
                result.Write([(byte)((text[2] & 0x03) << 6 | (text[3] & 0x3F))]);
                text = text[4..];
            }
            else
            {
                text = text[1..];
            }
        }

        return result.WrittenSpan.ToArray();
    }

    private static bool IsMarkAt(ReadOnlySpan<byte> text, int index) =>
        text.Length - index >= 4 && text[index] == Mark && text[index + 1] == Mark;
}
