using System.Text;
using RedshiftLocal.Store;

namespace RedshiftLocal.Tests.Store;

/// <summary>The worked examples of AWS, requests and signatures as printed there.</summary>
public sealed class DocumentedSignatureTests
{
    private const string Scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    [Fact]
    public async Task A_get_with_a_range_in_the_header_form()
    {
        await using var store = await StartAsync();
        await PutChunkedAsync(store, "");

        var answer = await Raw(store).SendUnsignedAsync(
            "GET",
            "/test.txt",
            [],
            ("host", "examplebucket.s3.amazonaws.com"),
            ("authorization", $"AWS4-HMAC-SHA256 Credential={Scope},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("x-amz-date", "20130524T000000Z"));

        Assert.Equal((404, "NoSuchKey"), (answer.Status, answer.Code));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    [Fact]
    public async Task A_presigned_get()
    {
        await using var store = await StartAsync();

        var answer = await Raw(store).SendUnsignedAsync(
            "GET",
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
            [],
            ("host", "examplebucket.s3.amazonaws.com"));

        Assert.Equal((404, "NoSuchKey"), (answer.Status, answer.Code));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
    [Fact]
    public async Task A_put_with_signed_chunks()
    {
        await using var store = await StartAsync();

        var answer = await PutChunkedAsync(store, "");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task The_same_put_with_one_byte_changed_is_refused()
    {
        await using var store = await StartAsync();

        var answer = await PutChunkedAsync(store, "b");

        Assert.Equal((403, "SignatureDoesNotMatch"), (answer.Status, answer.Code));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    [Theory]
    [InlineData("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435", 200)]
    [InlineData("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e436", 403)]
    public async Task A_put_with_signed_chunks_and_a_signed_trailer(string trailerSignature, int status)
    {
        await using var store = await StartAsync();
        var body = "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n" + new string('a', 65536)
            + "\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" + new string('a', 1024)
            + "\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
            + $"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{trailerSignature}\r\n\r\n";

        var answer = await Raw(store).SendUnsignedAsync(
            "PUT",
            "/examplebucket/chunkObject.txt",
            Encoding.ASCII.GetBytes(body),
            ("host", "s3.amazonaws.com"),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("authorization", $"AWS4-HMAC-SHA256 Credential={Scope},SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-trailer", "x-amz-checksum-crc32c"));

        Assert.Equal(status, answer.Status);
    }

    private static Task<TestStore> StartAsync() => TestStore.StartAsync(options => options with
    {
        Credentials = [new S3Credential { AccessKey = "AKIAIOSFODNN7EXAMPLE", SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" }],
        Buckets = [new S3BucketOptions("examplebucket")],
        Time = new FixedTime(new DateTimeOffset(2013, 5, 24, 0, 1, 0, TimeSpan.Zero)),
    });

    private static RawS3 Raw(TestStore store) => new(store.Endpoint, "", "");

    private static Task<RawAnswer> PutChunkedAsync(TestStore store, string instead)
    {
        var body = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + new string('a', 65536)
            + "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + new string('a', 1024 - instead.Length) + instead
            + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
        return Raw(store).SendUnsignedAsync(
            "PUT",
            "/examplebucket/chunkObject.txt",
            Encoding.ASCII.GetBytes(body),
            ("host", "s3.amazonaws.com"),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("authorization", $"AWS4-HMAC-SHA256 Credential={Scope},SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"));
    }
}
