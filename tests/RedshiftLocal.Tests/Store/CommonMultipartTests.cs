using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace RedshiftLocal.Tests.Store;

/// <summary>Multipart uploads through AWSSDK.S3, against any S3 server.</summary>
public sealed class CommonMultipartTests(S3Target target) : IClassFixture<S3Target>
{
    private const int MiB = 1 << 20;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_megabytes_are_stored_bit_for_bit()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var content = CommonObjectTests.Content(200_000_000);
        using var transfer = new TransferUtility(client);
        await transfer.UploadAsync(
            new TransferUtilityUploadRequest { BucketName = bucket, Key = "big", InputStream = new MemoryStream(content), PartSize = 16 * MiB }, Ct);

        using var got = await client.GetObjectAsync(bucket, "big", Ct);

        Assert.Equal(CommonObjectTests.Hash(content), Convert.ToHexStringLower(await SHA256.HashDataAsync(got.ResponseStream, Ct)));
        Assert.Equal(content.Length, got.ContentLength);
        Assert.EndsWith("-12\"", got.ETag, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_may_span_parts()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var content = CommonObjectTests.Content((5 * MiB) + 100);
        var upload = await BeginAsync(client, bucket);
        var parts = new List<PartETag> { await PartAsync(client, upload, 1, content[..(5 * MiB)]), await PartAsync(client, upload, 2, content[(5 * MiB)..]) };
        await CompleteAsync(client, upload, parts);

        var piece = await CommonObjectTests.ReadAsync(
            client, new GetObjectRequest { BucketName = bucket, Key = "big", ByteRange = new ByteRange((5 * MiB) - 10, (5 * MiB) + 9) });

        Assert.Equal(content[((5 * MiB) - 10)..((5 * MiB) + 10)], piece);
    }

    [Fact]
    public async Task A_part_can_be_had_by_its_number()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var content = CommonObjectTests.Content((5 * MiB) + 100);
        var upload = await BeginAsync(client, bucket);
        var parts = new List<PartETag> { await PartAsync(client, upload, 1, content[..(5 * MiB)]), await PartAsync(client, upload, 2, content[(5 * MiB)..]) };
        await CompleteAsync(client, upload, parts);

        Assert.Equal(content[(5 * MiB)..], await CommonObjectTests.ReadAsync(client, new GetObjectRequest { BucketName = bucket, Key = "big", PartNumber = 2 }));
    }

    [Fact]
    public async Task Parts_are_listed_until_the_upload_is_aborted()
    {
        target.Needs(S3Deviations.UploadErrors);
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var upload = await BeginAsync(client, bucket);
        await PartAsync(client, upload, 2, [1, 2, 3]);
        await PartAsync(client, upload, 1, [1, 2]);

        var parts = await client.ListPartsAsync(bucket, "big", upload.UploadId, Ct);
        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket }, Ct);
        await client.AbortMultipartUploadAsync(bucket, "big", upload.UploadId, Ct);
        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.ListPartsAsync(bucket, "big", upload.UploadId, Ct));

        Assert.Equal([(1, 2L), (2, 3L)], parts.Parts.Select(part => (part.PartNumber!.Value, part.Size!.Value)));
        Assert.Equal(upload.UploadId, Assert.Single(uploads.MultipartUploads).UploadId);
        Assert.Equal((HttpStatusCode.NotFound, "NoSuchUpload"), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task A_part_under_five_mebibytes_that_is_not_the_last_is_refused()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var upload = await BeginAsync(client, bucket);
        var parts = new List<PartETag> { await PartAsync(client, upload, 1, new byte[(5 * MiB) - 1]), await PartAsync(client, upload, 2, [1]) };

        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => CompleteAsync(client, upload, parts));

        Assert.Equal((HttpStatusCode.BadRequest, "EntityTooSmall"), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task Parts_out_of_order_are_refused()
    {
        target.Needs(S3Deviations.PartOrder);
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var upload = await BeginAsync(client, bucket);
        var first = await PartAsync(client, upload, 1, new byte[5 * MiB]);
        var second = await PartAsync(client, upload, 2, [1]);
        // The SDK puts parts in order, so the request is written by hand.
        var raw = new RawS3(target.Endpoint, target.AccessKey, target.SecretKey) { Region = target.Region };
        var body = $"<CompleteMultipartUpload>{Xml(second)}{Xml(first)}</CompleteMultipartUpload>";

        var answer = await raw.SendAsync("POST", $"/{bucket}/big", System.Text.Encoding.UTF8.GetBytes(body), $"uploadId={Uri.EscapeDataString(upload.UploadId)}");

        Assert.Equal((400, "InvalidPartOrder"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_part_that_was_not_uploaded_is_refused()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var upload = await BeginAsync(client, bucket);
        var part = await PartAsync(client, upload, 1, [1]);
        part.ETag = "\"00000000000000000000000000000000\"";

        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => CompleteAsync(client, upload, [part]));

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidPart"), (error.StatusCode, error.ErrorCode));
    }

    [Fact]
    public async Task A_part_may_be_copied_from_an_object()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "source", ContentBody = "0123456789" }, Ct);
        var upload = await client.InitiateMultipartUploadAsync(bucket, "big", Ct);
        var part = await client.CopyPartAsync(
            new CopyPartRequest
            {
                SourceBucket = bucket,
                SourceKey = "source",
                DestinationBucket = bucket,
                DestinationKey = "big",
                UploadId = upload.UploadId,
                PartNumber = 1,
                FirstByte = 2,
                LastByte = 4,
            },
            Ct);
        await CompleteAsync(client, upload, [new PartETag(part)]);

        Assert.Equal("234", await CommonObjectTests.ReadTextAsync(client, new GetObjectRequest { BucketName = bucket, Key = "big" }));
    }

    [Theory]
    [InlineData("CRC32", "COMPOSITE", "-2")]
    [InlineData("SHA256", "COMPOSITE", "-2")]
    [InlineData("CRC32", "FULL_OBJECT", "==")]
    public async Task A_multipart_object_has_the_checksum_that_was_agreed(string algorithm, string type, string end)
    {
        target.Needs(algorithm == "CRC32" && type == "COMPOSITE" ? S3Deviations.StoredChecksums | S3Deviations.CompositeCrc : S3Deviations.StoredChecksums);
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var content = CommonObjectTests.Content((5 * MiB) + 100);
        var upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = bucket,
                Key = "big",
                ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm),
                ChecksumType = ChecksumType.FindValue(type),
            },
            Ct);
        var parts = new List<PartETag>
        {
            await PartAsync(client, upload, 1, content[..(5 * MiB)], algorithm),
            await PartAsync(client, upload, 2, content[(5 * MiB)..], algorithm),
        };
        await CompleteAsync(client, upload, parts);
        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "whole",
                InputStream = new MemoryStream(content),
                ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm),
            },
            Ct);

        var (multipart, whole) = (await ChecksumAsync(client, bucket, "big"), await ChecksumAsync(client, bucket, "whole"));

        Assert.EndsWith(end, multipart, StringComparison.Ordinal);
        Assert.Equal(type == "FULL_OBJECT", multipart == whole);
    }

    private static async Task<string> ChecksumAsync(AmazonS3Client client, string bucket, string key)
    {
        var head = await client.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = bucket, Key = key, ChecksumMode = ChecksumMode.ENABLED }, Ct);
        return head.ChecksumCRC32 ?? head.ChecksumSHA256;
    }

    private static string Xml(PartETag part) => $"<Part><PartNumber>{part.PartNumber}</PartNumber><ETag>{part.ETag}</ETag></Part>";

    private static Task<InitiateMultipartUploadResponse> BeginAsync(AmazonS3Client client, string bucket) =>
        client.InitiateMultipartUploadAsync(bucket, "big", Ct);

    private static async Task<PartETag> PartAsync(
        AmazonS3Client client, InitiateMultipartUploadResponse upload, int number, byte[] content, string? algorithm = null)
    {
        var answer = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = upload.BucketName,
                Key = upload.Key,
                UploadId = upload.UploadId,
                PartNumber = number,
                InputStream = new MemoryStream(content),
                ChecksumAlgorithm = algorithm is null ? null : ChecksumAlgorithm.FindValue(algorithm),
            },
            Ct);
        return new PartETag(answer) { ChecksumCRC32 = answer.ChecksumCRC32, ChecksumSHA256 = answer.ChecksumSHA256 };
    }

    private static Task<CompleteMultipartUploadResponse> CompleteAsync(AmazonS3Client client, InitiateMultipartUploadResponse upload, List<PartETag> parts) =>
        client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = upload.BucketName, Key = upload.Key, UploadId = upload.UploadId, PartETags = parts }, Ct);
}
