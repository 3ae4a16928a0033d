using System.Buffers.Binary;
using System.IO.Compression;
using Sluice.Diagnostics;

namespace Sluice.Locations;

/// <summary>
/// Unpacks the one file in a .gz or .zip, and believes it only when length and checksum are right: the library's own streams take a
/// file that was cut off for a shorter one. (RFC 1952; APPNOTE.TXT of ZIP.)
/// </summary>
internal static class PackedFile
{
#if DEBUG
    public const long AlwaysAllowed = 1 << 20;
#else
    /// <summary>What any packed file may come to, in bytes.</summary>
    public const long AlwaysAllowed = 256 << 20;
#endif

    private const int BufferBytes = 128 << 10;

    // Deflate can make a thousandfold; a database that is mostly empty pages comes to a hundred.
    private const long MostTimes = 250;

    private const int GzipHeaderBytes = 10;
    private const int GzipTrailerBytes = 8;

    /// <summary>The file where it is a packed one, at its beginning; else null. What cannot be opened is left to whoever reads it.</summary>
    public static FileStream? Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> begin = stackalloc byte[4];
            var read = file.ReadAtLeast(begin, 4, throwOnEndOfStream: false);
            if (begin[..read].StartsWith("PK\u0003\u0004"u8) || (read > 1 && begin[0] == 0x1f && begin[1] == 0x8b))
            {
                file.Position = 0;
                return file;
            }

            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Said in the words of the source.
        }

        return null;
    }

    /// <param name="packed">At its beginning.</param>
    /// <param name="label">For messages.</param>
    /// <param name="output">Takes the content.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">It is damaged, cut off, holds more than one file, or grows beyond measure.</exception>
    public static void Unpack(FileStream packed, string label, Action<ReadOnlySpan<byte>> output, CancellationToken ct)
    {
        var isZip = packed.ReadByte() == 'P';
        packed.Position = 0;
        try
        {
            if (isZip)
            {
                Unzip(packed, label, output, ct);
            }
            else
            {
                Gunzip(packed, label, output, ct);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new SourceException($"{label} is damaged: it cannot be unpacked: {Printable.Escape(e.Message)}", "copy it again from where it came from", e);
        }
    }

    // The library's stream checks what it comes to: that the file ends where its last member ends is left to see. With a single member
    // the last bytes say so at once.
    private static void Gunzip(FileStream packed, string label, Action<ReadOnlySpan<byte>> output, CancellationToken ct)
    {
        long length;
        uint checksum;
        using (var inflated = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true))
        {
            (length, checksum) = Copy(inflated, packed.Length, label, output, ct);
        }

        packed.Position = Math.Max(0, packed.Length - GzipTrailerBytes);
        if (!IsTrailer(packed, length, checksum))
        {
            packed.Position = 0;
            WalkMembers(packed, length, label, ct);
        }
    }

    // A file may be made of several members, one after the other; what follows the last one is zeros, if anything.
    private static void WalkMembers(FileStream packed, long expected, string label, CancellationToken ct)
    {
        var total = 0L;
        do
        {
            SkipHeader(packed);
            using var inflated = new DeflateStream(new OneByteStream(packed), CompressionMode.Decompress);
            var (length, checksum) = Copy(inflated, packed.Length, label, _ => { }, ct);
            if (!IsTrailer(packed, length, checksum))
            {
                throw new InvalidDataException("length or checksum is wrong");
            }

            total += length;
        }
        while (packed.ReadByte() is 0x1f && packed.Position-- > 0);
        if (total != expected)
        {
            throw new InvalidDataException("something follows its content");
        }
    }

    private static bool IsTrailer(FileStream packed, long length, uint checksum)
    {
        Span<byte> trailer = stackalloc byte[GzipTrailerBytes];
        packed.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == checksum && BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == (uint)length;
    }

    private static void SkipHeader(FileStream packed)
    {
        Span<byte> header = stackalloc byte[GzipHeaderBytes];
        packed.ReadExactly(header);
        if (header[0] != 0x1f || header[1] != 0x8b || header[2] != 8)
        {
            throw new InvalidDataException("the header is not one of gzip");
        }

        var flags = header[3];
        if ((flags & 4) != 0)
        {
            Span<byte> extra = stackalloc byte[2];
            packed.ReadExactly(extra);
            packed.Position += BinaryPrimitives.ReadUInt16LittleEndian(extra);
        }

        for (var texts = (flags >> 3 & 1) + (flags >> 4 & 1); texts > 0; texts--)
        {
            int next;
            while ((next = packed.ReadByte()) != 0)
            {
                if (next < 0)
                {
                    throw new EndOfStreamException("the header has no end");
                }
            }
        }

        packed.Position += (flags & 2) != 0 ? 2 : 0;
    }

    private static void Unzip(FileStream packed, string label, Action<ReadOnlySpan<byte>> output, CancellationToken ct)
    {
        using var archive = new ZipArchive(packed, ZipArchiveMode.Read, leaveOpen: true);
        var files = archive.Entries.Where(entry => entry.Name.Length > 0 && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToArray();
        if (files is not [var file])
        {
            throw new SourceException(
                $"{label} holds {(files.Length == 0 ? "no file" : $"{files.Length} files: {string.Join(", ", files.Take(5).Select(entry => Printable.Escape(entry.FullName)))}{(files.Length > 5 ? ", …" : "")}")}",
                "an archive of one database can be loaded; unpack it and name the file");
        }

        if (file.IsEncrypted)
        {
            throw new SourceException($"{label} is encrypted", "unpack it first");
        }

        using var content = file.Open();
        var (length, checksum) = Copy(content, packed.Length, label, output, ct);
        if (length != file.Length || checksum != file.Crc32)
        {
            throw new InvalidDataException("length or checksum is wrong");
        }
    }

    private static (long Length, uint Checksum) Copy(
        Stream content, long packedBytes, string label, Action<ReadOnlySpan<byte>> output, CancellationToken ct)
    {
        var limit = Math.Max(AlwaysAllowed, packedBytes * MostTimes);
        var buffer = new byte[BufferBytes];
        var length = 0L;
        var checksum = default(Crc32);
        int read;
        while ((read = content.Read(buffer)) > 0)
        {
            ct.ThrowIfCancellationRequested();
            length += read;
            if (length > limit)
            {
                throw new SourceException(
                    FormattableString.Invariant($"{label} of {packedBytes} bytes unpacks to more than {limit} bytes, which no database does"), "unpack it yourself if you trust it");
            }

            checksum.Add(buffer.AsSpan(0, read));
            output(buffer.AsSpan(0, read));
        }

        return (length, checksum.Value);
    }
}
