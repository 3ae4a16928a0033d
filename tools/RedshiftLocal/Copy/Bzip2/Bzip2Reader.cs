using RedshiftLocal.Copy.S3;

namespace RedshiftLocal.Copy.Bzip2;

/// <summary>Unpacks bzip2, several files behind each other included. Memory is that of one block, whatever it unpacks to.</summary>
internal sealed class Bzip2Reader(Stream stored) : ReadOnlyStream
{
    /// <summary>More than the largest block can take: 900,000 symbols of 20 bits, and its tables.</summary>
    private const int Window = 3 << 20;

    private readonly Bzip2Block _block = new();
    private byte[] _buffer = new byte[256 << 10];
    private int _end;
    private int _bit;
    private bool _atEnd;
    private bool _inFile;
    private bool _inBlock;
    private bool _finished;
    private uint _fileCrc;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_inBlock)
            {
                var count = _block.Read(buffer.Span);
                if (count > 0)
                {
                    return count;
                }

                _inBlock = false;
                _fileCrc = Bzip2Crc.Combine(_fileCrc, _block.CheckedCrc());
            }

            if (_finished || !await AdvanceAsync(cancellationToken))
            {
                return 0;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stored.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads a header, a block or a file's end; false at the end of all.</summary>
    private async Task<bool> AdvanceAsync(CancellationToken ct)
    {
        await FillAsync(ct);
        var bits = new BitReader(_buffer.AsMemory(0, _end), _bit);
        if (!_inFile)
        {
            if (bits.AtEnd)
            {
                _finished = true;
                return false;
            }

            if (bits.Take(24) != 0x425A68 || bits.Take(8) is < '1' or > '9')
            {
                throw new InvalidDataException("This is no bzip2 data");
            }

            _inFile = true;
            _fileCrc = 0;
        }
        else
        {
            var magic = ((ulong)bits.Take(24) << 24) | bits.Take(24);
            switch (magic)
            {
                case 0x314159265359:
                    _block.Decode(bits);
                    _inBlock = true;
                    break;
                case 0x177245385090:
                    if (bits.Take32() != _fileCrc)
                    {
                        throw new InvalidDataException("The checksum of the bzip2 data is wrong");
                    }

                    bits.AlignToByte();
                    _inFile = false;
                    break;
                default:
                    throw new InvalidDataException("A block of the bzip2 data is damaged");
            }
        }

        _bit = bits.Position;
        return true;
    }

    private async Task FillAsync(CancellationToken ct)
    {
        var first = _bit >> 3;
        _buffer.AsSpan(first, _end - first).CopyTo(_buffer);
        _end -= first;
        _bit &= 7;
        while (!_atEnd && _end < Window)
        {
            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, Window));
            }

            var read = await stored.ReadAsync(_buffer.AsMemory(_end), ct);
            _atEnd = read == 0;
            _end += read;
        }
    }
}
