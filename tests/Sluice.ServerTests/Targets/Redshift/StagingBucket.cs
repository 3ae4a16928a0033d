using System.Collections.Immutable;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using RedshiftLocal.Faults;
using RedshiftLocal.Store;
using Sluice.Locations.S3;
using Sluice.ServerTests.Servers;
using Sluice.Targets.Redshift;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>A store of a test's own with one bucket, and the environment of a user who may do everything in it.</summary>
internal sealed class StagingBucket : IAsyncDisposable
{
    public const string Name = "staging-bucket";
    public const string AccessKey = "AKIAFULLACCESS";
    public const string SecretKey = "the/secret+of-all-rights";
    public const string RoleArn = "arn:aws:iam::123456789012:role/loader";

    private readonly S3Store _store;
    private readonly string _folder;
    private readonly AmazonS3Client _admin;

    private StagingBucket(S3Store store, string folder, FaultPlan faults)
    {
        _store = store;
        _folder = folder;
        Faults = faults;
        Home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        _admin = new AmazonS3Client(new BasicAWSCredentials(AccessKey, SecretKey), new AmazonS3Config
        {
            ServiceURL = store.Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
        });
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = Home,
            ["AWS_ENDPOINT_URL"] = store.Endpoint.AbsoluteUri,
            ["AWS_ACCESS_KEY_ID"] = AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
            ["AWS_S3_BUCKET_NAME"] = Name,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
    }

    public FaultPlan Faults { get; }

    public string Home { get; }

    public Uri Endpoint => _store.Endpoint;

    public Dictionary<string, string> Environment { get; }

    public RecordingLogger Log { get; } = new();

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public static async Task<StagingBucket> StartAsync(Func<S3StoreOptions, S3StoreOptions>? change = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), "sluice-staging-tests", Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        var faults = new FaultPlan();
        var options = new S3StoreOptions
        {
            DataFolder = Path.Combine(folder, "store"),
            Credentials = [new S3Credential { AccessKey = AccessKey, SecretKey = SecretKey }],
            Buckets = [new S3BucketOptions(Name)],
            Roles = ImmutableDictionary<string, string>.Empty.Add(RoleArn, AccessKey),
            Faults = faults,
        };
        var store = new S3Store(change?.Invoke(options) ?? options);
        await store.StartAsync(TestContext.Current.CancellationToken);
        return new StagingBucket(store, folder, faults);
    }

    /// <summary>Starts a store with a second user, who has these rights on the bucket, and takes that user's place.</summary>
    public static async Task<StagingBucket> StartAsync(S3Rights rights, string? token = null, DateTimeOffset? expires = null)
    {
        var bucket = await StartAsync(options => options with
        {
            Credentials = options.Credentials.Add(new S3Credential
            {
                AccessKey = "AKIALESS",
                SecretKey = "the/secret+of-less",
                SessionToken = token,
                Expires = expires,
                Rights = ImmutableDictionary<string, S3Rights>.Empty.Add(Name, rights),
            }),
        });
        bucket.Environment["AWS_ACCESS_KEY_ID"] = "AKIALESS";
        bucket.Environment["AWS_SECRET_ACCESS_KEY"] = "the/secret+of-less";
        if (token is not null)
        {
            bucket.Environment["AWS_SESSION_TOKEN"] = token;
        }

        return bucket;
    }

    public Task<StagingArea> OpenAsync(StagingOptions? options = null) =>
        StagingArea.OpenAsync(options ?? new StagingOptions(), name => Environment.GetValueOrDefault(name), Log, Time, TestContext.Current.CancellationToken);

    /// <summary>Orders one fault for requests to the store: its JSON without the point.</summary>
    public void Order(string json) => Faults.Add(FaultPlan.Parse("{\"point\": \"storeRequest\", " + json + "}"));

    /// <summary>Writes <c>~/.aws/credentials</c> or <c>config</c>.</summary>
    public void WriteProfiles(string file, string text)
    {
        Directory.CreateDirectory(Path.Combine(Home, ".aws"));
        File.WriteAllText(Path.Combine(Home, ".aws", file), text);
    }

    public async Task PutAsync(string key, string content, string bucket = Name) => await _admin.PutObjectAsync(
        new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = content }, TestContext.Current.CancellationToken);

    /// <summary>Every key of the bucket, and <c>upload KEY</c> for each upload that was not ended.</summary>
    public async Task<List<string>> ContentAsync(string bucket = Name)
    {
        var ct = TestContext.Current.CancellationToken;
        var objects = await _admin.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }, ct);
        var uploads = await _admin.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket }, ct);
        return
        [
            .. (objects.S3Objects ?? []).Select(one => one.Key),
            .. (uploads.MultipartUploads ?? []).Select(upload => $"upload {upload.Key}"),
        ];
    }

    public async Task<byte[]> ReadAsync(string key)
    {
        using var response = await _admin.GetObjectAsync(Name, key, TestContext.Current.CancellationToken);
        using var content = new MemoryStream();
        await response.ResponseStream.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    public async Task<string> EncryptionAsync(string key)
    {
        var found = await _admin.GetObjectMetadataAsync(Name, key, TestContext.Current.CancellationToken);
        return $"{found.ServerSideEncryptionMethod} {found.ServerSideEncryptionKeyManagementServiceKeyId}";
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
