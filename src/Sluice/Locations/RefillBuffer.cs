// hot path
using System.Buffers;
using System.Diagnostics;

namespace Sluice.Locations;

/// <summary>
/// A contiguous window over a stream. The reader moves <see cref="Start"/> forward; a refill keeps what lies between it and
/// <see cref="End"/> and grows only when that fills the buffer. Bytes are checked against the charset as they arrive, in whole chunks.
/// </summary>
internal sealed class RefillBuffer : IDisposable
{
    private const int PooledBytes = 1 << 20;

    private readonly Stream _stream;
    private readonly SourceCharset _charset;
    private readonly int _initialSize;
    private readonly long _maxLength;
    private byte[] _bytes;
    private int _checkedTo;
    private int _suspectEnd;

    /// <summary>A window that begins at <paramref name="firstOffset"/> of the input and grows little beyond <paramref name="maxLength"/> bytes.</summary>
    public RefillBuffer(Stream stream, SourceCharset charset, long firstOffset, long maxLength, int initialSize = BufferSizes.Read)
    {
        _stream = stream;
        _charset = charset;
        _initialSize = initialSize;
        _maxLength = maxLength + initialSize;
        _bytes = Rent(initialSize);
        Offset = firstOffset;
    }

    /// <summary>The array that holds the window. Changes with a refill.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Index of the first byte still needed.</summary>
    public int Start { get; set; }

    /// <summary>Index after the last byte read.</summary>
    public int End { get; private set; }

    /// <summary>True when the stream has ended: nothing follows <see cref="End"/>.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Offset in the input of <c>Bytes[0]</c>.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes kept.</summary>
    public int Length => End - Start;

    /// <summary>Whether bytes from <paramref name="index"/> on may break the charset's rules: the record has to be checked itself.</summary>
    public bool IsSuspect(int index) => index < _suspectEnd;

    /// <summary>
    /// Reads on: at least as many bytes as are kept (so that parsing a long record again from its start stays linear) or to the end.
    /// </summary>
    public async ValueTask FillAsync(CancellationToken ct)
    {
        var kept = Length;
        MakeRoom(kept);
        Debug.Assert(End < _bytes.Length, "what is kept has not reached the maximum");
        var wanted = Math.Max(kept, 1);
        var got = 0;
        while (got < wanted && End < _bytes.Length && !IsFinal)
        {
            var read = await _stream.ReadAsync(_bytes.AsMemory(End), ct).ConfigureAwait(false);
            IsFinal = read == 0;
            End += read;
            got += read;
        }

        Check();
    }

    /// <summary>Reads until this many bytes are kept, or to the end.</summary>
    public async ValueTask EnsureAsync(int length, CancellationToken ct)
    {
        while (Length < length && !IsFinal)
        {
            await FillAsync(ct).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            Return(_bytes);
            _bytes = [];
            Start = End = 0;
        }
    }

    // Large arrays are left to the collector: the pool would round them up to twice their size and keep them.
    private static byte[] Rent(int length) =>
        length <= PooledBytes ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    private static void Return(byte[] bytes)
    {
        if (bytes.Length <= PooledBytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void MakeRoom(int kept)
    {
        Debug.Assert(_bytes.Length > 0, "a disposed buffer is not read");
        if (kept == _bytes.Length)
        {
            Move(Rent((int)Math.Min(Array.MaxLength, Math.Max(kept + 1L, Math.Min(kept * 2L, _maxLength)))), kept);
        }
        else if (_bytes.Length > _initialSize * 8L && kept < _initialSize)
        {
            Move(Rent(_initialSize), kept);
        }
        else if (Start > 0)
        {
            Move(_bytes, kept);
        }
    }

    private void Move(byte[] target, int kept)
    {
        Buffer.BlockCopy(_bytes, Start, target, 0, kept);
        if (!ReferenceEquals(target, _bytes))
        {
            Return(_bytes);
            _bytes = target;
        }

        Offset += Start;
        _checkedTo = Math.Max(0, _checkedTo - Start);
        _suspectEnd = Math.Max(0, _suspectEnd - Start);
        Start = 0;
        End = kept;
    }

    private void Check()
    {
        var fresh = _bytes.AsSpan(_checkedTo, End - _checkedTo);
        if (!IsFinal)
        {
            fresh = fresh[..^_charset.IncompleteTail(fresh)];
        }

        _checkedTo += fresh.Length;
        if (!_charset.IsValid(fresh))
        {
            _suspectEnd = _checkedTo;
        }
    }
}
