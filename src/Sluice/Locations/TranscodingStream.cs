using System.Text;

namespace Sluice.Locations;

/// <summary>
/// Decodes a stream into UTF-8. A byte that cannot be decoded becomes four bytes that are never valid UTF-8 (FF FF and two that hold
/// the byte), so that the record it is in fails its check instead of being changed in silence.
/// </summary>
internal sealed class TranscodingStream : ForwardStream
{
    private readonly Stream _source;
    private readonly InvalidByteFallback _fallback;
    private readonly Decoder _decoder;
    private readonly byte[] _input = new byte[BufferSizes.Transcode];
    private readonly char[] _chars;
    private readonly byte[] _output;
    private int _start;
    private int _end;
    private bool _isFirst = true;
    private bool _isFinal;

    public TranscodingStream(Stream source, Encoding encoding)
    {
        _source = source;
        var copy = (Encoding)encoding.Clone();
        _fallback = new InvalidByteFallback(splitsAscii: encoding is not (UnicodeEncoding or UTF32Encoding));
        copy.DecoderFallback = _fallback;
        _decoder = copy.GetDecoder();
        _chars = new char[copy.GetMaxCharCount(BufferSizes.Transcode) + 64];
        _output = new byte[_chars.Length * 3];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end && !_isFinal)
        {
            var read = await _source.ReadAsync(_input, cancellationToken).ConfigureAwait(false);
            _isFinal = read == 0;
            Decode(read);
        }

        var length = Math.Min(buffer.Length, _end - _start);
        _output.AsMemory(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Decode(int length)
    {
        _fallback.Count = 0;
        var chars = _decoder.GetChars(_input.AsSpan(0, length), _chars, flush: _isFinal);
        _start = 0;
        _end = Encoding.UTF8.GetBytes(_chars.AsSpan(0, chars), _output);
        if (_fallback.Count > 0)
        {
            Spoil(_output.AsSpan(0, _end));
        }

        if (_isFirst && _end > 0)
        {
            _isFirst = false;
            _start = _output.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        }
    }

    // U+10FF00 + b is F4 8F (BC | b >> 6) (80 | b & 3F) in UTF-8: the same four bytes are made invalid in place.
    private static void Spoil(Span<byte> utf8)
    {
        while (true)
        {
            var at = utf8.IndexOf((ReadOnlySpan<byte>)[0xF4, 0x8F]);
            if (at < 0)
            {
                return;
            }

            if (utf8[at + 2] >= 0xBC)
            {
                utf8[at] = SourceCharset.Mark;
                utf8[at + 1] = SourceCharset.Mark;
            }

            utf8 = utf8[(at + 4)..];
        }
    }
}
