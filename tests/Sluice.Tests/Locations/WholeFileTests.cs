using System.IO.Compression;
using System.Text;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Tests.Locations;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-whole").FullName;
    private readonly byte[] _content = Content();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_plain_file_stays_where_it_is()
    {
        var file = await FetchAsync(_content);
        Assert.Equal(Path.Combine(_folder, "x"), file.Path);
        Assert.Null(file.Temporary);
    }

    [Fact]
    public async Task A_gzip_file_is_unpacked_and_gone_afterwards()
    {
        var file = await FetchAsync(Gzip(_content));
        Assert.Equal(_content, await File.ReadAllBytesAsync(file.Path, Ct));
        Assert.Equal(Path.Combine(_folder, "x"), file.Label);
        file.Temporary!.Dispose();
        Assert.False(Directory.Exists(Path.GetDirectoryName(file.Path)));
    }

    [Fact]
    public async Task A_gzip_file_may_have_several_members_a_name_and_zeros_behind()
    {
        byte[] named = [0x1f, 0x8b, 8, 0x08 | 0x10, 0, 0, 0, 0, 0, 3, (byte)'n', 0, (byte)'c', 0, .. Gzip(_content)[10..]];
        byte[] packed = [.. Gzip(_content), .. named, 0, 0, 0];
        var file = await FetchAsync(packed);
        using var gone = file.Temporary;
        byte[] twice = [.. _content, .. _content];
        Assert.Equal(twice, await File.ReadAllBytesAsync(file.Path, Ct));
    }

    [Fact]
    public async Task A_gzip_file_that_is_cut_off_anywhere_is_damaged()
    {
        var packed = Gzip(_content);
        for (var length = 3; length < packed.Length; length += length < 30 || length > packed.Length - 12 ? 1 : 211)
        {
            Assert.Contains("is damaged: it cannot be unpacked", await FailAsync(packed[..length]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_changed_byte_is_found_by_the_checksum()
    {
        var packed = Gzip(_content);
        packed[^6] ^= 1;
        Assert.Contains("is damaged", await FailAsync(packed), StringComparison.Ordinal);
        var stored = Zip(CompressionLevel.NoCompression, ("x.db", _content));
        stored[100] ^= 1;
        Assert.Contains("is damaged", await FailAsync(stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_one_file_of_an_archive_is_unpacked()
    {
        var file = await FetchAsync(Zip(CompressionLevel.Fastest, ("data/", []), ("data/x.db", _content), ("__MACOSX/x", [1])));
        using var gone = file.Temporary;
        Assert.Equal(_content, await File.ReadAllBytesAsync(file.Path, Ct));
    }

    [Fact]
    public async Task Several_files_or_none_in_an_archive_are_listed()
    {
        Assert.EndsWith("x holds 2 files: a.db, b.db", await FailAsync(Zip(CompressionLevel.Fastest, ("a.db", [1]), ("b.db", [2]))), StringComparison.Ordinal);
        Assert.EndsWith("x holds no file", await FailAsync(Zip(CompressionLevel.Fastest, ("empty/", []))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_that_is_cut_off_or_spoiled_fails_in_a_user_s_words()
    {
        var packed = Zip(CompressionLevel.Optimal, ("x.db", _content));
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var length = random.Next(4, packed.Length);
            Assert.Contains("is damaged", await FailAsync(packed[..length]), StringComparison.Ordinal);
            var spoiled = packed.ToArray();
            spoiled[random.Next(4, spoiled.Length)] ^= (byte)random.Next(1, 256);
            var outcome = await Record.ExceptionAsync(async () => (await FetchAsync(spoiled)).Temporary?.Dispose());
            Assert.True(outcome is null or SourceException, outcome?.ToString());
        }
    }

    [Fact]
    public async Task What_unpacks_beyond_measure_is_stopped()
    {
        var packed = Gzip(new byte[PackedFile.AlwaysAllowed + (1 << 20)], CompressionLevel.Optimal);
        Assert.Contains("which no database does", await FailAsync(packed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_is_kept_in_a_file_until_the_end()
    {
        await using var server = new ScriptedServer();
        server.Files["/x.db.gz?a=b"] = Gzip(_content);
        var file = await WholeFile.FetchAsync(new FileLocation.Http(server.Address("/x.db.gz?a=b")), new HttpSettings { UseProxy = false }, Ct);
        Assert.Equal(_content, await File.ReadAllBytesAsync(file.Path, Ct));
        Assert.Equal($"http://127.0.0.1:{server.Port}/x.db.gz?…", file.Label);
        file.Temporary!.Dispose();
        Assert.False(File.Exists(file.Path));
    }

    [Fact]
    public async Task A_download_that_ends_early_is_an_error()
    {
        await using var server = new ScriptedServer();
        server.Answers["/x"] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nSQLite";
        var fault = await Assert.ThrowsAsync<SourceException>(
            () => WholeFile.FetchAsync(new FileLocation.Http(server.Address("/x")), new HttpSettings { UseProxy = false }, Ct));
        Assert.EndsWith("ended early: 6 of 100 bytes were read", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Content()
    {
        var bytes = new byte[30_000];
        new Random(3).NextBytes(bytes.AsSpan(0, 12_000));
        Encoding.ASCII.GetBytes("SQLite format 3\0", bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, level))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in files)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return packed.ToArray();
    }

    private async Task<WholeFile> FetchAsync(byte[] bytes)
    {
        var path = Path.Combine(_folder, "x");
        await File.WriteAllBytesAsync(path, bytes, Ct);
        return await WholeFile.FetchAsync(new FileLocation.LocalFile(path), null, Ct);
    }

    private async Task<string> FailAsync(byte[] bytes) => (await Assert.ThrowsAsync<SourceException>(() => FetchAsync(bytes))).Message;
}
