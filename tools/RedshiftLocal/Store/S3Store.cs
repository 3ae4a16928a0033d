using System.Net;
using System.Text;
using RedshiftLocal.Http;
using RedshiftLocal.Store.Disk;

namespace RedshiftLocal.Store;

/// <summary>An S3-compatible store over HTTP, with its objects in a folder. Strict: what S3 refuses it refuses.</summary>
public sealed class S3Store : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly S3StoreOptions _options;
    private ObjectStore? _objects;
    private KestrelHost? _host;

    public S3Store(S3StoreOptions options) => _options = options;

    /// <summary>http://ADDRESS:PORT, once started.</summary>
    public Uri Endpoint => _host?.Address ?? throw new InvalidOperationException("The store is not started");

    /// <summary>
    /// Opens the folder, makes the buckets and listens. Throws <see cref="InvalidDataException"/> for options and files that are wrong,
    /// <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> for a folder or an address that cannot be had.
    /// </summary>
    public async Task StartAsync(CancellationToken ct)
    {
        CheckOptions();
        _objects = ObjectStore.Open(_options.DataFolder);
        try
        {
            foreach (var bucket in _options.Buckets)
            {
                _objects.TryCreate(new BucketInfo(
                    bucket.Name, bucket.Region ?? _options.Region, bucket.Owner ?? _options.Account, _options.Time.GetUtcNow()));
            }

            var application = new S3Application(_options, _objects);
            _host = await KestrelHost.StartAsync(
                new IPEndPoint(_options.Listen, _options.Port),
                server =>
                {
                    server.Limits.MaxRequestBodySize = null;
                    server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
                    server.Limits.MaxRequestLineSize = 16 * 1024;
                    server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
                    server.Limits.MaxResponseBufferSize = 512 * 1024;
                    server.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
                },
                application.AnswerAsync,
                ct);
        }
        catch
        {
            _objects.Dispose();
            _objects = null;
            throw;
        }
    }

    /// <summary>Stops listening; requests under way have two seconds.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (_host is not null)
        {
            using var grace = CancellationTokenSource.CreateLinkedTokenSource(ct);
            grace.CancelAfter(Grace);
            await _host.StopAsync(grace.Token);
            await _host.DisposeAsync();
            _host = null;
        }

        _objects?.Dispose();
        _objects = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private void CheckOptions()
    {
        if (_options.Buckets.FirstOrDefault(bucket => !BucketName.IsValid(bucket.Name)) is { } bad)
        {
            throw new InvalidDataException(
                $"'{bad.Name}' is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends");
        }

        if (_options.Credentials.GroupBy(credential => credential.AccessKey, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"The access key {twice.Key} is given twice");
        }

        if (_options.Roles.FirstOrDefault(role => _options.Credentials.All(credential => credential.AccessKey != role.Value)) is { Key: { } arn } role)
        {
            throw new InvalidDataException($"The role {arn} stands for the access key {role.Value}, which is not among the credentials");
        }
    }
}
