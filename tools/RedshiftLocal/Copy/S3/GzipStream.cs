using System.Buffers.Binary;
using System.IO.Compression;

namespace RedshiftLocal.Copy.S3;

/// <summary>
/// Decompresses gzip of one or more members. Unlike the framework's class it refuses a file that ends within a member, whose
/// checksum or length is wrong, or that goes on with something else.
/// </summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc1952</remarks>
internal sealed class GzipStream(Stream stored) : ReadOnlyStream
{
    private const int TrailerBytes = 8;
    private const int ExtraFlag = 4;
    private const int NameFlag = 8;
    private const int CommentFlag = 16;
    private const int HeaderChecksumFlag = 2;

    private readonly GzipSource _source = new(stored);
    private readonly TableCrc _crc = new(TableCrc.Crc32);
    private DeflateStream? _member;
    private ulong _state;
    private long _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (_member is null && !await OpenMemberAsync(cancellationToken))
            {
                return 0;
            }

            // Set by OpenMemberAsync.
            var read = await _member!.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _state = _crc.Update(_state, buffer.Span[..read]);
                _length += read;
                return read;
            }

            await CloseMemberAsync(cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads a member's header; false at the end of the file.</summary>
    private async Task<bool> OpenMemberAsync(CancellationToken ct)
    {
        var first = await _source.ByteAsync(ct);
        if (first < 0)
        {
            return false;
        }

        if (first != 0x1F || await _source.ByteAsync(ct) != 0x8B || await _source.ByteAsync(ct) != 8)
        {
            throw new InvalidDataException("The file is not in gzip format");
        }

        var flags = await _source.ByteAsync(ct);
        for (var i = 0; i < 6; i++)
        {
            await _source.ByteAsync(ct);
        }

        if ((flags & ExtraFlag) != 0)
        {
            var length = await _source.ByteAsync(ct) + (await _source.ByteAsync(ct) << 8);
            for (var i = 0; i < length; i++)
            {
                await _source.ByteAsync(ct);
            }
        }

        for (var texts = ((flags & NameFlag) != 0 ? 1 : 0) + ((flags & CommentFlag) != 0 ? 1 : 0); texts > 0; texts--)
        {
            while (await _source.ByteAsync(ct) > 0)
            {
            }
        }

        if ((flags & HeaderChecksumFlag) != 0)
        {
            await _source.ByteAsync(ct);
            await _source.ByteAsync(ct);
        }

        _source.BeginMember();
        _member = new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);
        _state = Crc.Begin;
        _length = 0;
        return true;
    }

    /// <summary>
    /// The inflater does not say how much of its last piece of input it used. The trailer is known beforehand, eight bytes of it, so
    /// it is looked for; where it is not found the member is not whole.
    /// </summary>
    private async Task CloseMemberAsync(CancellationToken ct)
    {
        if (_member is not null)
        {
            await _member.DisposeAsync();
            _member = null;
        }

        var trailer = new byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, ~(uint)_state);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), (uint)_length);
        if (!await _source.SkipBehindAsync(trailer, ct))
        {
            throw new InvalidDataException("The gzip file is damaged or ends too early");
        }
    }
}
