// hot path
using System.Buffers;
using System.Buffers.Binary;

namespace RedshiftLocal.Copy.Values;

/// <summary>Rows in PostgreSQL's binary COPY form. A row that turns out bad is taken back.</summary>
/// <remarks>https://www.postgresql.org/docs/current/sql-copy.html, Binary Format</remarks>
internal sealed class RowBuffer : IDisposable
{
    private byte[] _bytes;
    private int _rowStart;

    public RowBuffer(int capacity)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    }

    /// <summary>What stands before the first row.</summary>
    public static ReadOnlyMemory<byte> Header { get; } =
        new byte[] { 0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    /// <summary>What stands behind the last row.</summary>
    public static ReadOnlyMemory<byte> Trailer { get; } = new byte[] { 0xFF, 0xFF };

    public int Length { get; private set; }

    public int Rows { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void BeginRow(int columns)
    {
        _rowStart = Length;
        BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)columns);
        Rows++;
    }

    public void UndoRow()
    {
        Length = _rowStart;
        Rows--;
    }

    public void Clear()
    {
        Length = 0;
        Rows = 0;
    }

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);

    public void Int16(short value)
    {
        var target = Take(6);
        BinaryPrimitives.WriteInt32BigEndian(target, 2);
        BinaryPrimitives.WriteInt16BigEndian(target[4..], value);
    }

    public void Int32(int value)
    {
        var target = Take(8);
        BinaryPrimitives.WriteInt32BigEndian(target, 4);
        BinaryPrimitives.WriteInt32BigEndian(target[4..], value);
    }

    public void Int64(long value)
    {
        var target = Take(12);
        BinaryPrimitives.WriteInt32BigEndian(target, 8);
        BinaryPrimitives.WriteInt64BigEndian(target[4..], value);
    }

    public void Boolean(bool value)
    {
        var target = Take(5);
        BinaryPrimitives.WriteInt32BigEndian(target, 1);
        target[4] = value ? (byte)1 : (byte)0;
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Value(value.Length));

    /// <summary>Room for a value of this many bytes, its length written.</summary>
    public Span<byte> Value(int length)
    {
        var target = Take(length + 4);
        BinaryPrimitives.WriteInt32BigEndian(target, length);
        return target[4..];
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + count));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
