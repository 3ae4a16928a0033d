using System.Text;

namespace RedshiftLocal.Tests.Store;

/// <summary>
/// Signature V4, and everything that can be wrong with it. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
/// </summary>
public sealed class SignatureTests
{
    private const string ObjectPath = "/test-bucket/a";

    [Fact]
    public async Task A_request_without_a_signature_is_refused()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendUnsignedAsync("GET", "/", []);

        Assert.Equal((403, "AccessDenied"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("AWS AKIATESTTESTTESTTEST:frJIUN8DYpKDtOLCwo//yllqDzg=", 400, "InvalidRequest")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=a/20260101/s3/aws4_request, SignedHeaders=host, Signature=00", 400, "InvalidRequest")]
    [InlineData("Basic dXNlcjpwYXNz", 400, "InvalidArgument")]
    [InlineData("AWS4-HMAC-SHA256", 400, "InvalidRequest")]
    [InlineData("AWS4-HMAC-SHA256 Credential", 400, "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a", 400, "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b", 400, "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=b, More=c", 400, "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/2026-1-1/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=b", 400, "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=b", 400, "AuthorizationHeaderMalformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260102/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=b", 400, "AuthorizationHeaderMalformed")]
    public async Task A_malformed_authorization_is_refused(string authorization, int status, string code)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendUnsignedAsync(
            "GET", "/", [], ("authorization", authorization), ("x-amz-date", "20260101T000000Z"), ("x-amz-content-sha256", RawS3.Unsigned));

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_wrong_signature_is_answered_with_what_was_expected_to_be_signed()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await new RawS3(store.Endpoint, TestStore.AccessKey, "wrong").SendAsync("GET", "/");

        Assert.Equal((403, "SignatureDoesNotMatch"), (answer.Status, answer.Code));
        Assert.StartsWith("GET\n/\n\n", answer.Element("CanonicalRequest"), StringComparison.Ordinal);
        Assert.StartsWith("AWS4-HMAC-SHA256\n", answer.Element("StringToSign"), StringComparison.Ordinal);
        Assert.DoesNotContain(TestStore.SecretKey, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-16, "RequestTimeTooSkewed")]
    [InlineData(16, "RequestTimeTooSkewed")]
    [InlineData(-14, "")]
    [InlineData(14, "")]
    public async Task Clocks_may_differ_by_a_quarter_of_an_hour(int minutes, string code)
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        raw.Time = DateTimeOffset.UtcNow.AddMinutes(minutes);

        Assert.Equal(code, (await raw.SendAsync("GET", "/")).Code);
    }

    [Fact]
    public async Task A_request_without_a_date_is_refused()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var headers = raw.Signed("GET", "/", "", RawS3.Unsigned, [], out _).Where(header => header.Name != "x-amz-date");

        var answer = await raw.SendUnsignedAsync("GET", "/", [], [.. headers]);

        Assert.Equal((403, "AccessDenied"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_request_without_the_hash_of_its_body_is_refused()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var headers = raw.Signed("GET", "/", "", RawS3.Unsigned, [], out _).Where(header => header.Name != "x-amz-content-sha256");

        var answer = await raw.SendUnsignedAsync("GET", "/", [], [.. headers]);

        Assert.Equal((400, "InvalidRequest"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("signed")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public async Task A_hash_of_the_body_that_is_none_is_refused(string hash)
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync("GET", "/", payloadHash: hash);

        Assert.Equal((400, "InvalidArgument"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_header_of_s3_that_is_not_signed_is_refused_by_name()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var headers = raw.Signed("PUT", ObjectPath, "", RawS3.Hash([]), [], out _).Append(("x-amz-meta-sneaked", "in"));

        var answer = await raw.SendUnsignedAsync("PUT", ObjectPath, [], [.. headers]);

        Assert.Equal((403, "AccessDenied", "x-amz-meta-sneaked"), (answer.Status, answer.Code, answer.Element("HeadersNotSigned")));
    }

    [Fact]
    public async Task A_signed_header_that_was_changed_is_noticed()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var headers = raw.Signed("PUT", ObjectPath, "", RawS3.Hash([]), [("x-amz-meta-a", "1")], out _)
            .Select(header => header.Name == "x-amz-meta-a" ? ("x-amz-meta-a", "2") : header);

        var answer = await raw.SendUnsignedAsync("PUT", ObjectPath, [], [.. headers]);

        Assert.Equal((403, "SignatureDoesNotMatch"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_body_that_is_not_the_one_signed_is_refused_and_not_stored()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        var answer = await raw.SendAsync("PUT", ObjectPath, "changed"u8.ToArray(), payloadHash: RawS3.Hash("content"u8));

        Assert.Equal((400, "XAmzContentSHA256Mismatch"), (answer.Status, answer.Code));
        Assert.Equal(RawS3.Hash("changed"u8), answer.Element("S3ComputedContentSHA256"));
        Assert.Equal(404, (await raw.SendAsync("GET", ObjectPath)).Status);
        Assert.Empty(Directory.GetFiles(Path.Combine(store.Folder, "data")));
    }

    [Fact]
    public async Task A_body_where_none_belongs_is_refused()
    {
        await using var store = await TestStore.StartAsync();

        var answer = await store.Raw().SendAsync("GET", "/", "body"u8.ToArray(), payloadHash: RawS3.Hash([]));

        Assert.Equal((400, "XAmzContentSHA256Mismatch"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_presigned_address_works_until_it_expires()
    {
        var clock = new FixedTime(DateTimeOffset.UtcNow);
        await using var store = await TestStore.StartAsync(options => options with { Time = clock });
        var raw = store.Raw();
        await raw.SendAsync("PUT", ObjectPath, "content"u8.ToArray());
        var query = raw.Presign("GET", ObjectPath, 60);

        clock.Now += TimeSpan.FromSeconds(59);
        var early = await raw.SendUnsignedAsync("GET", $"{ObjectPath}?{query}", []);
        clock.Now += TimeSpan.FromSeconds(2);
        var late = await raw.SendUnsignedAsync("GET", $"{ObjectPath}?{query}", []);

        Assert.Equal("content", early.Text);
        Assert.Equal((403, "AccessDenied", "Request has expired"), (late.Status, late.Code, late.Element("Message")));
    }

    [Fact]
    public async Task A_presigned_put_takes_any_body()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        var answer = await raw.SendUnsignedAsync("PUT", $"{ObjectPath}?{raw.Presign("PUT", ObjectPath, 60)}", "content"u8.ToArray());

        Assert.Equal(200, answer.Status);
        Assert.Equal("content", (await raw.SendAsync("GET", ObjectPath)).Text);
    }

    [Theory]
    [InlineData("&X-Amz-Expires=60", "", "AuthorizationQueryParametersError")]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=604801", "AuthorizationQueryParametersError")]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=-1", "AuthorizationQueryParametersError")]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=soon", "AuthorizationQueryParametersError")]
    [InlineData("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", "AuthorizationQueryParametersError")]
    [InlineData("%2Faws4_request", "%2Faws3_request", "AuthorizationQueryParametersError")]
    [InlineData("X-Amz-Date=2", "X-Amz-Date=x", "AuthorizationQueryParametersError")]
    [InlineData("X-Amz-Expires=60", "X-Amz-Expires=61", "SignatureDoesNotMatch")]
    [InlineData("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=accept", "AccessDenied")]
    public async Task A_presigned_address_that_was_changed_is_refused(string from, string to, string code)
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var query = raw.Presign("GET", ObjectPath, 60).Replace(from, to, StringComparison.Ordinal);

        Assert.Equal(code, (await raw.SendUnsignedAsync("GET", $"{ObjectPath}?{query}", [])).Code);
    }

    [Fact]
    public async Task Both_forms_at_once_are_refused()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();

        var answer = await raw.SendAsync("GET", ObjectPath, query: raw.Presign("GET", ObjectPath, 60));

        Assert.Equal((400, "InvalidArgument"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_mutilated_request_never_passes_and_never_stops_the_store()
    {
        await using var store = await TestStore.StartAsync();
        var raw = store.Raw();
        var headers = raw.Signed("PUT", ObjectPath, "", RawS3.Hash("content"u8), [("x-amz-meta-a", "1")], out _);
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var authorization = headers[^1].Value.ToCharArray();
            var position = random.Next(authorization.Length);
            var replaced = authorization[position];
            authorization[position] = (char)random.Next(0x21, 0x7F);
            var isEqual = replaced == authorization[position];
            var changed = headers.SkipLast(1).Append(("authorization", new string(authorization))).ToArray();

            var answer = await raw.SendUnsignedAsync("PUT", ObjectPath, "content"u8.ToArray(), changed);

            // A blank may stand for another separator only where nothing changes.
            Assert.True(isEqual || answer.Status is 400 or 403, $"{new string(authorization)}: {answer.Status} {answer.Text}");
        }

        Assert.Equal(200, (await raw.SendAsync("PUT", ObjectPath, Encoding.UTF8.GetBytes("content"))).Status);
    }
}
