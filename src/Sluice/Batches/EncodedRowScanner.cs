// hot path
using System.Buffers.Binary;

namespace Sluice.Batches;

/// <summary>Finds the ends of rows in a stream of COPY text or of COPY binary tuples, in pieces of any size.</summary>
internal struct EncodedRowScanner(RowEncoding encoding)
{
    private readonly bool _isBinary = encoding == RowEncoding.CopyBinary;

    /// <summary>Binary: fields of the row whose length has not been read; -1 before the row's field count.</summary>
    private int _fieldsLeft = -1;

    /// <summary>Where the next length or the next byte to look at stands; beyond the bytes when a value is not all there.</summary>
    private long _next;

    /// <summary>The trailer of a binary stream was read: no row follows.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The 0-based offset after the row at hand, or -1 when there is more to it than <paramref name="bytes"/>, which begin where they began before.</summary>
    public int FindEnd(ReadOnlySpan<byte> bytes) => _isBinary ? FindBinaryEnd(bytes) : FindTextEnd(bytes);

    /// <summary>That many bytes in front are gone.</summary>
    public void Forget(int bytes) => _next -= bytes;

    /// <summary>Bytes in front that are not needed to find the end of the row.</summary>
    public readonly int Needless(int available) => (int)Math.Min(_next, available);

    private int FindTextEnd(ReadOnlySpan<byte> bytes)
    {
        var start = (int)_next;
        var end = bytes[start..].IndexOf((byte)'\n');
        _next = end < 0 ? bytes.Length : start + end + 1;
        return end < 0 ? -1 : (int)_next;
    }

    private int FindBinaryEnd(ReadOnlySpan<byte> bytes)
    {
        if (_fieldsLeft < 0)
        {
            if (_next + sizeof(short) > bytes.Length)
            {
                return -1;
            }

            _fieldsLeft = BinaryPrimitives.ReadInt16BigEndian(bytes[(int)_next..]);
            if (_fieldsLeft < 0)
            {
                IsAtEnd = true;
                return -1;
            }

            _next += sizeof(short);
        }

        while (_fieldsLeft > 0)
        {
            if (_next + sizeof(int) > bytes.Length)
            {
                return -1;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[(int)_next..]);
            _next += sizeof(int) + Math.Max(length, 0);
            _fieldsLeft--;
        }

        if (_next > bytes.Length)
        {
            return -1;
        }

        _fieldsLeft = -1;
        return (int)_next;
    }
}
