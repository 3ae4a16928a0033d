using SharpCompress.Compressors.Xz;

namespace Sluice.Locations;

/// <summary>Unpacks xz of any number of streams, one after the other; the library reads one. Between them may stand zeros, four at a time.</summary>
internal sealed class XzUnpacker(PackedInput input) : ForwardStream
{
    private const int PaddingBytes = 4;

    private XZStream? _stream;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            _stream ??= new XZStream(input);
            var read = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                return read;
            }

            while (await input.EnsureAsync(PaddingBytes, cancellationToken).ConfigureAwait(false) && !input.Ahead[..PaddingBytes].ContainsAnyExcept((byte)0))
            {
                input.Skip(PaddingBytes);
            }

            if (!await input.EnsureAsync(1, cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            _stream = null;
        }
    }
}
