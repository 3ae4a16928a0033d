using System.Text;

namespace RedshiftLocal.Tests.Store;

/// <summary>The data folder: used again, one at a time, clean after a crash.</summary>
public sealed class FolderTests
{
    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        var folder = TestStore.NewFolder();
        string upload;
        await using (var store = await TestStore.StartAsync(folder: folder))
        {
            var raw = store.Raw();
            await raw.SendAsync("PUT", "/test-bucket/a%2Bb", "content"u8.ToArray(), headers: ("x-amz-meta-a", "1"));
            await raw.SendAsync("PUT", "/second-bucket");
            upload = (await raw.SendAsync("POST", "/test-bucket/big", query: "uploads=")).Element("UploadId");
            await raw.SendAsync("PUT", "/test-bucket/big", "part"u8.ToArray(), $"partNumber=1&uploadId={upload}");
        }

        await using (var store = await TestStore.StartAsync(options => options with { Buckets = [] }, folder))
        {
            var raw = store.Raw();
            var got = await raw.SendAsync("GET", "/test-bucket/a%2Bb");
            Assert.Equal(("content", "1"), (got.Text, got.Headers["x-amz-meta-a"]));
            Assert.Equal(200, (await raw.SendAsync("HEAD", "/second-bucket")).Status);
            var body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{Md5("part")}</ETag></Part></CompleteMultipartUpload>");
            Assert.Equal(200, (await raw.SendAsync("POST", "/test-bucket/big", body, $"uploadId={upload}")).Status);
            Assert.Equal("part", (await raw.SendAsync("GET", "/test-bucket/big")).Text);
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task What_a_crash_left_is_cleared_away()
    {
        var folder = TestStore.NewFolder();
        await using (var store = await TestStore.StartAsync(folder: folder))
        {
            await store.Raw().SendAsync("PUT", "/test-bucket/a", "content"u8.ToArray());
        }

        File.WriteAllText(Path.Combine(folder, "data", new string('0', 32)), "half an upload");
        File.WriteAllText(Path.Combine(folder, "buckets/test-bucket/objects/x.json.tmp"), "{\"key\"");
        await using (var store = await TestStore.StartAsync(folder: folder))
        {
            Assert.Equal("content", (await store.Raw().SendAsync("GET", "/test-bucket/a")).Text);
        }

        Assert.Single(Directory.GetFiles(Path.Combine(folder, "data")));
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "buckets/test-bucket/objects")));
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task An_upload_whose_completion_was_cut_short_does_not_take_the_object_with_it()
    {
        var folder = TestStore.NewFolder();
        var saved = Path.Combine(Path.GetDirectoryName(folder)!, "saved");
        string upload;
        await using (var store = await TestStore.StartAsync(folder: folder))
        {
            var raw = store.Raw();
            upload = (await raw.SendAsync("POST", "/test-bucket/big", query: "uploads=")).Element("UploadId");
            await raw.SendAsync("PUT", "/test-bucket/big", "part"u8.ToArray(), $"partNumber=1&uploadId={upload}");
            CopyFolder(Path.Combine(folder, "buckets/test-bucket/uploads"), saved);
            var body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{Md5("part")}</ETag></Part></CompleteMultipartUpload>");
            await raw.SendAsync("POST", "/test-bucket/big", body, $"uploadId={upload}");
        }

        CopyFolder(saved, Path.Combine(folder, "buckets/test-bucket/uploads"));
        await using (var store = await TestStore.StartAsync(folder: folder))
        {
            var raw = store.Raw();
            Assert.Equal("NoSuchUpload", (await raw.SendAsync("DELETE", "/test-bucket/big", query: $"uploadId={upload}")).Code);
            Assert.Equal("part", (await raw.SendAsync("GET", "/test-bucket/big")).Text);
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused()
    {
        await using var store = await TestStore.StartAsync();

        var error = await Assert.ThrowsAsync<IOException>(() => TestStore.StartAsync(folder: store.Folder));

        Assert.Contains($"The data folder {store.Folder} cannot be used, perhaps another store runs on it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_description_is_named()
    {
        var folder = TestStore.NewFolder();
        await using (await TestStore.StartAsync(folder: folder))
        {
        }

        File.WriteAllText(Path.Combine(folder, "buckets/test-bucket/objects/x.json"), "{");
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TestStore.StartAsync(folder: folder));

        Assert.Contains("objects/x.json is damaged", error.Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task An_address_in_use_is_refused_and_the_folder_is_free_again()
    {
        await using var store = await TestStore.StartAsync();
        var folder = TestStore.NewFolder();

        await Assert.ThrowsAnyAsync<IOException>(() => TestStore.StartAsync(options => options with { Port = store.Endpoint.Port }, folder));
        await using (await TestStore.StartAsync(folder: folder))
        {
        }

        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task A_replaced_or_deleted_object_leaves_no_file()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        for (var i = 0; i < 3; i++)
        {
            await raw.SendAsync("PUT", "/test-bucket/a", "content"u8.ToArray());
        }

        Assert.Single(Directory.GetFiles(Path.Combine(store.Folder, "data")));
        await raw.SendAsync("DELETE", "/test-bucket/a");
        Assert.Empty(Directory.GetFiles(Path.Combine(store.Folder, "data")));
    }

    [Fact]
    public async Task A_reader_gets_the_whole_object_though_it_is_replaced_meanwhile()
    {
        await using var store = await TestStore.StartAsync();
        using var client = store.Client();
        var ct = TestContext.Current.CancellationToken;
        var first = CommonObjectTests.Content(20_000_000);
        await client.PutObjectAsync(new() { BucketName = "test-bucket", Key = "a", InputStream = new MemoryStream(first) }, ct);

        using var got = await client.GetObjectAsync("test-bucket", "a", ct);
        await client.PutObjectAsync(new() { BucketName = "test-bucket", Key = "a", ContentBody = "second" }, ct);
        using var buffer = new MemoryStream();
        await got.ResponseStream.CopyToAsync(buffer, ct);

        Assert.Equal(first, buffer.ToArray());
        Assert.Equal("second", await CommonObjectTests.ReadTextAsync(client, new() { BucketName = "test-bucket", Key = "a" }));
    }

    [Fact]
    public async Task Writers_of_one_key_leave_one_whole_object()
    {
        await using var store = await TestStore.StartAsync();
        using var client = store.Client();
        var ct = TestContext.Current.CancellationToken;
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (i, token) =>
            await client.PutObjectAsync(new() { BucketName = "test-bucket", Key = "a", ContentBody = new string((char)('a' + (i % 26)), 50_000) }, token));

        var text = await CommonObjectTests.ReadTextAsync(client, new() { BucketName = "test-bucket", Key = "a" });

        Assert.Equal(new string(text[0], 50_000), text);
        Assert.Single(Directory.GetFiles(Path.Combine(store.Folder, "data")));
    }

    private static string Md5(string text)
    {
        using var md5 = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.MD5);
        md5.AppendData(Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(md5.GetHashAndReset());
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }
}
