using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace RedshiftLocal.Tests.Store;

/// <summary>What a server from outside does otherwise than S3; tests of it are skipped there.</summary>
[Flags]
public enum S3Deviations
{
    None = 0,

    /// <summary>Signs for any region are taken.</summary>
    AnyRegion = 1,

    /// <summary>A wrong checksum in a header is not noticed.</summary>
    HeaderChecksums = 2,

    /// <summary>Checksums are not kept and given back.</summary>
    StoredChecksums = 4,

    /// <summary>Expected bucket owners are not heeded.</summary>
    BucketOwners = 8,

    /// <summary>An unknown access key is answered as a wrong signature.</summary>
    UnknownKeys = 16,

    /// <summary>Another code than NoSuchUpload for an upload that is not there.</summary>
    UploadErrors = 32,

    /// <summary>Parts out of order are put in order.</summary>
    PartOrder = 64,

    /// <summary>A multipart upload's CRC32 is that of the whole unless asked otherwise, or always.</summary>
    CompositeCrc = 128,

    /// <summary>A body in HTTP chunks with a trailer is not taken.</summary>
    StreamedTrailers = 256,

    /// <summary>Who signs wrongly is told AccessDenied, whatever is wrong.</summary>
    RefusalCodes = 512,
}

/// <summary>
/// The server that the common cases run against: our store, or the one that REDSHIFT_LOCAL_S3_ENDPOINT, _ACCESS_KEY, _SECRET_KEY,
/// _REGION and _DEVIATIONS name.
/// </summary>
public sealed class S3Target : IAsyncLifetime
{
    private readonly List<string> _buckets = [];
    private TestStore? _own;
    private S3Deviations _deviations;
    private int _count;

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1");

    public string AccessKey { get; private set; } = TestStore.AccessKey;

    public string SecretKey { get; private set; } = TestStore.SecretKey;

    public string Region { get; private set; } = "us-east-1";

    public async ValueTask InitializeAsync()
    {
        if (Variable("ENDPOINT") is not { } endpoint)
        {
            _own = await TestStore.StartAsync();
            Endpoint = _own.Endpoint;
            return;
        }

        Endpoint = new Uri(endpoint);
        AccessKey = Variable("ACCESS_KEY") ?? throw new InvalidOperationException("REDSHIFT_LOCAL_S3_ACCESS_KEY is not set");
        SecretKey = Variable("SECRET_KEY") ?? throw new InvalidOperationException("REDSHIFT_LOCAL_S3_SECRET_KEY is not set");
        Region = Variable("REGION") ?? Region;
        _deviations = Enum.Parse<S3Deviations>(Variable("DEVIATIONS") ?? nameof(S3Deviations.None));
    }

    /// <summary>Skips the test on a server that deviates so.</summary>
    public void Needs(S3Deviations conformance) =>
        Assert.SkipWhen((_deviations & conformance) != 0, $"this server deviates: {conformance}");

    /// <summary>The code that this server has for a request whose signature is refused.</summary>
    public string Refusal(string code) => (_deviations & S3Deviations.RefusalCodes) == 0 ? code : "AccessDenied";

    public AmazonS3Client Client(Action<AmazonS3Config>? configure = null) =>
        CreateClient(Endpoint, Region, new BasicAWSCredentials(AccessKey, SecretKey), configure);

    public AmazonS3Client ClientWith(string secretKey) => CreateClient(Endpoint, Region, new BasicAWSCredentials(AccessKey, secretKey), null);

    public AmazonS3Client ClientIn(string region) => CreateClient(Endpoint, region, new BasicAWSCredentials(AccessKey, SecretKey), null);

    /// <summary>A bucket of the test's own.</summary>
    public async Task<string> CreateBucketAsync()
    {
        var name = NewName();
        using var client = Client();
        await client.PutBucketAsync(name, TestContext.Current.CancellationToken);
        lock (_buckets)
        {
            _buckets.Add(name);
        }

        return name;
    }

    public string NewName() => $"case-{Guid.NewGuid():N}"[..24] + $"-{Interlocked.Increment(ref _count)}";

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
            return;
        }

        using var client = Client();
        foreach (var bucket in _buckets)
        {
            await EmptyAsync(client, bucket);
            await client.DeleteBucketAsync(bucket);
        }
    }

    internal static AmazonS3Client CreateClient(Uri endpoint, string region, AWSCredentials credentials, Action<AmazonS3Config>? configure)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = region,
            MaxErrorRetry = 0,
        };
        configure?.Invoke(config);
        return new AmazonS3Client(credentials, config);
    }

    private static async Task EmptyAsync(AmazonS3Client client, string bucket)
    {
        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket });
        foreach (var upload in uploads.MultipartUploads ?? [])
        {
            await client.AbortMultipartUploadAsync(bucket, upload.Key, upload.UploadId);
        }

        while (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }) is { S3Objects.Count: > 0 } page)
        {
            await client.DeleteObjectsAsync(new DeleteObjectsRequest
            {
                BucketName = bucket,
                Objects = [.. page.S3Objects.Select(found => new KeyVersion { Key = found.Key })],
            });
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("REDSHIFT_LOCAL_S3_" + name) is { Length: > 0 } value ? value : null;
}
