using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace RedshiftLocal.Tests.Store;

/// <summary>Buckets and listings through AWSSDK.S3, against any S3 server.</summary>
public sealed class CommonBucketTests(S3Target target) : IClassFixture<S3Target>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bucket_is_made_seen_and_removed()
    {
        using var client = target.Client();
        var name = target.NewName();
        await client.PutBucketAsync(name, Ct);

        var listed = (await client.ListBucketsAsync(Ct)).Buckets.Select(bucket => bucket.BucketName);
        Assert.Contains(name, listed);
        await client.HeadBucketAsync(new HeadBucketRequest { BucketName = name }, Ct);
        await client.DeleteBucketAsync(name, Ct);

        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.HeadBucketAsync(new HeadBucketRequest { BucketName = name }, Ct));
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task A_bucket_with_objects_is_not_removed()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" }, Ct);

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.DeleteBucketAsync(bucket, Ct));

        Assert.Equal((HttpStatusCode.Conflict, "BucketNotEmpty"), (error.StatusCode, error.ErrorCode));
    }

    [Theory]
    [InlineData("UPPER-CASE")]
    [InlineData("under_score")]
    [InlineData("two..dots")]
    [InlineData("192.168.1.1")]
    [InlineData("-hyphen")]
    public async Task A_bucket_name_that_breaks_the_rules_is_refused(string name)
    {
        using var client = target.Client();

        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.PutBucketAsync(name, Ct));

        Assert.Equal("InvalidBucketName", error.ErrorCode);
    }

    [Fact]
    public async Task Two_thousand_five_hundred_keys_are_listed_once_each_and_in_order()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        var keys = Enumerable.Range(0, 2500).Select(i => $"part/{(i * 7919) % 2500:D4}").ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (key, ct) =>
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" }, ct));

        var listed = new List<string>();
        var sizes = new List<int>();
        string? token = null;
        do
        {
            var page = await client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = bucket, Prefix = "part/", ContinuationToken = token }, Ct);
            listed.AddRange(page.S3Objects.Select(found => found.Key));
            sizes.Add(page.S3Objects.Count);
            token = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (token is not null);

        Assert.Equal(keys.Order(StringComparer.Ordinal), listed);
        Assert.Equal([1000, 1000, 500], sizes);
    }

    [Fact]
    public async Task Keys_are_listed_in_the_order_of_their_utf_8_bytes()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        string[] expected = ["A", "B", "a", "a-", "a/b", "a0", "é", "\uFF21", "\U0001F600"];
        foreach (var key in expected.Reverse())
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" }, Ct);
        }

        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, Ct);

        Assert.Equal(expected, listed.S3Objects.Select(found => found.Key));
    }

    [Fact]
    public async Task A_delimiter_gathers_keys_into_prefixes_also_across_pages()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        foreach (var key in (string[])["a/1", "a/2", "b", "c/1", "c/2/3", "d"])
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" }, Ct);
        }

        var pages = new List<string>();
        var request = new ListObjectsV2Request { BucketName = bucket, Delimiter = "/", MaxKeys = 2 };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request, Ct);
            pages.Add(string.Join(' ', (page.CommonPrefixes ?? []).Concat((page.S3Objects ?? []).Select(found => found.Key)).Order(StringComparer.Ordinal)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        Assert.Equal(["a/ b", "c/ d"], pages);
    }

    [Fact]
    public async Task Start_after_and_prefix_narrow_a_listing()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        foreach (var key in (string[])["x1", "x2", "x3", "y1"])
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" }, Ct);
        }

        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "x", StartAfter = "x1" }, Ct);

        Assert.Equal(["x2", "x3"], listed.S3Objects.Select(found => found.Key));
    }

    [Fact]
    public async Task Many_keys_are_deleted_in_one_request()
    {
        var bucket = await target.CreateBucketAsync();
        using var client = target.Client();
        string[] keys = ["a", "b & <c>", "ü"];
        foreach (var key in keys)
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" }, Ct);
        }

        var answer = await client.DeleteObjectsAsync(
            new DeleteObjectsRequest { BucketName = bucket, Objects = [.. keys.Append("nothing").Select(key => new KeyVersion { Key = key })] }, Ct);

        Assert.Equal(4, answer.DeletedObjects.Count);
        Assert.Empty((await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, Ct)).S3Objects ?? []);
    }
}
