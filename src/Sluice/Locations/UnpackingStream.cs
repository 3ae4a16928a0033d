using K4os.Compression.LZ4.Streams;
using Sluice.Diagnostics;
using ZstdSharp;

namespace Sluice.Locations;

/// <summary>The content of a packed file, as it is read. A file that is damaged or cut off ends in an error, never early.</summary>
internal sealed class UnpackingStream : ForwardStream
{
    private readonly Stream _content;
    private readonly PackedInput _packed;
    private readonly string _label;
    private long _read;

    private UnpackingStream(Stream content, PackedInput packed, string label)
    {
        _content = content;
        _packed = packed;
        _label = label;
    }

    /// <summary>
    /// Looks at the first bytes of an opened file and unpacks it on the way where they say that it is packed. Closes the file when that fails.
    /// </summary>
    /// <param name="opened">At its beginning.</param>
    /// <param name="name">The file's name, which may promise that it is packed.</param>
    /// <param name="label">What a user knows it by, ready to be shown.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">It is an archive, or not what its name promises.</exception>
    public static async Task<OpenedInput> OpenAsync(OpenedInput opened, string name, string label, CancellationToken ct)
    {
        try
        {
            var head = new byte[Packings.HeadBytes];
            var length = await ReadHeadAsync(opened.Stream, head, ct).ConfigureAwait(false);
            var begin = head.AsMemory(0, length);
            var packing = Packings.Of(begin.Span);
            if (packing == Packing.None)
            {
                Check(begin.Span, name, label);
                return opened with { Stream = new PrefixedStream(begin, opened.Stream, null) };
            }

            var packed = new PackedInput(begin, opened.Stream);
            var content = Content(packing, packed, label);
            return opened with { Stream = new UnpackingStream(content, packed, label), Bytes = null };
        }
        catch
        {
            await opened.Stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _read += read;
            return read;
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw Damaged(_label, _read, failure);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync().ConfigureAwait(false);
        await _packed.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    // No more than is needed to know: text may end, break off or pause at any byte.
    private static async ValueTask<int> ReadHeadAsync(Stream stream, byte[] head, CancellationToken ct)
    {
        var length = 0;
        int read;
        do
        {
            read = await stream.ReadAsync(head.AsMemory(length), ct).ConfigureAwait(false);
            length += read;
        }
        while (read > 0 && length < head.Length && Packings.MayBecome(head.AsSpan(0, length)));
        return length;
    }

    private static Stream Content(Packing packing, PackedInput packed, string label)
    {
        try
        {
            return packing switch
            {
                Packing.Gzip => new GzipUnpacker(packed),
                Packing.Bzip2 => new Bzip2Unpacker(packed),
                Packing.Xz => new XzUnpacker(packed),
                Packing.Zstd => new DecompressionStream(packed, leaveOpen: true),
                _ => LZ4Stream.Decode(packed, leaveOpen: true),
            };
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw Damaged(label, 0, failure);
        }
    }

    // Unpackers say what is wrong with the bytes in exceptions of many kinds; what is not about the bytes passes.
    private static bool IsDamage(Exception failure) =>
        failure is not (OperationCanceledException or SluiceException or OutOfMemoryException or ObjectDisposedException) && (failure is not IOException || failure is EndOfStreamException);

    private static SourceException Damaged(string label, long read, Exception failure) => new(
        FormattableString.Invariant($"{label} is damaged or cut off: it cannot be unpacked beyond byte {read} of its content: {Printable.Escape(failure.Message)}"),
        "Copy it again from where it came from; what precedes that place was read", failure);

    private static void Check(ReadOnlySpan<byte> head, string name, string label)
    {
        if (head.StartsWith("PK\u0003\u0004"u8))
        {
            throw new SourceException($"{label} is a ZIP archive: its content is not text that can be loaded", "Unpack it first, or load it from stdin: unzip -p file.zip | sluice …");
        }

        if (Packings.OfName(name) is var promised and not Packing.None)
        {
            throw new SourceException($"{label} is not packed as its name says: it does not begin as {promised.ToString().ToLowerInvariant()} does",
                head.IsEmpty ? "It is empty; copy it again from where it came from" : "Give it the name that fits its content, or copy it again from where it came from");
        }
    }
}
