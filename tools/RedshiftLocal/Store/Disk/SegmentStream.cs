// hot path
using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace RedshiftLocal.Store.Disk;

/// <summary>Reads a range that may span the files of an object; keeps them from being deleted until it is disposed.</summary>
internal sealed class SegmentStream(DataFiles files, ImmutableArray<Segment> segments, long offset, long length) : Stream
{
    private SafeFileHandle? _handle;
    private int _index;
    private long _position = offset;
    private long _left = length;
    private bool _isReleased;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // A read from the page cache is over before a thread could be had.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        while (_position >= segments[_index].Length)
        {
            _position -= segments[_index].Length;
            _index++;
            _handle?.Dispose();
            _handle = null;
        }

        _handle ??= File.OpenHandle(files.Path(segments[_index].File));
        var wanted = (int)Math.Min(Math.Min(buffer.Length, _left), segments[_index].Length - _position);
        var count = RandomAccess.Read(_handle, buffer[..wanted], _position);
        if (count == 0)
        {
            throw new EndOfStreamException($"The data file {segments[_index].File} is shorter than it was");
        }

        _position += count;
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isReleased)
        {
            _isReleased = true;
            _handle?.Dispose();
            files.Release(segments);
        }

        base.Dispose(disposing);
    }
}
