namespace RedshiftLocal.Copy.Bzip2;

/// <summary>Takes bits from the front of bytes, highest first.</summary>
internal sealed class BitReader(ReadOnlyMemory<byte> data, int position)
{
    /// <summary>In bits.</summary>
    public int Position { get; private set; } = position;

    public bool AtEnd => Position >= data.Length * 8;

    /// <summary>Up to 24 bits.</summary>
    public uint Take(int count)
    {
        if (Position + count > data.Length * 8)
        {
            throw new InvalidDataException("The bzip2 data ends too early");
        }

        var bytes = data.Span;
        var index = Position >> 3;
        uint window = 0;
        for (var i = 0; i < 4; i++)
        {
            window = (window << 8) | (index + i < bytes.Length ? bytes[index + i] : 0u);
        }

        window <<= Position & 7;
        Position += count;
        return count == 0 ? 0 : window >> (32 - count);
    }

    public uint Take32() => (Take(16) << 16) | Take(16);

    public bool TakeBit() => Take(1) != 0;

    public void AlignToByte() => Position = (Position + 7) & ~7;
}
