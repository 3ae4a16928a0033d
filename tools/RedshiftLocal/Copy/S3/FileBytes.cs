using System.Text;
using RedshiftLocal.Copy.Bzip2;
using RedshiftLocal.Copy.Commands;
using ZstdSharp;

namespace RedshiftLocal.Copy.S3;

/// <summary>A file's text in UTF-8: decompressed and, if need be, converted as it is read.</summary>
internal static class FileBytes
{
    /// <summary>The stream owns the one given.</summary>
    public static async Task<Stream> OpenAsync(Stream stored, CopyCompression compression, CopyEncoding encoding, CancellationToken ct)
    {
        var plain = compression switch
        {
            CopyCompression.Gzip => new GzipStream(stored),
            CopyCompression.Zstd => new DecompressionStream(stored, bufferSize: 128 << 10, checkEndOfStream: true, leaveOpen: false),
            CopyCompression.Bzip2 => new Bzip2Reader(stored),
            _ => stored,
        };
        return encoding == CopyEncoding.Utf8 ? plain : await ConvertAsync(plain, encoding, ct);
    }

    private static async Task<Stream> ConvertAsync(Stream plain, CopyEncoding encoding, CancellationToken ct)
    {
        var bigEndian = encoding == CopyEncoding.Utf16BigEndian;
        if (encoding == CopyEncoding.Utf16)
        {
            var mark = new byte[2];
            var read = await plain.ReadAtLeastAsync(mark, 2, throwOnEndOfStream: false, ct);
            if (read == 0)
            {
                return plain;
            }

            bigEndian = mark is [0xFE, 0xFF];
            if (read < 2 || (!bigEndian && mark is not [0xFF, 0xFE]))
            {
                throw new InvalidEncodingException();
            }
        }

        return Encoding.CreateTranscodingStream(
            plain, new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true), new UTF8Encoding(false, true), leaveOpen: false);
    }
}

/// <summary>ENCODING UTF16 without a byte order mark.</summary>
internal sealed class InvalidEncodingException() : Exception("The file has no byte order mark");
