// hot path
using System.Buffers;
using System.Runtime.CompilerServices;

namespace Sluice.Batches;

/// <summary>A contiguous buffer that rows are encoded into; grows for a long row.</summary>
/// <param name="initialBytes">The first allocation, made when it is first written to.</param>
/// <param name="keptBytes">A buffer that grew larger than this is dropped by <see cref="Reset"/>.</param>
internal sealed class RowBuffer(int initialBytes, int keptBytes) : IBufferWriter<byte>
{
    private byte[] _bytes = [];
    private int _position;

    /// <summary>The end of what was written; setting it back forgets the rest.</summary>
    public int Position
    {
        get => _position;
        set => _position = value;
    }

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _position);

    public ReadOnlyMemory<byte> Slice(int start, int end) => _bytes.AsMemory(start, end - start);

    /// <summary>Room for at least <paramref name="bytes"/> after the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int bytes)
    {
        if (_bytes.Length - _position < bytes)
        {
            Grow(bytes);
        }

        return _bytes.AsSpan(_position);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_position);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => GetSpan(Math.Max(sizeHint, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _position += count;

    /// <summary>Takes bytes out; what follows them moves up.</summary>
    public void Remove(int start, int count)
    {
        _bytes.AsSpan((start + count).._position).CopyTo(_bytes.AsSpan(start));
        _position -= count;
    }

    public void Reset()
    {
        _position = 0;
        if (_bytes.Length > keptBytes)
        {
            _bytes = [];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int bytes)
    {
        var needed = (long)_position + bytes;
        var wanted = _bytes.Length == 0 ? initialBytes : Math.Min(2L * _bytes.Length, Array.MaxLength);
        var larger = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(needed, wanted)));
        _bytes.AsSpan(0, _position).CopyTo(larger);
        _bytes = larger;
    }
}
