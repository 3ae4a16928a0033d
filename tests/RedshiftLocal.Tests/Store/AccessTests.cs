using Amazon.S3;
using Amazon.S3.Model;
using RedshiftLocal.Store;

namespace RedshiftLocal.Tests.Store;

/// <summary>Who may do what, with which token, where.</summary>
public sealed class AccessTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_right_opens_what_it_names_and_nothing_else()
    {
        var rights = Enum.GetValues<S3Rights>().Where(right => right is not (S3Rights.None or S3Rights.All)).ToList();
        var credentials = rights.Select(right => TestStore.Credential(right.ToString(), ("test-bucket", right))).ToList();
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [.. options.Credentials, .. credentials] });
        using var owner = store.Client();
        await owner.PutObjectAsync(new PutObjectRequest { BucketName = "test-bucket", Key = "a", ContentBody = "x" }, Ct);

        var opened = new List<string>();
        foreach (var (right, credential) in rights.Zip(credentials))
        {
            using var client = store.ClientOf(credential);
            var can = new List<string>();
            await TryAsync(can, "read", () => client.GetObjectAsync("test-bucket", "a", Ct));
            await TryAsync(can, "write", () => client.PutObjectAsync(new PutObjectRequest { BucketName = "test-bucket", Key = "b", ContentBody = "x" }, Ct));
            await TryAsync(can, "begin", () => client.InitiateMultipartUploadAsync("test-bucket", "c", Ct));
            await TryAsync(can, "list", () => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test-bucket" }, Ct));
            await TryAsync(can, "delete", () => client.DeleteObjectAsync("test-bucket", "nothing", Ct));
            await TryAsync(can, "manage", () => client.DeleteBucketAsync("test-bucket", Ct), "BucketNotEmpty");
            opened.Add($"{right}: {string.Join(' ', can)}");
        }

        Assert.Equal(["Read: read", "Write: write begin", "List: list", "Delete: delete", "Manage: manage"], opened);
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    [Fact]
    public async Task Without_the_right_to_list_a_missing_key_is_403()
    {
        var reader = TestStore.Credential("reader", ("test-bucket", S3Rights.Read));
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [reader] });
        using var client = store.ClientOf(reader);

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.GetObjectAsync("test-bucket", "nothing", Ct));

        Assert.Equal("AccessDenied", error.ErrorCode);
    }

    [Fact]
    public async Task Deleting_many_keys_says_of_each_that_it_is_not_allowed()
    {
        var reader = TestStore.Credential("reader", ("*", S3Rights.Read));
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [reader] });
        using var client = store.ClientOf(reader);

        var error = await Assert.ThrowsAsync<DeleteObjectsException>(
            () => client.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = "test-bucket", Objects = [new KeyVersion { Key = "a" }] }, Ct));

        Assert.Equal(["AccessDenied"], error.Response.DeleteErrors.Select(item => item.Code));
    }

    [Fact]
    public async Task Only_buckets_with_some_right_are_listed()
    {
        var one = TestStore.Credential("one", ("one", S3Rights.Read));
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [one], Buckets = [new("one"), new("two")] });
        using var client = store.ClientOf(one);

        Assert.Equal(["one"], (await client.ListBucketsAsync(Ct)).Buckets.Select(bucket => bucket.BucketName));
    }

    [Theory]
    [InlineData("right", "")]
    [InlineData("wrong", "InvalidToken")]
    [InlineData(null, "InvalidAccessKeyId")]
    public async Task A_temporary_key_needs_its_token(string? token, string code)
    {
        var temporary = TestStore.Credential("temporary") with { SessionToken = "right", Expires = DateTimeOffset.UtcNow.AddHours(1) };
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [temporary] });
        using var client = store.ClientOf(temporary with { SessionToken = token });

        Assert.Equal(code, await CodeAsync(() => client.ListBucketsAsync(Ct)));
    }

    [Fact]
    public async Task A_token_beside_a_permanent_key_is_refused()
    {
        await using var store = await TestStore.StartAsync();
        using var client = store.ClientOf(new S3Credential { AccessKey = TestStore.AccessKey, SecretKey = TestStore.SecretKey, SessionToken = "x" });

        Assert.Equal("InvalidToken", await CodeAsync(() => client.ListBucketsAsync(Ct)));
    }

    [Fact]
    public async Task A_token_that_expires_between_two_requests_is_refused_from_then_on()
    {
        var clock = new FixedTime(DateTimeOffset.UtcNow);
        var temporary = TestStore.Credential("temporary") with { SessionToken = "t", Expires = clock.Now.AddMinutes(1) };
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [temporary], Time = clock });
        using var client = store.ClientOf(temporary);

        var before = await CodeAsync(() => client.ListBucketsAsync(Ct));
        clock.Now += TimeSpan.FromMinutes(1);

        Assert.Equal(("", "ExpiredToken"), (before, await CodeAsync(() => client.ListBucketsAsync(Ct))));
    }

    [Theory]
    [InlineData("us-east-1", 400, "AuthorizationHeaderMalformed")]
    [InlineData("us-west-2", 301, "PermanentRedirect")]
    [InlineData("eu-central-1", 200, "")]
    public async Task A_bucket_answers_in_its_own_region_only(string region, int status, string code)
    {
        await using var store = await TestStore.StartAsync(options => options with { Buckets = [new("far-away", "eu-central-1")] });
        var raw = store.Raw();
        raw.Region = region;

        var answer = await raw.SendAsync("GET", "/far-away", query: "list-type=2");

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(status == 200 ? null : "eu-central-1", answer.Headers.GetValueOrDefault("x-amz-bucket-region"));
        Assert.Equal(status == 400 ? "eu-central-1" : "", answer.Element("Region"));
    }

    [Fact]
    public async Task The_first_region_tells_where_any_bucket_is()
    {
        await using var store = await TestStore.StartAsync(options => options with { Buckets = [new("far-away", "eu-central-1"), new("near-by")] });
        using var client = store.Client();

        Assert.Equal("eu-central-1", (await client.GetBucketLocationAsync("far-away", Ct)).Location.Value);
        Assert.Equal("", (await client.GetBucketLocationAsync("near-by", Ct)).Location.Value);
    }

    [Theory]
    [InlineData("us-east-1", null, "us-east-1", "")]
    [InlineData("us-east-1", "eu-west-1", "eu-west-1", "")]
    [InlineData("eu-west-1", "eu-west-1", "eu-west-1", "")]
    [InlineData("us-east-1", "us-east-1", "", "InvalidLocationConstraint")]
    [InlineData("eu-west-1", null, "", "IllegalLocationConstraintException")]
    [InlineData("eu-west-1", "us-west-2", "", "IllegalLocationConstraintException")]
    public async Task A_new_bucket_is_where_it_was_asked_for(string signed, string? wanted, string region, string code)
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        raw.Region = signed;
        var body = wanted is null ? "" : $"<CreateBucketConfiguration><LocationConstraint>{wanted}</LocationConstraint></CreateBucketConfiguration>";

        var answer = await raw.SendAsync("PUT", "/new-bucket", System.Text.Encoding.UTF8.GetBytes(body));
        raw.Region = region;

        Assert.Equal(code, answer.Code);
        if (code.Length == 0)
        {
            Assert.Equal(region, (await raw.SendAsync("HEAD", "/new-bucket")).Headers["x-amz-bucket-region"]);
        }
    }

    [Fact]
    public async Task A_bucket_that_is_there_already_is_not_made_again()
    {
        var other = TestStore.Credential("other") with { Account = "999999999999" };
        await using var store = await TestStore.StartAsync(options => options with { Credentials = [.. options.Credentials, other] });
        using var owner = store.Client();
        using var stranger = store.ClientOf(other);

        Assert.Equal("BucketAlreadyOwnedByYou", await CodeAsync(() => owner.PutBucketAsync("test-bucket", Ct)));
        Assert.Equal("BucketAlreadyExists", await CodeAsync(() => stranger.PutBucketAsync("test-bucket", Ct)));
    }

    private static async Task TryAsync(List<string> can, string name, Func<Task> action, string but = "")
    {
        var code = await CodeAsync(action);
        if (code.Length == 0 || code == but)
        {
            can.Add(name);
        }
        else
        {
            Assert.Equal("AccessDenied", code);
        }
    }

    private static async Task<string> CodeAsync(Func<Task> action)
    {
        try
        {
            await action();
            return "";
        }
        catch (AmazonS3Exception error)
        {
            return error.ErrorCode;
        }
    }
}
