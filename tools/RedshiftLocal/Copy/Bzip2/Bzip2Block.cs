namespace RedshiftLocal.Copy.Bzip2;

/// <summary>One block of bzip2 data: Huffman codes, move to front and the Burrows-Wheeler transform undone, runs undone as it is read.</summary>
internal sealed class Bzip2Block
{
    private const int LargestBlock = 900_000;
    private const int GroupSize = 50;
    private const int LongestCode = 20;

    private readonly uint[] _links = new uint[LargestBlock];
    private int _count;
    private uint _next;
    private int _left;
    private int _run;
    private int _repeats;
    private byte _last;
    private uint _expectedCrc;
    private uint _crc;

    /// <summary>Reads what follows the block's mark.</summary>
    public void Decode(BitReader bits)
    {
        _expectedCrc = bits.Take32();
        if (bits.TakeBit())
        {
            throw new InvalidDataException("Randomised blocks of bzip2 data are not supported");
        }

        var origin = bits.Take(24);
        var bytes = UsedBytes(bits);
        var tables = Tables(bits, bytes.Length + 2, out var selectors);
        Symbols(bits, tables, selectors, bytes);
        if (origin >= _count)
        {
            throw Damaged();
        }

        Link();
        _next = _links[origin] >> 8;
        _left = _count;
        _run = 0;
        _repeats = 0;
        _crc = Bzip2Crc.Start;
    }

    /// <summary>The next bytes of the block; 0 at its end.</summary>
    public int Read(Span<byte> target)
    {
        var length = 0;
        while (length < target.Length)
        {
            if (_repeats > 0)
            {
                _repeats--;
                target[length++] = _last;
                _crc = Bzip2Crc.Append(_crc, _last);
                continue;
            }

            if (_left == 0)
            {
                break;
            }

            var entry = _links[_next];
            _next = entry >> 8;
            _left--;
            var value = (byte)entry;
            if (_run == 4)
            {
                _repeats = value;
                _run = 0;
                continue;
            }

            _run = _run > 0 && value == _last ? _run + 1 : 1;
            _last = value;
            target[length++] = value;
            _crc = Bzip2Crc.Append(_crc, value);
        }

        return length;
    }

    /// <summary>The checksum of the block that was read to its end, which must be the one it brought.</summary>
    public uint CheckedCrc() => ~_crc == _expectedCrc ? _expectedCrc : throw new InvalidDataException("The checksum of a bzip2 block is wrong");

    private static byte[] UsedBytes(BitReader bits)
    {
        var ranges = bits.Take(16);
        var used = new List<byte>();
        for (var range = 0; range < 16; range++)
        {
            if ((ranges & (0x8000u >> range)) == 0)
            {
                continue;
            }

            var members = bits.Take(16);
            for (var i = 0; i < 16; i++)
            {
                if ((members & (0x8000u >> i)) != 0)
                {
                    used.Add((byte)((range * 16) + i));
                }
            }
        }

        return used.Count > 0 ? [.. used] : throw Damaged();
    }

    private static DecodingTable[] Tables(BitReader bits, int symbols, out byte[] selectors)
    {
        var count = (int)bits.Take(3);
        selectors = new byte[bits.Take(15)];
        if (count is < 2 or > 6 || selectors.Length == 0)
        {
            throw Damaged();
        }

        var order = new List<byte> { 0, 1, 2, 3, 4, 5 };
        for (var i = 0; i < selectors.Length; i++)
        {
            var place = 0;
            while (bits.TakeBit())
            {
                place++;
                if (place >= count)
                {
                    throw Damaged();
                }
            }

            selectors[i] = order[place];
            order.RemoveAt(place);
            order.Insert(0, selectors[i]);
        }

        var tables = new DecodingTable[count];
        var lengths = new byte[symbols];
        for (var table = 0; table < count; table++)
        {
            var length = (int)bits.Take(5);
            for (var symbol = 0; symbol < symbols; symbol++)
            {
                while (bits.TakeBit())
                {
                    length += bits.TakeBit() ? -1 : 1;
                }

                lengths[symbol] = length is >= 1 and <= LongestCode ? (byte)length : throw Damaged();
            }

            tables[table] = new DecodingTable(lengths);
        }

        return tables;
    }

    /// <summary>Decodes all symbols; the bytes of the transformed block are in the low eight bits of the links afterwards.</summary>
    private void Symbols(BitReader bits, DecodingTable[] tables, byte[] selectors, byte[] bytes)
    {
        var end = bytes.Length + 1;
        var group = 0;
        var leftInGroup = 0;
        var table = tables[0];
        long run = 0;
        var weight = 1;
        _count = 0;
        while (true)
        {
            if (leftInGroup == 0)
            {
                table = group < selectors.Length ? tables[selectors[group++]] : throw Damaged();
                leftInGroup = GroupSize;
            }

            leftInGroup--;
            var symbol = table.Take(bits);
            if (symbol <= 1)
            {
                run += (long)weight << symbol;
                weight = run > LargestBlock ? throw Damaged() : weight << 1;
                continue;
            }

            Repeat(bytes[0], run);
            run = 0;
            weight = 1;
            if (symbol == end)
            {
                return;
            }

            var place = symbol - 1;
            var value = bytes[place];
            bytes.AsSpan(0, place).CopyTo(bytes.AsSpan(1));
            bytes[0] = value;
            Repeat(value, 1);
        }
    }

    private void Repeat(byte value, long times)
    {
        if (_count + times > LargestBlock)
        {
            throw Damaged();
        }

        _links.AsSpan(_count, (int)times).Fill(value);
        _count += (int)times;
    }

    /// <summary>Puts into the upper bits of each entry where the next byte is.</summary>
    private void Link()
    {
        Span<int> starts = stackalloc int[257];
        starts.Clear();
        for (var i = 0; i < _count; i++)
        {
            starts[(byte)_links[i] + 1]++;
        }

        for (var i = 1; i < 257; i++)
        {
            starts[i] += starts[i - 1];
        }

        for (var i = 0; i < _count; i++)
        {
            _links[starts[(byte)_links[i]]++] |= (uint)i << 8;
        }
    }

    private static InvalidDataException Damaged() => new("A block of the bzip2 data is damaged");

    /// <summary>A canonical Huffman code.</summary>
    private sealed class DecodingTable
    {
        private readonly int[] _limits = new int[LongestCode + 2];
        private readonly int[] _offsets = new int[LongestCode + 2];
        private readonly short[] _symbols;

        public DecodingTable(ReadOnlySpan<byte> lengths)
        {
            _symbols = new short[lengths.Length];
            var code = 0;
            var count = 0;
            for (var length = 1; length <= LongestCode; length++)
            {
                code <<= 1;
                _offsets[length] = count - code;
                for (var symbol = 0; symbol < lengths.Length; symbol++)
                {
                    if (lengths[symbol] == length)
                    {
                        _symbols[count++] = (short)symbol;
                        code++;
                    }
                }

                _limits[length] = code;
            }
        }

        public int Take(BitReader bits)
        {
            var code = 0;
            for (var length = 1; length <= LongestCode; length++)
            {
                code = (code << 1) | (int)bits.Take(1);
                if (code < _limits[length])
                {
                    var index = code + _offsets[length];
                    return index >= 0 && index < _symbols.Length ? _symbols[index] : throw Damaged();
                }
            }

            throw Damaged();
        }
    }
}
