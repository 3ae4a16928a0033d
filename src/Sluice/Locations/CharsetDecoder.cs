using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>Turns an input of any encoding into a stream of UTF-8, in fixed memory. UTF-8 and us-ascii pass through untouched.</summary>
public static class CharsetDecoder
{
    /// <summary>
    /// Looks at the first bytes and starts decoding. Without <paramref name="encodingName"/> the input is UTF-8, unless a byte order
    /// mark says UTF-16 or UTF-32. A byte order mark is not part of the data. <paramref name="bytesRead"/> is called with the number of
    /// source bytes after each read.
    /// </summary>
    /// <exception cref="SourceException">There is no such encoding.</exception>
    public static async Task<DecodedInput> OpenAsync(OpenedInput input, string? encodingName, Action<long>? bytesRead, CancellationToken ct)
    {
        var head = new byte[4];
        var length = await input.Stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        bytesRead?.Invoke(length);
        var bytes = head.AsMemory(0, length);
        var (encoding, mark) = Choose(encodingName, bytes.Span);
        var rest = new PrefixedStream(bytes[mark..], input.Stream, bytesRead);
        if (encoding is UTF8Encoding)
        {
            return new DecodedInput(rest, SourceCharset.Utf8, input.FirstOffset + mark, input.FirstLine);
        }

        if (encoding is ASCIIEncoding)
        {
            return new DecodedInput(rest, SourceCharset.Ascii, input.FirstOffset + mark, input.FirstLine);
        }

        return new DecodedInput(new TranscodingStream(rest, encoding), SourceCharset.Transcoded(encoding), -1, input.FirstLine);
    }

    private static (Encoding Encoding, int MarkLength) Choose(string? name, ReadOnlySpan<byte> head)
    {
        var encoding = name is null ? FromMark(head) : Find(name);
        if (name is not null && encoding is UnicodeEncoding or UTF32Encoding && IsByteOrderOpen(name))
        {
            var marked = FromMark(head);
            encoding = marked.GetType() == encoding.GetType() ? marked : encoding;
        }

        var preamble = encoding is UTF8Encoding ? [0xEF, 0xBB, 0xBF] : encoding.GetPreamble();
        return (encoding, preamble.Length > 0 && head.StartsWith(preamble) ? preamble.Length : 0);
    }

    private static bool IsByteOrderOpen(string name) =>
        name.Equals("utf-16", StringComparison.OrdinalIgnoreCase) || name.Equals("unicode", StringComparison.OrdinalIgnoreCase)
        || name.Equals("ucs-2", StringComparison.OrdinalIgnoreCase) || name.Equals("utf-32", StringComparison.OrdinalIgnoreCase);

    private static Encoding FromMark(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0, ..] => new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        [0, 0, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
        _ => new UTF8Encoding(),
    };

    private static Encoding Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw new SourceException($"The encoding '{Printable.Escape(name)}' is unknown", "Use --list-encodings to see the names", failure);
        }
    }
}
