using System.Text;

namespace Sluice.Locations;

/// <summary>
/// Keeps bytes that a decoder cannot decode: each becomes one character of U+10FF00 to U+10FFFF, which <see cref="TranscodingStream"/>
/// then makes invalid on purpose. A count tells them from the same characters in the data.
/// </summary>
internal sealed class InvalidByteFallback(bool splitsAscii) : DecoderFallback
{
    public override int MaxCharCount => 16;

    /// <summary>Bytes kept since the last reset.</summary>
    public int Count { get; set; }

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Pending(this, splitsAscii);

    private sealed class Pending(InvalidByteFallback owner, bool splitsAscii) : DecoderFallbackBuffer
    {
        private readonly char[] _chars = new char[16];
        private int _length;
        private int _next;

        public override int Remaining => _length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            _length = 0;
            _next = 0;
            foreach (var b in bytesUnknown)
            {
                // A lead byte before a line end must not swallow it: the next record would be lost with this one.
                if (splitsAscii && b < 0x80)
                {
                    _chars[_length++] = (char)b;
                }
                else
                {
                    new Rune(0x10FF00 + b).EncodeToUtf16(_chars.AsSpan(_length));
                    _length += 2;
                    owner.Count++;
                }
            }

            return _length > 0;
        }

        public override char GetNextChar() => _next < _length ? _chars[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0)
            {
                return false;
            }

            _next--;
            return true;
        }

        public override void Reset()
        {
            _length = 0;
            _next = 0;
        }
    }
}
