using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace RedshiftLocal.Tests.Store;

/// <summary>Objects through AWSSDK.S3, against any S3 server.</summary>
public sealed class CommonObjectTests(S3Target target) : IClassFixture<S3Target>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("defaults")]
    [InlineData("when required")]
    [InlineData("no chunks")]
    [InlineData("no chunks, when required")]
    public async Task What_is_put_is_got_byte_for_byte_in_every_mode_of_the_client(string mode)
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client(config =>
        {
            if (mode.Contains("when required", StringComparison.Ordinal))
            {
                config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
                config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
            }
        });
        foreach (var size in (int[])[0, 1, 8192, 200_000, 3_000_000])
        {
            var content = Content(size);
            await client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = "object",
                    InputStream = new MemoryStream(content),
                    UseChunkEncoding = !mode.StartsWith("no chunks", StringComparison.Ordinal),
                },
                Ct);

            Assert.Equal(content, await ReadAsync(client, new GetObjectRequest { BucketName = bucket, Key = "object" }));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with blank + plus & percent % 25")]
    [InlineData("ümläut/日本語/😀")]
    [InlineData("a//b///c")]
    [InlineData("folder/")]
    [InlineData("quo'te\"<tag>&amp;")]
    [InlineData("tilde~star*paren()!@$,;:=?#[]|^`{}\\")]
    public async Task A_key_may_hold_any_character(string key)
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = key }, Ct);

        var content = await ReadAsync(client, new GetObjectRequest { BucketName = bucket, Key = key });
        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, Ct);

        Assert.Equal(key, Encoding.UTF8.GetString(content));
        Assert.Equal(key, Assert.Single(listed.S3Objects).Key);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.ClientWith("not-the-secret");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "a" }, Ct));

        Assert.Equal((HttpStatusCode.Forbidden, target.Refusal("SignatureDoesNotMatch")), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task An_unknown_access_key_is_refused()
    {
        target.Needs(S3Deviations.UnknownKeys);
        using var client = S3Target.CreateClient(target.Endpoint, target.Region, new BasicAWSCredentials("AKIANOBODY", "x"), null);

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.ListBucketsAsync(Ct));

        Assert.Equal((HttpStatusCode.Forbidden, target.Refusal("InvalidAccessKeyId")), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_and_nothing_is_stored()
    {
        target.Needs(S3Deviations.HeaderChecksums);
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "content", ChecksumCRC32 = "AAAAAA==" }, Ct));

        Assert.Equal((HttpStatusCode.BadRequest, "BadDigest"), (error.StatusCode, error.ErrorCode));
        Assert.Empty((await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, Ct)).S3Objects ?? []);
    }

    [Fact]
    public async Task A_wrong_md5_is_refused()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "content", MD5Digest = "1B2M2Y8AsgTpgAmY7PhCfg==" }, Ct));

        Assert.Equal((HttpStatusCode.BadRequest, "BadDigest"), (error.StatusCode, error.ErrorCode));
    }

    [Theory]
    [InlineData("CRC32", "y/Q5Jg==")]
    [InlineData("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=")]
    public async Task A_checksum_is_kept_and_given_back_when_asked_for(string algorithm, string expected)
    {
        target.Needs(S3Deviations.StoredChecksums);
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "123456789", ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm) }, Ct);

        var head = await client.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = bucket, Key = "a", ChecksumMode = ChecksumMode.ENABLED }, Ct);

        Assert.Contains(expected, (string?[])[head.ChecksumCRC32, head.ChecksumCRC32C, head.ChecksumSHA1, head.ChecksumSHA256]);
    }

    [Theory]
    [InlineData("bytes=0-0", "0")]
    [InlineData("bytes=2-4", "234")]
    [InlineData("bytes=7-", "789")]
    [InlineData("bytes=7-100", "789")]
    [InlineData("bytes=-3", "789")]
    [InlineData("bytes=-100", "0123456789")]
    public async Task A_range_gives_its_bytes(string range, string expected)
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "0123456789" }, Ct);

        using var got = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = "a", ByteRange = new ByteRange(range) }, Ct);
        using var reader = new StreamReader(got.ResponseStream);

        Assert.Equal(expected, await reader.ReadToEndAsync(Ct));
        Assert.Equal(HttpStatusCode.PartialContent, got.HttpStatusCode);
    }

    [Fact]
    public async Task A_range_behind_the_end_is_416()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "0123456789" }, Ct);

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = "a", ByteRange = new ByteRange("bytes=10-") }, Ct));

        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange"), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task Metadata_and_content_type_come_back()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var put = new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x", ContentType = "text/csv" };
        put.Metadata.Add("origin", "a test");
        put.Headers.CacheControl = "no-store";
        await client.PutObjectAsync(put, Ct);

        var head = await client.GetObjectMetadataAsync(bucket, "a", Ct);

        Assert.Equal("text/csv", head.Headers.ContentType);
        Assert.Equal("a test", head.Metadata["origin"]);
        Assert.Equal("no-store", head.Headers.CacheControl);
        Assert.Equal(1, head.ContentLength);
        Assert.Equal("\"9dd4e461268c8034f5c8564e155c67a6\"", head.ETag);
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_deleting_it_is_no_error()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();

        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.GetObjectAsync(bucket, "nothing", Ct));
        await client.DeleteObjectAsync(bucket, "nothing", Ct);

        Assert.Equal((HttpStatusCode.NotFound, "NoSuchKey"), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_404()
    {
        using var client = target.Client();

        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.GetObjectAsync(target.NewName(), "a", Ct));

        Assert.Equal((HttpStatusCode.NotFound, "NoSuchBucket"), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task Conditions_for_reading_are_heeded()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var etag = (await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" }, Ct)).ETag;

        var failed = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = "a", EtagToMatch = "\"other\"" }, Ct));
        var unchanged = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = "a", EtagToNotMatch = etag }, Ct));

        Assert.Equal(HttpStatusCode.PreconditionFailed, failed.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task If_none_match_star_keeps_an_object_from_being_replaced()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var put = new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "first", IfNoneMatch = "*" };
        await client.PutObjectAsync(put, Ct);

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "second", IfNoneMatch = "*" }, Ct));

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        Assert.Equal("first", await ReadTextAsync(client, new GetObjectRequest { BucketName = bucket, Key = "a" }));
    }

    [Fact]
    public async Task A_copy_holds_the_same_bytes_and_metadata()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var put = new PutObjectRequest { BucketName = bucket, Key = "from here+ü", ContentBody = "content", ContentType = "text/csv" };
        put.Metadata.Add("origin", "first");
        await client.PutObjectAsync(put, Ct);

        await client.CopyObjectAsync(bucket, "from here+ü", bucket, "to", Ct);

        var head = await client.GetObjectMetadataAsync(bucket, "to", Ct);
        Assert.Equal(("text/csv", "first"), (head.Headers.ContentType, head.Metadata["origin"]));
        Assert.Equal("content", await ReadTextAsync(client, new GetObjectRequest { BucketName = bucket, Key = "to" }));
    }

    [Fact]
    public async Task A_copy_may_replace_the_metadata()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x", ContentType = "text/csv" }, Ct);

        await client.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a",
                DestinationBucket = bucket,
                DestinationKey = "a",
                MetadataDirective = S3MetadataDirective.REPLACE,
                ContentType = "text/plain",
            },
            Ct);

        Assert.Equal("text/plain", (await client.GetObjectMetadataAsync(bucket, "a", Ct)).Headers.ContentType);
    }

    [Fact]
    public async Task A_copy_onto_itself_without_a_change_is_refused()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" }, Ct);

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.CopyObjectAsync(bucket, "a", bucket, "a", Ct));

        Assert.Equal("InvalidRequest", error.ErrorCode);
    }

    [Fact]
    public async Task A_presigned_address_needs_no_more_than_itself()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a b/ü", ContentBody = "content" }, Ct);
        var address = await client.GetPreSignedURLAsync(
            new GetPreSignedUrlRequest { BucketName = bucket, Key = "a b/ü", Expires = DateTime.UtcNow.AddMinutes(5), Protocol = Amazon.S3.Protocol.HTTP });
        using var http = new HttpClient();

        Assert.Equal("content", await http.GetStringAsync(new Uri(address), Ct));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri(address + "x"), Ct)).StatusCode);
    }

    [Fact]
    public async Task An_address_of_another_bucket_owner_is_refused()
    {
        target.Needs(S3Deviations.BucketOwners);
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x", ExpectedBucketOwner = "999999999999" }, Ct));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
    }

    [Fact]
    public async Task A_signature_for_another_region_is_refused_with_the_right_one()
    {
        target.Needs(S3Deviations.AnyRegion);
        var bucket = await target.CreateBucketAsync();
        using var client = target.ClientIn("eu-central-1");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" }, Ct));

        Assert.Contains(error.ErrorCode, (string[])["PermanentRedirect", "AuthorizationHeaderMalformed"]);
    }

    internal static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    internal static async Task<byte[]> ReadAsync(AmazonS3Client client, GetObjectRequest request)
    {
        using var got = await client.GetObjectAsync(request, Ct);
        using var buffer = new MemoryStream();
        await got.ResponseStream.CopyToAsync(buffer, Ct);
        return buffer.ToArray();
    }

    internal static async Task<string> ReadTextAsync(AmazonS3Client client, GetObjectRequest request) =>
        Encoding.UTF8.GetString(await ReadAsync(client, request));

    internal static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
