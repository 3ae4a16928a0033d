using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;

namespace Sluice.Locations;

/// <summary>Unpacks bzip2 of any number of streams, one after the other; the library takes the beginning of another one for the end.</summary>
internal sealed class Bzip2Unpacker(PackedInput input) : ForwardStream
{
    private BZip2Stream? _stream;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            _stream ??= await BZip2Stream.CreateAsync(input, CompressionMode.Decompress, decompressConcatenated: false, leaveOpen: true, cancellationToken: cancellationToken).ConfigureAwait(false);
            var read = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                return read;
            }

            if (!await input.EnsureAsync(1, cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            if (!await input.EnsureAsync(Packings.HeadBytes, cancellationToken).ConfigureAwait(false) || Packings.Of(input.Ahead) != Packing.Bzip2)
            {
                throw new InvalidDataException("something follows its content that is not bzip2");
            }

            _stream = null;
        }
    }
}
