using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.S3;

namespace RedshiftLocal.Unload.Files;

/// <summary>The bytes of one object on their way to the store: a single PUT, or parts as soon as there are enough of them.</summary>
internal sealed class ObjectUpload(S3Writer store, S3Location place) : Stream
{
    private readonly List<string> _tags = [];
    private byte[] _buffer = new byte[16 << 10];
    private int _length;
    private string? _upload;
    private long _sent;

    /// <summary>All bytes so far, sent or not.</summary>
    public long Total => _sent + _length;

    public bool HasPart => _length >= S3Writer.SmallestPart;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Keeps the bytes; <see cref="SendPartAsync"/> is to be called when <see cref="HasPart"/> says so.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_length + buffer.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + buffer.Length));
        }

        buffer.CopyTo(_buffer.AsSpan(_length));
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public async Task SendPartAsync(CancellationToken ct)
    {
        _upload ??= await store.BeginAsync(place, ct);
        _tags.Add(await store.PutPartAsync(place, _upload, _tags.Count + 1, _buffer.AsMemory(0, _length), ct));
        _sent += _length;
        _length = 0;
    }

    public async Task CompleteAsync(CancellationToken ct)
    {
        if (_upload is null)
        {
            await store.PutAsync(place, _buffer.AsMemory(0, _length), ct);
            return;
        }

        if (_length > 0)
        {
            await SendPartAsync(ct);
        }

        await store.CompleteAsync(place, _upload, _tags, ct);
    }

    /// <summary>Drops the parts that were sent.</summary>
    public async Task AbandonAsync(CancellationToken ct)
    {
        if (_upload is not null)
        {
            await store.AbortAsync(place, _upload, ct);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
