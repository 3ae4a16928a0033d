using System.Diagnostics;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using RedshiftLocal.Faults;

namespace RedshiftLocal.Tests.Store;

/// <summary>Faults that a test orders, as a client sees them.</summary>
public sealed class StoreFaultTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SlowDown", HttpStatusCode.ServiceUnavailable, "Please reduce your request rate.")]
    [InlineData("ExpiredToken", HttpStatusCode.BadRequest, "The provided token has expired.")]
    [InlineData("InternalError", HttpStatusCode.InternalServerError, "We encountered an internal error. Please try again.")]
    public async Task An_ordered_error_has_the_status_and_text_of_s3(string code, HttpStatusCode status, string message)
    {
        var (store, client) = await StartAsync(new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Error, Code = code, Contains = "GET " });
        await using var _ = store;

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.GetObjectAsync("test-bucket", "a", Ct));

        Assert.Equal((status, code, message), (error.StatusCode, error.ErrorCode, error.Message));
    }

    [Fact]
    public async Task The_third_get_of_one_key_fails_and_no_other()
    {
        var (store, client) = await StartAsync(new FaultRule
        {
            Point = FaultPoint.StoreRequest,
            Kind = FaultKind.Error,
            Code = "SlowDown",
            Regex = "^GET /test-bucket/a$",
            Nth = 3,
        });
        await using var _ = store;
        var codes = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            codes.Add(await GetAsync(client));
        }

        Assert.Equal(["content", "content", "SlowDown", "content"], codes);
    }

    [Fact]
    public async Task A_client_that_retries_gets_through_a_store_that_is_slow()
    {
        var (store, _) = await StartAsync(
            new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Error, Code = "SlowDown", Contains = "GET ", Count = 2 });
        await using var _2 = store;
        using var patient = store.Client(config => config.MaxErrorRetry = 3);

        Assert.Equal("content", await GetAsync(patient));
    }

    [Fact]
    public async Task A_truncated_answer_has_so_many_bytes_and_ends_there()
    {
        var (store, _) = await StartAsync(new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Truncate, Bytes = 3, Contains = "GET " });
        await using var _2 = store;

        var answer = await store.Raw().SendAsync("GET", "/test-bucket/a");

        Assert.Equal((200, "7", "con"), (answer.Status, answer.Headers["content-length"], answer.Text));
    }

    [Fact]
    public async Task A_truncated_answer_is_an_error_to_the_client()
    {
        var (store, client) = await StartAsync(new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Truncate, Bytes = 3, Contains = "GET " });
        await using var _ = store;
        using var got = await client.GetObjectAsync("test-bucket", "a", Ct);

        await Assert.ThrowsAnyAsync<Exception>(() => got.ResponseStream.CopyToAsync(Stream.Null, Ct));
    }

    [Fact]
    public async Task A_wrong_checksum_is_an_error_to_the_client()
    {
        var (store, client) = await StartAsync(new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.WrongChecksum, Contains = "GET " });
        await using var _ = store;

        var error = await Assert.ThrowsAnyAsync<Exception>(() => GetAsync(client));

        Assert.Contains("hash not equal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dropped_request_gets_no_answer()
    {
        var (store, _) = await StartAsync(new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Drop, Contains = "GET " });
        await using var _2 = store;

        var answer = await store.Raw().SendAsync("GET", "/test-bucket/a");

        Assert.Equal((0, ""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_delayed_request_is_answered_later()
    {
        var (store, client) = await StartAsync(new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Delay, DelayMs = 300, Contains = "GET " });
        await using var _ = store;
        var watch = Stopwatch.StartNew();

        Assert.Equal("content", await GetAsync(client));
        Assert.True(watch.ElapsedMilliseconds >= 290, $"{watch.ElapsedMilliseconds} ms");
    }

    private static async Task<string> GetAsync(AmazonS3Client client)
    {
        try
        {
            return await CommonObjectTests.ReadTextAsync(client, new GetObjectRequest { BucketName = "test-bucket", Key = "a" });
        }
        catch (AmazonS3Exception error)
        {
            return error.ErrorCode;
        }
    }

    private static async Task<(TestStore Store, AmazonS3Client Client)> StartAsync(FaultRule rule)
    {
        var plan = new FaultPlan();
        var store = await TestStore.StartAsync(options => options with { Faults = plan });
        var client = store.Client();
        await client.PutObjectAsync(new PutObjectRequest { BucketName = "test-bucket", Key = "a", ContentBody = "content" }, Ct);
        plan.Add([rule]);
        return (store, client);
    }
}
