namespace Sluice.Locations.S3;

/// <summary>Takes what the compressor writes into blocks that can be handed over to an upload.</summary>
internal sealed class StagingSink(StagingUploads uploads) : Stream
{
    private List<byte[]> _blocks = [];
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

    /// <summary>Gives the blocks away: the caller returns them to the pool.</summary>
    public StagingPiece Detach()
    {
        var piece = new StagingPiece(_blocks, _length);
        _blocks = [];
        _length = 0;
        return piece;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var offset = _length % StagingUploads.BlockBytes;
            if (offset == 0)
            {
                _blocks.Add(uploads.Rent());
            }

            var length = Math.Min(buffer.Length, StagingUploads.BlockBytes - offset);
            buffer[..length].CopyTo(_blocks[^1].AsSpan(offset));
            _length += length;
            buffer = buffer[length..];
        }
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
        uploads.Return(Detach());
        base.Dispose(disposing);
    }
}

/// <summary>Blocks of a file that are uploaded together.</summary>
internal sealed record StagingPiece(List<byte[]> Blocks, int Bytes)
{
    public StagingContent Open() => new([.. Blocks.Select((block, i) => (ReadOnlyMemory<byte>)block.AsMemory(0, Math.Min(block.Length, Bytes - (i * StagingUploads.BlockBytes))))]);
}
