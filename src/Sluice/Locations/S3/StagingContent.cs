namespace Sluice.Locations.S3;

/// <summary>What is uploaded in one request, in blocks. Each reader needs one of its own; the blocks must not change meanwhile.</summary>
internal sealed class StagingContent : Stream
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _blocks;
    private int _block;
    private int _offset;
    private long _position;

    /// <param name="blocks">All but the last are of one size.</param>
    public StagingContent(IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        _blocks = blocks;
        foreach (var block in blocks)
        {
            Length += block.Length;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = Math.Min(value, Length);
            (_block, _offset) = _blocks.Count == 0 ? (0, 0) : ((int)(_position / Math.Max(1, _blocks[0].Length)), (int)(_position % Math.Max(1, _blocks[0].Length)));
        }
    }

    /// <summary>CRC32C as S3 takes it.</summary>
    public string Checksum()
    {
        var checksum = StagingChecksum.Begin;
        foreach (var block in _blocks)
        {
            checksum = StagingChecksum.Append(checksum, block.Span);
        }

        return StagingChecksum.Text(checksum);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && _block < _blocks.Count)
        {
            var block = _blocks[_block].Span[_offset..];
            var length = Math.Min(block.Length, buffer.Length - read);
            block[..length].CopyTo(buffer[read..]);
            read += length;
            _offset += length;
            if (length == block.Length)
            {
                _block++;
                _offset = 0;
            }
        }

        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? Task.FromCanceled<int>(cancellationToken)
        : Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => cancellationToken.IsCancellationRequested
        ? ValueTask.FromCanceled<int>(cancellationToken)
        : ValueTask.FromResult(Read(buffer.Span));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
