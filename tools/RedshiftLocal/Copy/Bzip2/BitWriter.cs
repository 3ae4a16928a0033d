namespace RedshiftLocal.Copy.Bzip2;

/// <summary>Writes bits, highest first.</summary>
internal sealed class BitWriter(Stream target)
{
    private readonly byte[] _buffer = new byte[4096];
    private int _length;
    private ulong _bits;
    private int _count;

    /// <summary>Up to 24 bits.</summary>
    public void Put(int count, uint value)
    {
        _bits = (_bits << count) | value;
        _count += count;
        while (_count >= 8)
        {
            _count -= 8;
            PutByte((byte)(_bits >> _count));
        }
    }

    public void Put32(uint value)
    {
        Put(16, value >> 16);
        Put(16, value & 0xFFFF);
    }

    /// <summary>Fills the last byte and hands all on.</summary>
    public void Finish()
    {
        if (_count > 0)
        {
            Put(8 - _count, 0);
        }

        target.Write(_buffer, 0, _length);
        _length = 0;
    }

    private void PutByte(byte value)
    {
        _buffer[_length++] = value;
        if (_length == _buffer.Length)
        {
            target.Write(_buffer);
            _length = 0;
        }
    }
}
