using System.Collections.Immutable;
using RedshiftLocal.Store;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.Targets.Redshift;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>What is missing shows before anything is loaded, by name and with the way out.</summary>
public sealed class StagingPreflightTests
{
    private const string Where = $"s3://{StagingBucket.Name}/sluice/";

    [Fact]
    public async Task All_rights_but_managing_buckets_are_enough_and_the_probe_is_gone()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.Read | S3Rights.Write | S3Rights.List | S3Rights.Delete);
        await using var area = await bucket.OpenAsync();
        Assert.Empty(await bucket.ContentAsync());
        Assert.Equal("us-east-1", area.Region);
        Assert.StartsWith("sluice/", area.RunPrefix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_to_list_is_named_when_it_is_missing()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.Read | S3Rights.Write | S3Rights.Delete);
        var error = await FailAsync(bucket);
        Assert.StartsWith($"Cannot list {Where}: access is denied: AWS_ACCESS_KEY_ID lacks s3:ListBucket, or the bucket is somebody else's (request ",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(
            """grant: {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "arn:aws:s3:::staging-bucket"}""", error.Hint);
    }

    [Theory]
    [InlineData(S3Rights.Read | S3Rights.List | S3Rights.Delete, "write", "s3:PutObject")]
    [InlineData(S3Rights.Write | S3Rights.List | S3Rights.Delete, "read", "s3:GetObject")]
    [InlineData(S3Rights.Read | S3Rights.Write | S3Rights.List, "delete", "s3:DeleteObject")]
    public async Task Each_other_right_is_named_when_it_is_missing(S3Rights rights, string verb, string action)
    {
        await using var bucket = await StagingBucket.StartAsync(rights);
        var error = await FailAsync(bucket);
        Assert.StartsWith($"Cannot {verb} {Where}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"/probe: access is denied: AWS_ACCESS_KEY_ID lacks {action}", error.Message, StringComparison.Ordinal);
        Assert.Equal($$"""grant: {"Effect": "Allow", "Action": ["{{action}}"], "Resource": "arn:aws:s3:::staging-bucket/sluice/*"}""", error.Hint);
        if (verb == "read")
        {
            Assert.Empty(await bucket.ContentAsync());
        }
    }

    [Fact]
    public async Task Who_keeps_staged_files_need_not_be_able_to_delete()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.Read | S3Rights.Write | S3Rights.List);
        await using var area = await bucket.OpenAsync(new StagingOptions { KeepStagedFiles = true });
        Assert.Equal([area.RunPrefix + "probe"], await bucket.ContentAsync());
    }

    [Fact]
    public async Task A_key_that_nobody_knows_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_ACCESS_KEY_ID"] = "AKIANOBODY";
        var error = await FailAsync(bucket);
        Assert.StartsWith($"Cannot list {Where}: the access key is not known (the keys are from AWS_ACCESS_KEY_ID) (request ", error.Message, StringComparison.Ordinal);
        Assert.Equal("check AWS_ACCESS_KEY_ID, or the profile; temporary keys need AWS_SESSION_TOKEN too", error.Hint);
    }

    [Fact]
    public async Task A_wrong_secret_is_an_error_that_does_not_show_it()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_SECRET_ACCESS_KEY"] = "not-the/secret+at-all";
        var error = await FailAsync(bucket);
        Assert.StartsWith($"Cannot list {Where}: the secret key does not belong to the access key (the keys are from AWS_ACCESS_KEY_ID)", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("not-the/secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_has_expired_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.All, "a-token-of-yesterday", DateTimeOffset.UtcNow.AddHours(-1));
        var error = await FailAsync(bucket);
        Assert.StartsWith($"Cannot list {Where}: the temporary keys have expired (the keys are from AWS_ACCESS_KEY_ID)", error.Message, StringComparison.Ordinal);
        Assert.Equal("get new ones, for SSO with: aws sso login; then run the load again", error.Hint);
        Assert.DoesNotContain("a-token-of-yesterday", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync(S3Rights.All, "the-token");
        bucket.Environment["AWS_SESSION_TOKEN"] = "another-token";
        var error = await FailAsync(bucket);
        Assert.StartsWith($"Cannot list {Where}: the session token does not belong to the keys", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_far_off_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Order("\"kind\": \"error\", \"code\": \"RequestTimeTooSkewed\"");
        Assert.StartsWith($"Cannot list {Where}: this machine's clock differs from AWS's by more than 15 minutes", (await FailAsync(bucket)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_bucket_is_an_error_that_says_who_named_it()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_S3_BUCKET_NAME"] = "no-such-bucket";
        var error = await FailAsync(bucket);
        Assert.StartsWith("Cannot list s3://no-such-bucket/sluice/: there is no such bucket (request ", error.Message, StringComparison.Ordinal);
        Assert.Equal("AWS_S3_BUCKET_NAME names it: create it, or name another", error.Hint);
    }

    [Fact]
    public async Task A_missing_bucket_that_nobody_named_asks_for_a_name()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment.Remove("AWS_S3_BUCKET_NAME");
        var error = await FailAsync(bucket);
        Assert.StartsWith("Cannot list s3://pgloader/sluice/: there is no such bucket", error.Message, StringComparison.Ordinal);
        Assert.Equal("name one: staging bucket = '…', or AWS_S3_BUCKET_NAME", error.Hint);
    }

    [Fact]
    public async Task The_default_bucket_has_to_be_the_callers_own()
    {
        await using var bucket = await StagingBucket.StartAsync(options => options with
        {
            Buckets = options.Buckets.Add(new S3BucketOptions("pgloader", Owner: "210987654321")),
        });
        bucket.Environment.Remove("AWS_S3_BUCKET_NAME");
        var error = await FailAsync(bucket);
        Assert.StartsWith(
            "Cannot list s3://pgloader/sluice/: access is denied: the bucket does not belong to your account 123456789012, or AWS_ACCESS_KEY_ID lacks s3:ListBucket",
            error.Message, StringComparison.Ordinal);
        Assert.StartsWith("names of buckets are global and none was named, so this one has to be your own: set AWS_S3_BUCKET_NAME", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_bucket_serves_who_owns_it()
    {
        await using var bucket = await StagingBucket.StartAsync(options => options with { Buckets = options.Buckets.Add(new S3BucketOptions("pgloader")) });
        bucket.Environment.Remove("AWS_S3_BUCKET_NAME");
        await using var area = await bucket.OpenAsync();
        Assert.Equal("pgloader", area.Bucket);
    }

    [Fact]
    public async Task The_default_bucket_is_refused_when_the_account_cannot_be_known()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment.Remove("AWS_S3_BUCKET_NAME");
        bucket.Order("\"kind\": \"error\", \"code\": \"AccessDenied\", \"regex\": \"^POST /$\"");
        var error = await FailAsync(bucket);
        Assert.StartsWith(
            "No staging bucket is named, and whether the bucket \"pgloader\" is yours cannot be found out. Cannot ask STS which account these keys belong to: AWS answers AccessDenied, status 403",
            error.Message, StringComparison.Ordinal);
        Assert.Equal("set AWS_S3_BUCKET_NAME, or write staging bucket = '…'", error.Hint);
    }

    [Fact]
    public async Task A_bucket_in_another_region_than_the_one_named_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync(Frankfurt);
        bucket.Environment["AWS_DEFAULT_REGION"] = "eu-west-1";
        var error = await FailAsync(bucket);
        Assert.StartsWith(
            $"Cannot list {Where}: the bucket is in the region eu-central-1, not in eu-west-1, which AWS_DEFAULT_REGION names (request ", error.Message,
            StringComparison.Ordinal);
        Assert.Equal("write aws region = 'eu-central-1', or set AWS_REGION=eu-central-1", error.Hint);
    }

    [Fact]
    public async Task Us_east_1_knows_where_the_bucket_is_and_says_so()
    {
        await using var bucket = await StagingBucket.StartAsync(Frankfurt);
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { AwsRegion = "us-east-1" }));
        Assert.StartsWith($"Cannot list {Where}: the bucket is in the region eu-central-1, not in us-east-1, which aws region names", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_buckets_own_region_counts_when_none_is_named()
    {
        await using var bucket = await StagingBucket.StartAsync(Frankfurt);
        await using var area = await bucket.OpenAsync();
        Assert.Equal("eu-central-1", area.Region);
    }

    [Theory]
    [InlineData("aws region", "eu-central-1", "a", "b", "c")]
    [InlineData("AWS_REGION", null, "eu-central-1", "b", "c")]
    [InlineData("AWS_DEFAULT_REGION", null, null, "eu-central-1", "c")]
    [InlineData("the profile default", null, null, null, "eu-central-1")]
    public async Task The_region_is_looked_for_in_order(string from, string? option, string? region, string? byDefault, string? profile)
    {
        await using var bucket = await StagingBucket.StartAsync(Frankfurt);
        bucket.WriteProfiles("config", $"[default]\nregion = {profile}\n");
        bucket.Environment["AWS_REGION"] = region ?? "";
        bucket.Environment["AWS_DEFAULT_REGION"] = byDefault ?? "";
        await using (var area = await bucket.OpenAsync(new StagingOptions { AwsRegion = option }))
        {
            Assert.Equal("eu-central-1", area.Region);
        }

        bucket.WriteProfiles("config", "[default]\nregion = eu-west-1\n");
        bucket.Environment["AWS_REGION"] = region is null ? "" : "eu-west-1";
        bucket.Environment["AWS_DEFAULT_REGION"] = byDefault is null ? "" : "eu-west-1";
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { AwsRegion = option is null ? null : "eu-west-1" }));
        Assert.Contains($"not in eu-west-1, which {from} names", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1/";
        var error = await FailAsync(bucket);
        Assert.Equal($"Cannot list {Where}: the endpoint http://127.0.0.1:1/ cannot be reached (ConnectionRefused)", error.Message);
        Assert.Equal("check AWS_ENDPOINT_URL, or the variable of the service", error.Hint);
    }

    [Fact]
    public async Task A_host_that_is_not_known_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_ENDPOINT_URL_S3"] = "http://s3.invalid/";
        Assert.Equal($"Cannot list {Where}: the host name of the endpoint http://s3.invalid/ is not known", (await FailAsync(bucket)).Message);
    }

    [Fact]
    public async Task An_endpoint_that_closes_connections_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Order("\"kind\": \"drop\"");
        Assert.Equal($"Cannot list {Where}: the connection to the endpoint {bucket.Endpoint} broke", (await FailAsync(bucket)).Message);
    }

    [Theory]
    [InlineData("localhost:9000")]
    [InlineData("ftp://localhost")]
    [InlineData("minio")]
    public async Task An_endpoint_that_is_no_address_is_an_error(string endpoint)
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_ENDPOINT_URL_S3"] = endpoint;
        var error = await FailAsync(bucket);
        Assert.Equal($"The AWS endpoint \"{endpoint}\" is not the address of a server", error.Message);
    }

    [Theory]
    [InlineData("KMS.NotFoundException", null)]
    [InlineData("KMS.DisabledException", null)]
    [InlineData("AccessDenied", "User: x is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:k")]
    public async Task A_key_of_encryption_that_cannot_be_used_is_an_error(string code, string? message)
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Order($"\"kind\": \"error\", \"code\": \"{code}\", \"message\": \"{message ?? "no"}\", \"contains\": \"PUT\"");
        const string Key = "arn:aws:kms:us-east-1:123456789012:key/1234";
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { KmsKey = Key }));
        Assert.Contains($"/probe: the key {Key} cannot be used ({code})", error.Message, StringComparison.Ordinal);
        Assert.Equal($$"""grant: {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "{{Key}}"}""", error.Hint);
    }

    [Fact]
    public async Task What_S3_says_that_nobody_foresaw_is_passed_on()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Order("\"kind\": \"error\", \"code\": \"QuotaExceeded\", \"message\": \"The quota is used up\", \"contains\": \"PUT\"");
        Assert.Contains("/probe: AWS answers QuotaExceeded, status 400: The quota is used up (request ", (await FailAsync(bucket)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_always_busy_is_an_error_in_the_end()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Order("\"kind\": \"error\", \"code\": \"SlowDown\", \"contains\": \"GET\"");
        Assert.StartsWith($"Cannot list {Where}: S3 asks to slow down (SlowDown), again and again", (await FailAsync(bucket)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("My-Bucket")]
    [InlineData("bucket/with/path")]
    [InlineData("arn:aws:s3:us-east-1:123456789012:accesspoint/x")]
    public async Task A_name_that_no_bucket_can_have_is_an_error(string name)
    {
        await using var bucket = await StagingBucket.StartAsync();
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { Bucket = name }));
        Assert.Equal($"staging bucket is \"{name}\", which cannot be a bucket's name", error.Message);
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("a b")]
    [InlineData("ä")]
    public async Task A_prefix_that_would_need_quoting_is_an_error(string prefix)
    {
        await using var bucket = await StagingBucket.StartAsync();
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { Prefix = prefix }));
        Assert.Equal($"The staging prefix \"{prefix}\" cannot be used", error.Message);
    }

    [Theory]
    [InlineData("loader")]
    [InlineData("arn:aws:iam::1:role/x")]
    [InlineData("arn:aws:iam::123456789012:user/x")]
    [InlineData("arn:aws:iam::123456789012:role/a, arn:aws:iam::123456789012:role/b")]
    public async Task A_role_that_is_no_ARN_is_an_error(string role)
    {
        await using var bucket = await StagingBucket.StartAsync();
        var error = await Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync(new StagingOptions { IamRole = role }));
        Assert.Equal($"iam role is \"{role}\", which is not the ARN of a role", error.Message);
    }

    [Fact]
    public async Task A_region_that_cannot_be_one_is_an_error()
    {
        await using var bucket = await StagingBucket.StartAsync();
        bucket.Environment["AWS_REGION"] = "Frankfurt am Main";
        Assert.Equal("AWS_REGION is \"Frankfurt am Main\", which cannot be a region", (await FailAsync(bucket)).Message);
    }

    [Fact]
    public async Task Files_are_encrypted_with_the_key_that_is_named()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync(new StagingOptions { KmsKey = "alias/loads", Compression = Compression.None });
        var small = await area.PutAsync("small", "x"u8.ToArray(), TestContext.Current.CancellationToken);
        await using var part = area.CreatePart("large");
        await part.WriteAsync(new byte[12_000_000], TestContext.Current.CancellationToken);
        var large = await part.CompleteAsync();
        Assert.Equal("aws:kms alias/loads", await bucket.EncryptionAsync(small.Key));
        Assert.Equal("aws:kms alias/loads", await bucket.EncryptionAsync(large.Key));
    }

    [Fact]
    public async Task Without_a_prefix_files_lie_at_the_top()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync(new StagingOptions { Prefix = "" });
        Assert.Matches("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}-[0-9]+-[0-9a-f]{8}/$", area.RunPrefix);
    }

    private static Task<TargetException> FailAsync(StagingBucket bucket) => Assert.ThrowsAsync<TargetException>(() => bucket.OpenAsync());

    private static S3StoreOptions Frankfurt(S3StoreOptions options) =>
        options with { Buckets = ImmutableArray.Create(new S3BucketOptions(StagingBucket.Name, "eu-central-1")) };
}
