namespace Sluice.Targets.Redshift;

/// <summary>Takes what the compressor writes into a buffer that can be handed over to an upload.</summary>
internal sealed class StagingSink(StagingUploads uploads) : Stream
{
    private byte[]? _buffer;
    private int _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Gives the buffer away: the caller returns it to the pool.</summary>
    public ArraySegment<byte> Detach()
    {
        var content = new ArraySegment<byte>(_buffer ?? [], 0, _length);
        _buffer = null;
        _length = 0;
        return content;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _buffer ??= uploads.Rent();
        if (_buffer.Length - _length < buffer.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_buffer.Length * 2, _length + buffer.Length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            uploads.Return(_buffer);
            _buffer = larger;
        }

        buffer.CopyTo(_buffer.AsSpan(_length));
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (_buffer is not null)
        {
            uploads.Return(_buffer);
            _buffer = null;
            _length = 0;
        }

        base.Dispose(disposing);
    }
}
