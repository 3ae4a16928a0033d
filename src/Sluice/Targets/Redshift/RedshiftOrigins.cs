using System.IO.Compression;
using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Where the rows of a staged file came from, compressed in a temporary file: memory stays the same however many there are. Read only
/// when a row was refused. Dispose removes it.
/// </summary>
internal sealed class RedshiftOrigins : IDisposable
{
    private const int BufferBytes = 32 << 10;

    private readonly string _path;
    private BufferedStream? _writer;
    private RowOrigin _last;

    /// <exception cref="IOException">There is no room for temporary files.</exception>
    public RedshiftOrigins(string folder)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _path = Path.Combine(folder, $"sluice-{Guid.NewGuid():N}.origins");
        _writer = new BufferedStream(new DeflateStream(new FileStream(_path, options), CompressionLevel.Fastest), BufferBytes);
    }

    public void Add(in RowOrigin origin)
    {
        Write(origin.Input - _last.Input);
        Write(origin.Line - _last.Line);
        Write(origin.ByteOffset - _last.ByteOffset);
        _last = origin;
    }

    /// <summary>Nothing is added any more: neither memory nor a handle is held.</summary>
    public void Complete()
    {
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>The origins of the given rows, which are 0-based and ascending.</summary>
    public List<RowOrigin> Find(IReadOnlyList<long> rows)
    {
        Complete();
        using var reader = new BufferedStream(new DeflateStream(File.OpenRead(_path), CompressionMode.Decompress), BufferBytes);
        var found = new List<RowOrigin>(rows.Count);
        var origin = default(RowOrigin);
        for (var row = 0L; found.Count < rows.Count; row++)
        {
            origin = new RowOrigin(origin.Input + (int)Read(reader), origin.Line + Read(reader), origin.ByteOffset + Read(reader));
            if (row == rows[found.Count])
            {
                found.Add(origin);
            }
        }

        return found;
    }

    public void Dispose()
    {
        Complete();
        File.Delete(_path);
    }

    // Seven bits a byte, the lowest first; small numbers of either sign stay short.
    private void Write(long distance)
    {
        var number = (ulong)((distance << 1) ^ (distance >> 63));
        while (number >= 0x80)
        {
            _writer!.WriteByte((byte)(number | 0x80)); // open until the origins are read
            number >>= 7;
        }

        _writer!.WriteByte((byte)number);
    }

    private static long Read(BufferedStream reader)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = reader.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException("The origins end before the rows do.");
            }

            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(number >> 1) ^ -(long)(number & 1);
            }
        }
    }
}
