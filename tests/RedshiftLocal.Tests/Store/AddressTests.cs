using System.Text;
using RedshiftLocal.Store;

namespace RedshiftLocal.Tests.Store;

/// <summary>What a request addresses, and that no address leaves the data folder.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("localhost", null)]
    [InlineData("localhost:9000", null)]
    [InlineData("127.0.0.1:9000", null)]
    [InlineData("[::1]:9000", null)]
    [InlineData("my-host", null)]
    [InlineData("", null)]
    [InlineData("bucket.localhost:9000", "bucket")]
    [InlineData("Bucket.LOCALHOST", "bucket")]
    [InlineData("with.dots.localhost", "with.dots")]
    [InlineData("s3.amazonaws.com", null)]
    [InlineData("s3.eu-west-1.amazonaws.com", null)]
    [InlineData("s3-eu-west-1.amazonaws.com", null)]
    [InlineData("bucket.s3.amazonaws.com", "bucket")]
    [InlineData("bucket.s3.eu-west-1.amazonaws.com", "bucket")]
    [InlineData("with.dots.s3-eu-west-1.amazonaws.com", "with.dots")]
    [InlineData("sts.amazonaws.com", null)]
    [InlineData("sts.us-east-1.amazonaws.com", null)]
    public void A_host_name_may_name_a_bucket(string host, string? bucket) =>
        Assert.Equal(bucket, RequestTarget.BucketOfHost(host, ["localhost", "amazonaws.com"]));

    [Fact]
    public async Task Both_styles_lead_to_the_same_object()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        await raw.SendAsync("PUT", "/test-bucket/a/b", "content"u8.ToArray());
        raw.Host = $"test-bucket.localhost:{store.Endpoint.Port}";

        Assert.Equal("content", (await raw.SendAsync("GET", "/a/b")).Text);
        Assert.Contains("<Key>a/b</Key>", (await raw.SendAsync("GET", "/", query: "list-type=2")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/test-bucket/%2E%2E/%2E%2E/outside")]
    [InlineData("/test-bucket/../../outside")]
    [InlineData("/test-bucket/..%2F..%2Foutside")]
    [InlineData("/test-bucket/%2Fetc%2Fpasswd")]
    [InlineData("/test-bucket/a%00b")]
    [InlineData("/test-bucket/%5C..%5C..%5Coutside")]
    [InlineData("/test-bucket/bucket.json")]
    [InlineData("/test-bucket/objects/x.json")]
    [InlineData("/../outside/a")]
    [InlineData("/%2E%2E/outside")]
    [InlineData("/..%2F..%2Foutside/a")]
    [InlineData("/.hidden/a")]
    [InlineData("//etc/passwd")]
    public async Task No_key_and_no_bucket_name_reaches_outside_the_data_folder(string path)
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var canonical = Canonical(path);
        var headers = raw.Signed("PUT", canonical, "", RawS3.Hash("planted"u8), [], out _);

        var put = await raw.SendUnsignedAsync("PUT", path, "planted"u8.ToArray(), [.. headers]);

        Assert.Contains(put.Status, (int[])[200, 400, 404]);
        AssertOnlyHashedNames(store);
        if (put.Status == 200)
        {
            var back = await raw.SendUnsignedAsync("GET", path, [], [.. raw.Signed("GET", canonical, "", RawS3.Hash([]), [], out _)]);
            Assert.Equal("planted", back.Text);
        }
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("UPPER")]
    [InlineData("ab")]
    [InlineData("a..b")]
    [InlineData("192.168.0.1")]
    [InlineData(".abc")]
    [InlineData("xn--abc")]
    public async Task A_bucket_name_in_the_options_is_checked(string name)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => TestStore.StartAsync(options => options with { Buckets = [new S3BucketOptions(name)] }));

        Assert.StartsWith($"'{name}' is not a bucket name: 3 to 63 lower-case letters", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/test-bucket/%zz")]
    [InlineData("/test-bucket/%")]
    [InlineData("/test-bucket/%ff")]
    [InlineData("/test-bucket?prefix=%ff")]
    public async Task What_is_not_utf_8_is_refused(string target)
    {
        await using var store = await TestStore.StartAsync();

        Assert.Equal(400, (await store.Raw().SendUnsignedAsync("GET", target, [])).Status);
    }

    [Fact]
    public async Task A_key_of_1024_bytes_is_taken_and_one_more_refused()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        Assert.Equal(200, (await raw.SendAsync("PUT", "/test-bucket/" + new string('k', 1024))).Status);
        Assert.Equal("KeyTooLongError", (await raw.SendAsync("PUT", "/test-bucket/" + new string('k', 1025))).Code);
    }

    [Theory]
    [InlineData("GET", "acl=")]
    [InlineData("PUT", "tagging=")]
    [InlineData("GET", "versions=")]
    [InlineData("PUT", "policy=")]
    public async Task What_is_not_covered_says_so(string method, string query)
    {
        await using var store = await TestStore.StartAsync();

        Assert.Equal((501, "NotImplemented"), await StatusAsync(store.Raw().SendAsync(method, "/test-bucket/a", query: query)));
    }

    [Theory]
    [InlineData("x-amz-tagging", "a=b", "NotImplemented")]
    [InlineData("x-amz-acl", "public-read", "AccessControlListNotSupported")]
    [InlineData("x-amz-server-side-encryption-customer-key", "x", "NotImplemented")]
    [InlineData("x-amz-server-side-encryption", "rot13", "InvalidArgument")]
    [InlineData("x-amz-storage-class", "GLACIER", "NotImplemented")]
    [InlineData("x-amz-storage-class", "COLD", "InvalidStorageClass")]
    [InlineData("x-amz-meta-long", "*", "MetadataTooLarge")]
    public async Task A_header_that_would_not_be_heeded_is_refused(string name, string value, string code)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync("PUT", "/test-bucket/a", headers: (name, value == "*" ? new string('x', 2048) : value));

        Assert.Equal(code, answer.Code);
    }

    [Fact]
    public async Task Encryption_is_taken_and_told()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        await raw.SendAsync("PUT", "/test-bucket/a");
        await raw.SendAsync(
            "PUT", "/test-bucket/b", headers: [("x-amz-server-side-encryption", "aws:kms"), ("x-amz-server-side-encryption-aws-kms-key-id", "k")]);

        Assert.Equal("AES256", (await raw.SendAsync("HEAD", "/test-bucket/a")).Headers["x-amz-server-side-encryption"]);
        Assert.Equal("aws:kms", (await raw.SendAsync("HEAD", "/test-bucket/b")).Headers["x-amz-server-side-encryption"]);
    }

    private static string Canonical(string path) => Uri.EscapeDataString(Uri.UnescapeDataString(path)).Replace("%2F", "/", StringComparison.Ordinal);

    private static async Task<(int, string)> StatusAsync(Task<RawAnswer> task)
    {
        var answer = await task;
        return (answer.Status, answer.Code);
    }

    private static void AssertOnlyHashedNames(TestStore store)
    {
        var outside = Path.GetDirectoryName(store.Folder)!;
        var files = Directory.GetFiles(outside, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(store.Folder, file)).ToList();
        Assert.All(files, file => Assert.Matches(
            @"^(store\.lock|data/[0-9a-f]{32}|buckets/test-bucket/bucket\.json|buckets/test-bucket/objects/[0-9a-f]{64}\.json)$", file));
        Assert.All(files.Where(file => file.EndsWith(".json", StringComparison.Ordinal)), file =>
            Assert.DoesNotContain("planted", File.ReadAllText(Path.Combine(store.Folder, file), Encoding.UTF8), StringComparison.Ordinal));
    }
}
