using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Sluice.Diagnostics;
using Sluice.Locations.S3;
using Sluice.ServerTests.Servers;
using Sluice.Targets.Redshift;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>
/// Staging on a server that REDSHIFT_LOCAL_S3_ENDPOINT, _ACCESS_KEY, _SECRET_KEY and _REGION name (eng/s3-servers.sh starts some), so that what our
/// own store takes is not the only measure. _ROLE is the ARN of a role that the key may assume there.
/// </summary>
public sealed class StagingOnOtherServersTests : IAsyncLifetime
{
    private readonly string _bucket = "staging-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private AmazonS3Client? _admin;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AmazonS3Client Admin => _admin ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Variable("ENDPOINT") is null, "REDSHIFT_LOCAL_S3_ENDPOINT is not set");
        _admin = new AmazonS3Client(new BasicAWSCredentials(Variable("ACCESS_KEY"), Variable("SECRET_KEY")), new AmazonS3Config
        {
            ServiceURL = Variable("ENDPOINT"),
            ForcePathStyle = true,
            AuthenticationRegion = Variable("REGION") ?? "us-east-1",
        });
        await _admin.PutBucketAsync(_bucket, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DeleteBucketAsync(_bucket, Ct); // which fails unless all is gone
            _admin.Dispose();
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(30_000_000)]
    public async Task Files_arrive_whole_and_leave_nothing_behind(int bytes)
    {
        var plain = RandomNumberGenerator.GetBytes(bytes);
        await using (var area = await OpenAsync(Keys()))
        {
            await StageAsync(area, plain);
        }

        Assert.Empty(await ContentAsync());
    }

    [Fact]
    public async Task A_file_that_is_given_up_leaves_nothing_behind()
    {
        await using (var area = await OpenAsync(Keys()))
        {
            await using var part = area.CreatePart("1.csv");
            await part.WriteAsync(new byte[12_000_000], Ct);
        }

        Assert.Empty(await ContentAsync());
    }

    [Fact]
    public async Task A_wrong_secret_is_an_error()
    {
        var keys = Keys();
        keys["AWS_SECRET_ACCESS_KEY"] = "not-the/secret";
        var error = await Assert.ThrowsAsync<TargetException>(() => OpenAsync(keys));
        Assert.Matches("the secret key does not belong to the access key|access is denied", error.Message); // radosgw with STS says no more
        Assert.DoesNotContain("not-the/secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_bucket_is_an_error()
    {
        var keys = Keys();
        keys["AWS_S3_BUCKET_NAME"] = _bucket[..40] + "x";
        var error = await Assert.ThrowsAsync<TargetException>(() => OpenAsync(keys));
        Assert.Contains("there is no such bucket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Temporary_keys_serve_and_a_tampered_token_does_not()
    {
        Assert.SkipWhen(Variable("ROLE") is null, "REDSHIFT_LOCAL_S3_ROLE is not set: the server has no STS");
        using var sts = new AmazonSecurityTokenServiceClient(Variable("ACCESS_KEY"), Variable("SECRET_KEY"), new AmazonSecurityTokenServiceConfig
        {
            ServiceURL = Variable("ENDPOINT"),
            AuthenticationRegion = Variable("REGION") ?? "us-east-1",
        });
        var assumed = await sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = Variable("ROLE"), RoleSessionName = "staging" }, Ct);
        var keys = Keys();
        keys["AWS_ACCESS_KEY_ID"] = assumed.Credentials.AccessKeyId;
        keys["AWS_SECRET_ACCESS_KEY"] = assumed.Credentials.SecretAccessKey;
        keys["AWS_SESSION_TOKEN"] = assumed.Credentials.SessionToken;
        await using (var area = await OpenAsync(keys))
        {
            await StageAsync(area, RandomNumberGenerator.GetBytes(7_000_000));
            Assert.Contains($"SESSION_TOKEN '{assumed.Credentials.SessionToken}'", (await area.AuthorizeAsync(Ct)).Sql, StringComparison.Ordinal);
        }

        Assert.Empty(await ContentAsync());
        keys["AWS_SESSION_TOKEN"] = "x" + assumed.Credentials.SessionToken[1..];
        await Assert.ThrowsAsync<TargetException>(() => OpenAsync(keys));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("REDSHIFT_LOCAL_S3_" + name);

    private Dictionary<string, string?> Keys() => new(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL_S3"] = Variable("ENDPOINT"),
        ["AWS_ACCESS_KEY_ID"] = Variable("ACCESS_KEY"),
        ["AWS_SECRET_ACCESS_KEY"] = Variable("SECRET_KEY"),
        ["AWS_S3_BUCKET_NAME"] = _bucket,
    };

    private static Task<StagingArea> OpenAsync(Dictionary<string, string?> environment) => StagingArea.OpenAsync(
        new StagingOptions { Compression = Compression.None }, name => environment.GetValueOrDefault(name), new RecordingLogger(), TimeProvider.System, Ct);

    private static async Task StageAsync(StagingArea area, byte[] plain)
    {
        await using var part = area.CreatePart("t/1.csv");
        await part.WriteAsync(plain, Ct);
        var staged = await part.CompleteAsync();
        await using var content = await area.OpenReadAsync(staged, Ct);
        using var read = new MemoryStream();
        await content.CopyToAsync(read, Ct);
        Assert.True(read.ToArray().AsSpan().SequenceEqual(plain));
    }

    private async Task<List<string>> ContentAsync()
    {
        var objects = await Admin.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket }, Ct);
        var uploads = await Admin.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket }, Ct);
        return [.. (objects.S3Objects ?? []).Select(one => one.Key), .. (uploads.MultipartUploads ?? []).Select(upload => "upload " + upload.Key)];
    }
}
