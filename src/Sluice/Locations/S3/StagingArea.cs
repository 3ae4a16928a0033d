using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>
/// A run's own folder in a bucket: what is put there is deleted at the end by exact key, whatever happened in between. Thread-safe but for the parts.
/// </summary>
internal sealed class StagingArea : IAsyncDisposable
{
    // Of 5 MB each: hides 50 ms of latency at 150 MB/s, and holds 16 MB besides the files that are written.
    private const int Uploads = 3;

    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(30);

    // A COPY has at least so long before the keys it was given expire, where they can be renewed.
    private static readonly TimeSpan KeysLifetime = TimeSpan.FromMinutes(15);

    private readonly StagingOptions _options;
    private readonly AwsIdentity _identity;
    private readonly StagingStore _store;
    private readonly ILogger _logger;
    private readonly StagingUploads _uploads = new(Uploads);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _folders = new(StringComparer.Ordinal);

    private StagingArea(StagingOptions options, AwsIdentity identity, StagingStore store, string region, StagingRunName run, ILogger logger)
    {
        _options = options;
        _identity = identity;
        _store = store;
        _logger = logger;
        Region = region;
        RunPrefix = $"{store.Address.Prefix}{run}/";
    }

    public string Bucket => _store.Address.Bucket;

    /// <summary>The bucket's region.</summary>
    public string Region { get; }

    /// <summary>What all keys of this run, and no others, begin with; ends with a slash.</summary>
    public string RunPrefix { get; }

    /// <summary>Finds keys, bucket and region, and tries each right that is needed with a probe.</summary>
    /// <exception cref="TargetException">Something is missing: says what, and what would help.</exception>
    public static async Task<StagingArea> OpenAsync(
        StagingOptions options, Func<string, string?> environment, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        var (identity, address) = await new StagingResolver(options, new AwsEnvironment(environment)).ResolveAsync(ct).ConfigureAwait(false);
        var run = StagingRunName.Create(time.GetUtcNow(), Environment.MachineName, Environment.ProcessId);
        var preflight = new StagingPreflight(identity, address, run);
        var (store, region) = await preflight.RunAsync(options.KeepStagedFiles, ct).ConfigureAwait(false);
        var area = new StagingArea(options, identity, store, region, run, logger);
        Log.StagingReady(logger, store.UrlOf(area.RunPrefix), region, identity.Source);
        foreach (var orphan in preflight.Folders.Where(folder => folder.IsOrphan(run, IsAlive)))
        {
            Log.StagedFilesOrphaned(logger, store.UrlOf($"{address.Prefix}{orphan}/"), orphan.Began);
        }

        return area;
    }

    /// <summary>A name as a piece of a key: what is not a letter, a digit or one of <c>_ .</c> becomes a hyphen, and it is cut to 40 characters.</summary>
    public static string SafeName(string name) =>
        string.Concat(name.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '-'));

    /// <summary>The right with which COPY reads; keys are renewed before they expire.</summary>
    public async Task<CopyAuthorization> AuthorizeAsync(CancellationToken ct)
    {
        if (_options.IamRole is { } role)
        {
            return CopyAuthorization.OfRole(role);
        }

        try
        {
            var keys = await _identity.GetKeysAsync(KeysLifetime, ct).ConfigureAwait(false);
            return CopyAuthorization.OfKeys(keys.AccessKey, keys.SecretKey, keys.Token);
        }
        catch (Exception error) when (AwsErrors.IsOfRequest(error))
        {
            throw AwsErrors.NoKeys(_identity.Source, error);
        }
    }

    /// <summary>Begins a file.</summary>
    /// <param name="name">What follows <see cref="RunPrefix"/>; unique within the run.</param>
    public StagedPart CreatePart(string name) => new(_store, _uploads, Claim(name), _options.Compression, _stop.Token);

    /// <summary>Puts bytes as they are.</summary>
    /// <param name="name">What follows <see cref="RunPrefix"/>; unique within the run.</param>
    /// <param name="content">All of it.</param>
    /// <param name="ct">Stops.</param>
    public async Task<StagedObject> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var key = Claim(name);
        await _uploads.EnterAsync(ct).ConfigureAwait(false);
        try
        {
            await _store.PutAsync(key, content, ct).ConfigureAwait(false);
        }
        finally
        {
            _uploads.Leave();
        }

        return new StagedObject(key, _store.UrlOf(key), content.Length);
    }

    /// <summary>A folder that somebody else fills, a server; what is found there at the end is deleted. Ends with a slash.</summary>
    /// <param name="name">What follows <see cref="RunPrefix"/>; unique within the run.</param>
    public string ClaimFolder(string name)
    {
        var prefix = $"{RunPrefix}{name}/";
        return _folders.TryAdd(prefix, true) ? prefix : throw new InvalidOperationException($"The staged folder {name} is used twice.");
    }

    public string UrlOf(string key) => _store.UrlOf(key);

    /// <summary>The key of an address in this run's folder; null: it is elsewhere.</summary>
    public string? KeyOf(string url) => url.StartsWith(UrlOf(RunPrefix), StringComparison.Ordinal) ? url[UrlOf("").Length..] : null;

    /// <summary>An object's bytes as stored. What breaks off is asked for again from there.</summary>
    public Stream Download(string key) => new StagedDownload(_store, key);

    /// <summary>The object's bytes as stored: compressed.</summary>
    public Task<Stream> OpenReadAsync(StagedObject staged, CancellationToken ct) => _store.OpenReadAsync(staged.Key, null, ct);

    /// <summary>Deletes what is no longer needed, unless it is to be kept.</summary>
    public Task DeleteAsync(IEnumerable<StagedObject> staged, CancellationToken ct) => DeleteKeysAsync([.. staged.Select(one => one.Key)], ct);

    /// <summary>The same by key.</summary>
    public async Task DeleteKeysAsync(IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        if (_options.KeepStagedFiles)
        {
            return;
        }

        await _store.DeleteAsync(keys, ct).ConfigureAwait(false);
        foreach (var key in keys)
        {
            _keys.TryRemove(key, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await CleanUpAsync().ConfigureAwait(false);
        foreach (var key in _uploads.Left)
        {
            Log.UploadLeft(_logger, _store.UrlOf(key));
        }

        _store.Dispose();
        _uploads.Dispose();
        _stop.Dispose();
    }

    private async Task CleanUpAsync()
    {
        var folder = _store.UrlOf(RunPrefix);
        using var limit = new CancellationTokenSource(CleanupTimeout);
        try
        {
            var keys = _keys.Keys.ToList();
            foreach (var filled in _folders.Keys)
            {
                keys.AddRange(await _store.ListAsync(filled, limit.Token).ConfigureAwait(false));
            }

            if (keys.Count == 0)
            {
                return;
            }

            if (_options.KeepStagedFiles)
            {
                Log.StagedFilesKept(_logger, folder, keys.Count);
                return;
            }

            await _store.DeleteAsync(keys, limit.Token).ConfigureAwait(false);
        }
        catch (TargetException error)
        {
            Log.StagedFilesLeft(_logger, folder, error.Message);
        }
        catch (OperationCanceledException)
        {
            Log.StagedFilesLeft(_logger, folder, $"S3 did not answer within {CleanupTimeout.TotalSeconds} seconds");
        }
    }

    // From here on the key is deleted at the end, even when its upload fails: its answer may only have been lost.
    private string Claim(string name)
    {
        var key = RunPrefix + name;
        return _keys.TryAdd(key, true) ? key : throw new InvalidOperationException($"The staged file {name} is written twice.");
    }

    private static bool IsAlive(int id, DateTimeOffset began)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= began.AddSeconds(1);
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return true; // it cannot be told
        }
    }
}
