// hot path
using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>Turns single texts of an encoding into UTF-8. Not thread-safe.</summary>
internal sealed class TextDecoder
{
    private readonly Encoding _encoding;
    private readonly bool _isAsciiSame;
    private char[] _chars = new char[256];
    private byte[] _bytes = new byte[256];

    private TextDecoder(Encoding encoding)
    {
        _encoding = encoding;
        _isAsciiSame = IsAsciiSame(encoding);
    }

    /// <summary>Null for UTF-8, which needs none.</summary>
    /// <exception cref="SourceException">There is no such encoding.</exception>
    public static TextDecoder? Of(string name)
    {
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return encoding is UTF8Encoding ? null : new TextDecoder(encoding);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw new SourceException($"The encoding '{Printable.Escape(name)}' is unknown", "Use --list-encodings to see the names", failure);
        }
    }

    /// <summary>False: these bytes are no text of the encoding. The result is valid until the next call.</summary>
    public bool TryDecode(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> utf8)
    {
        utf8 = text;
        if (_isAsciiSame && Ascii.IsValid(text))
        {
            return true;
        }

        try
        {
            var count = _encoding.GetCharCount(text);
            Grow(ref _chars, count);
            count = _encoding.GetChars(text, _chars);
            Grow(ref _bytes, Encoding.UTF8.GetMaxByteCount(count));
            utf8 = _bytes.AsSpan(0, Encoding.UTF8.GetBytes(_chars.AsSpan(0, count), _bytes));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2 * buffer.Length)];
        }
    }

    private static bool IsAsciiSame(Encoding encoding)
    {
        Span<byte> bytes = stackalloc byte[128];
        Span<char> chars = stackalloc char[256];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)i;
        }

        try
        {
            if (encoding.GetCharCount(bytes) != bytes.Length)
            {
                return false;
            }

            encoding.GetChars(bytes, chars);
            for (var i = 0; i < bytes.Length; i++)
            {
                if (chars[i] != i)
                {
                    return false;
                }
            }

            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
