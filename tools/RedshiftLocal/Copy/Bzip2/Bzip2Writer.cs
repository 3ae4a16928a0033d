namespace RedshiftLocal.Copy.Bzip2;

/// <summary>Packs what is written as one bzip2 file, in blocks of 100,000 bytes. Closing it does not close the target.</summary>
internal sealed class Bzip2Writer : Stream
{
    private const int BlockBytes = 100_000 - 19;
    private const int GroupSize = 50;

    private readonly BitWriter _bits;
    private readonly byte[] _block = new byte[BlockBytes + 8];
    private readonly bool[] _used = new bool[256];
    private readonly RotationSort _sort = new(BlockBytes + 8);
    private int _length;
    private int _run;
    private byte _last;
    private uint _blockCrc = Bzip2Crc.Start;
    private uint _fileCrc;
    private bool _closed;

    public Bzip2Writer(Stream target)
    {
        _bits = new BitWriter(target);
        _bits.Put(24, 0x425A68);
        _bits.Put(8, '1');
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var value in buffer)
        {
            if (_run > 0 && (value != _last || _run == 255))
            {
                EndRun();
            }

            _last = value;
            _run++;
            _blockCrc = Bzip2Crc.Append(_blockCrc, value);
            if (_length + 6 > BlockBytes)
            {
                EndBlock();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>A block is written when it is full, and at the end.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            EndBlock();
            _bits.Put(24, 0x177245);
            _bits.Put(24, 0x385090);
            _bits.Put32(_fileCrc);
            _bits.Finish();
        }

        base.Dispose(disposing);
    }

    /// <summary>Four and more equal bytes are four, and a byte with the number of the others.</summary>
    private void EndRun()
    {
        var shown = Math.Min(_run, 4);
        _block.AsSpan(_length, shown).Fill(_last);
        _length += shown;
        _used[_last] = true;
        if (_run >= 4)
        {
            _block[_length++] = (byte)(_run - 4);
            _used[_run - 4] = true;
        }

        _run = 0;
    }

    private void EndBlock()
    {
        if (_run > 0)
        {
            EndRun();
        }

        if (_length == 0)
        {
            return;
        }

        var crc = ~_blockCrc;
        _fileCrc = Bzip2Crc.Combine(_fileCrc, crc);
        _bits.Put(24, 0x314159);
        _bits.Put(24, 0x265359);
        _bits.Put32(crc);
        _bits.Put(1, 0);
        var order = _sort.Sort(_block.AsSpan(0, _length));
        _bits.Put(24, (uint)order.IndexOf(0));
        var bytes = PutUsedBytes();
        PutSymbols(Symbols(order, bytes), bytes.Count + 2);
        _length = 0;
        _blockCrc = Bzip2Crc.Start;
        Array.Clear(_used);
    }

    private List<byte> PutUsedBytes()
    {
        var bytes = new List<byte>();
        uint ranges = 0;
        for (var i = 0; i < 256; i++)
        {
            if (_used[i])
            {
                bytes.Add((byte)i);
                ranges |= 0x8000u >> (i / 16);
            }
        }

        _bits.Put(16, ranges);
        for (var range = 0; range < 16; range++)
        {
            uint members = 0;
            for (var i = 0; i < 16; i++)
            {
                members |= _used[(range * 16) + i] ? 0x8000u >> i : 0;
            }

            if (members != 0)
            {
                _bits.Put(16, members);
            }
        }

        return bytes;
    }

    /// <summary>Move to front, runs of the first place as binary numbers of the digits 1 and 2, and the end mark.</summary>
    private List<short> Symbols(ReadOnlySpan<int> order, List<byte> used)
    {
        var front = new List<byte>(used);
        var symbols = new List<short>(_length / 2);
        var zeros = 0;
        foreach (var rotation in order)
        {
            var value = _block[rotation == 0 ? _length - 1 : rotation - 1];
            var place = front.IndexOf(value);
            if (place == 0)
            {
                zeros++;
                continue;
            }

            AddZeros(symbols, zeros);
            zeros = 0;
            symbols.Add((short)(place + 1));
            front.RemoveAt(place);
            front.Insert(0, value);
        }

        AddZeros(symbols, zeros);
        symbols.Add((short)(used.Count + 1));
        return symbols;
    }

    private static void AddZeros(List<short> symbols, int zeros)
    {
        while (zeros > 0)
        {
            symbols.Add((short)((zeros & 1) == 1 ? 0 : 1));
            zeros = (zeros - 1) >> 1;
        }
    }

    /// <summary>The format wants two tables at least; both are the same one.</summary>
    private void PutSymbols(List<short> symbols, int alphabet)
    {
        var lengths = CodeLengths.Of(symbols, alphabet);
        _bits.Put(3, 2);
        var groups = (symbols.Count + GroupSize - 1) / GroupSize;
        _bits.Put(15, (uint)groups);
        for (var i = 0; i < groups; i++)
        {
            _bits.Put(1, 0);
        }

        PutLengths(lengths);
        PutLengths(lengths);
        var codes = CodeLengths.Codes(lengths);
        foreach (var symbol in symbols)
        {
            _bits.Put(lengths[symbol], codes[symbol]);
        }
    }

    private void PutLengths(byte[] lengths)
    {
        var current = lengths[0];
        _bits.Put(5, current);
        foreach (var length in lengths)
        {
            for (; current < length; current++)
            {
                _bits.Put(2, 2);
            }

            for (; current > length; current--)
            {
                _bits.Put(2, 3);
            }

            _bits.Put(1, 0);
        }
    }
}
