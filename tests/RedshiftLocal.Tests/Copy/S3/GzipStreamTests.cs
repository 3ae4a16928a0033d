using System.IO.Compression;
using System.Security.Cryptography;
using RedshiftLocal.Copy.S3;

namespace RedshiftLocal.Tests.Copy.S3;

/// <summary>https://www.rfc-editor.org/rfc/rfc1952</summary>
public sealed class GzipStreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(8192)]
    [InlineData(300_000)]
    public async Task A_file_of_several_members_is_read_through(int size)
    {
        var first = RandomNumberGenerator.GetBytes(size);
        var second = new byte[size];

        var read = await ReadAsync([.. Compress(first), .. Compress(second), .. Compress([]), .. Compress(first)]);

        Assert.Equal([.. first, .. second, .. first], read);
    }

    [Fact]
    public async Task Every_size_around_the_pieces_of_the_reader_works()
    {
        var data = RandomNumberGenerator.GetBytes(20_000);
        for (var size = 8_100; size < 8_300; size++)
        {
            var read = await ReadAsync([.. Compress(data[..size]), .. Compress(data[..100])]);
            Assert.Equal(size + 100, read.Length);
        }
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_refused()
    {
        byte[] whole = [.. Compress("a first member, "u8.ToArray()), .. Compress(RandomNumberGenerator.GetBytes(500))];
        var boundary = Compress("a first member, "u8.ToArray()).Length;
        for (var length = 1; length < whole.Length; length++)
        {
            if (length != boundary)
            {
                await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(whole[..length]));
            }
        }
    }

    [Fact]
    public async Task Garbage_behind_a_member_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([.. Compress("a"u8.ToArray()), 1, 2, 3]));

    [Fact]
    public async Task A_wrong_checksum_is_refused()
    {
        var bytes = Compress("some text"u8.ToArray());
        bytes[^6] ^= 1;

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(bytes));
    }

    [Fact]
    public async Task Plain_text_is_not_gzip()
    {
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("1,2\n"u8.ToArray()));

        Assert.Equal("The file is not in gzip format", exception.Message);
    }

    private static byte[] Compress(byte[] data)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(data);
        }

        // The framework writes nothing at all for nothing; a member of no bytes is what other programs write.
        return target.Length > 0 ? target.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static async Task<byte[]> ReadAsync(byte[] bytes)
    {
        await using var stream = new GzipStream(new MemoryStream(bytes));
        using var target = new MemoryStream();
        await stream.CopyToAsync(target, 777);
        return target.ToArray();
    }
}
