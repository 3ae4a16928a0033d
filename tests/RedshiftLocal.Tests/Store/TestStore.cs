using System.Collections.Immutable;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using RedshiftLocal.Store;

namespace RedshiftLocal.Tests.Store;

/// <summary>A store of a test's own, in a folder that goes with it.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    public const string AccessKey = "AKIATESTTESTTESTTEST";
    public const string SecretKey = "test/secret+key0123456789";
    public const string Bucket = "test-bucket";

    private readonly S3Store _store;
    private readonly bool _keepsFolder;

    private TestStore(S3Store store, string folder, bool keepsFolder)
    {
        _store = store;
        Folder = folder;
        _keepsFolder = keepsFolder;
    }

    public string Folder { get; }

    public Uri Endpoint => _store.Endpoint;

    public static string NewFolder() =>
        Path.Combine(Path.GetTempPath(), "redshift-local-tests", Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture), "store");

    public static async Task<TestStore> StartAsync(Func<S3StoreOptions, S3StoreOptions>? change = null, string? folder = null)
    {
        var options = new S3StoreOptions
        {
            DataFolder = folder ?? NewFolder(),
            Credentials = [new S3Credential { AccessKey = AccessKey, SecretKey = SecretKey }],
            Buckets = [new S3BucketOptions(Bucket)],
        };
        options = change?.Invoke(options) ?? options;
        var store = new S3Store(options);
        await store.StartAsync(TestContext.Current.CancellationToken);
        return new TestStore(store, options.DataFolder, folder is not null);
    }

    public static S3Credential Credential(string name, params (string Bucket, S3Rights Rights)[] rights) => new()
    {
        AccessKey = "AKIA" + name.ToUpperInvariant(),
        SecretKey = "secret-of-" + name,
        Rights = rights.ToImmutableDictionary(right => right.Bucket, right => right.Rights),
    };

    public AmazonS3Client Client(Action<AmazonS3Config>? configure = null, AWSCredentials? credentials = null) =>
        S3Target.CreateClient(Endpoint, "us-east-1", credentials ?? new BasicAWSCredentials(AccessKey, SecretKey), configure);

    public AmazonS3Client ClientOf(S3Credential credential, string region = "us-east-1") => S3Target.CreateClient(
        Endpoint,
        region,
        credential.SessionToken is { } token
            ? new SessionAWSCredentials(credential.AccessKey, credential.SecretKey, token)
            : new BasicAWSCredentials(credential.AccessKey, credential.SecretKey),
        configure: null);

    public RawS3 Raw() => new(Endpoint, AccessKey, SecretKey);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        if (!_keepsFolder)
        {
            Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        }
    }
}
