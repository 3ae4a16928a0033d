using System.Buffers.Binary;
using System.IO.Compression;

namespace Sluice.Locations;

/// <summary>
/// Unpacks gzip of any number of members. The library's stream takes a file that was cut off for a shorter one, so each member is
/// believed only when length and checksum stand behind it. (RFC 1952.)
/// </summary>
internal sealed class GzipUnpacker(PackedInput input) : ForwardStream
{
    private const int HeaderBytes = 10;
    private const int TrailerBytes = 8;

    private readonly byte[] _trailer = new byte[TrailerBytes];
    private DeflateStream? _member;
    private Crc32 _checksum;
    private uint _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_member is null)
            {
                if (!await TryBeginMemberAsync(cancellationToken).ConfigureAwait(false))
                {
                    return 0;
                }
            }

            var read = await _member!.ReadAsync(buffer, cancellationToken).ConfigureAwait(false); // it was begun
            if (read > 0)
            {
                _checksum.Add(buffer.Span[..read]);
                _length += (uint)read;
                return read;
            }

            await EndMemberAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_member is not null)
        {
            await _member.DisposeAsync().ConfigureAwait(false);
        }

        await input.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    // False: the file ends here. What follows the last member is zeros, if anything.
    private async ValueTask<bool> TryBeginMemberAsync(CancellationToken ct)
    {
        while (input.Position > 0 && await input.EnsureAsync(1, ct).ConfigureAwait(false) && input.Ahead[0] == 0)
        {
            input.Skip(1);
        }

        if (!await input.EnsureAsync(1, ct).ConfigureAwait(false) && input.Position > 0)
        {
            return false;
        }

        await SkipHeaderAsync(ct).ConfigureAwait(false);
        _member = new DeflateStream(input, CompressionMode.Decompress, leaveOpen: true);
        _checksum = default;
        _length = 0;
        return true;
    }

    private async ValueTask EndMemberAsync(CancellationToken ct)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_trailer, _checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(_trailer.AsSpan(4), _length);
        await _member!.DisposeAsync().ConfigureAwait(false); // it ends
        _member = null;
        if (!await input.TryGoBehindAsync(_trailer, ct).ConfigureAwait(false))
        {
            throw new InvalidDataException(await input.EnsureAsync(1, ct).ConfigureAwait(false) ? "length or checksum is wrong" : "it ends too early");
        }
    }

    private async ValueTask SkipHeaderAsync(CancellationToken ct)
    {
        await NeedAsync(HeaderBytes, ct).ConfigureAwait(false);
        if (!input.Ahead.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]))
        {
            throw new InvalidDataException("something follows its content that is not gzip");
        }

        var flags = input.Ahead[3];
        input.Skip(HeaderBytes);
        if ((flags & 4) != 0)
        {
            await NeedAsync(sizeof(ushort), ct).ConfigureAwait(false);
            for (var extra = BinaryPrimitives.ReadUInt16LittleEndian(input.Ahead) + sizeof(ushort); extra > 0; extra--)
            {
                await NeedAsync(1, ct).ConfigureAwait(false);
                input.Skip(1);
            }
        }

        for (var texts = (flags >> 3 & 1) + (flags >> 4 & 1); texts > 0;)
        {
            await NeedAsync(1, ct).ConfigureAwait(false);
            texts -= input.Ahead[0] == 0 ? 1 : 0;
            input.Skip(1);
        }

        var checksumBytes = (flags & 2) != 0 ? sizeof(ushort) : 0;
        await NeedAsync(checksumBytes, ct).ConfigureAwait(false);
        input.Skip(checksumBytes);
    }

    private async ValueTask NeedAsync(int bytes, CancellationToken ct)
    {
        if (!await input.EnsureAsync(bytes, ct).ConfigureAwait(false))
        {
            throw new InvalidDataException("it ends too early");
        }
    }
}
