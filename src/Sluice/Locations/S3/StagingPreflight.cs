using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>Tries everything that the load will do in the bucket, before the load does anything: list, write, read, delete.</summary>
internal sealed class StagingPreflight(AwsIdentity identity, StagingAddress address, StagingRunName run)
{
    private const int Reads = 3;
    private const string DefaultRegion = "us-east-1";
    private const int FirstRetries = 2;
    private const int Retries = 5;

    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(10);

    private static readonly byte[] Probe = "sluice may write here\n"u8.ToArray();

    /// <summary>The folders of runs that lie beside this run's.</summary>
    public IReadOnlyList<StagingRunName> Folders { get; private set; } = [];

    /// <summary>The bucket, and its region.</summary>
    /// <exception cref="TargetException">Something is missing.</exception>
    public async Task<(StagingStore Store, string Region)> RunAsync(bool keepsFiles, CancellationToken ct)
    {
        var store = await FindAsync(ct).ConfigureAwait(false);
        try
        {
            var region = await RegionAsync(store, ct).ConfigureAwait(false);
            await ProbeAsync(store, keepsFiles, ct).ConfigureAwait(false);
            return (store, region);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    // Where no region is known, S3 answers from the wrong one with the right one.
    private async Task<StagingStore> FindAsync(CancellationToken ct)
    {
        try
        {
            await ListAsync(address, ct).ConfigureAwait(false);
            return Open(address, Retries);
        }
        catch (TargetException error) when (address.Region is null && error.InnerException is { } inner && StagingErrors.RegionOf(inner) is { } region)
        {
            var found = address with { Region = region };
            await ListAsync(found, ct).ConfigureAwait(false);
            return Open(found, Retries);
        }
    }

    // Soon over where nothing answers.
    private async Task ListAsync(StagingAddress at, CancellationToken ct)
    {
        using var store = Open(at, FirstRetries);
        var folders = await store.ListFoldersAsync(at.Prefix, ct).ConfigureAwait(false);
        Folders = [.. folders.Select(folder => StagingRunName.TryParse(folder[at.Prefix.Length..].TrimEnd('/'))).OfType<StagingRunName>()];
    }

    private StagingStore Open(StagingAddress at, int retries) => new(AwsClients.S3(identity, at.Endpoint, at.Region, retries), at);

    private static async Task<string> RegionAsync(StagingStore store, CancellationToken ct)
    {
        var address = store.Address;
        var region = await store.BucketRegionAsync(ct).ConfigureAwait(false);
        if (region is not null && address.Region is not null && region != address.Region)
        {
            var (reason, hint) = StagingErrors.WrongRegion(region, address);
            throw new TargetException($"Cannot stage in s3://{address.Bucket}: {reason}", hint);
        }

        return region ?? address.Region ?? DefaultRegion;
    }

    private async Task ProbeAsync(StagingStore store, bool keepsFiles, CancellationToken ct)
    {
        var key = $"{store.Address.Prefix}{run}/probe";
        await store.PutAsync(key, Probe, ct).ConfigureAwait(false);
        try
        {
            await ReadAsync(store, key, ct).ConfigureAwait(false);
        }
        catch
        {
            await TryDeleteAsync(store, key).ConfigureAwait(false);
            throw;
        }

        try
        {
            await store.DeleteAsync([key], ct).ConfigureAwait(false);
        }
        catch (TargetException) when (keepsFiles)
        {
            // It may not delete, and has not to.
        }
    }

    // The SDK sends a request again, but does not read an answer again that broke off.
    private static async Task ReadAsync(StagingStore store, string key, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryReadAsync(store, key, ct).ConfigureAwait(false);
                return;
            }
            catch (IOException error)
            {
                if (attempt == Reads)
                {
                    throw StagingErrors.Explain(error, StagingAction.Get, key, store.Address);
                }
            }
        }
    }

    private static async Task TryReadAsync(StagingStore store, string key, CancellationToken ct)
    {
        var content = await store.OpenReadAsync(key, Probe.Length, ct).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var read = new byte[Probe.Length + 1];
            var length = await content.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
            if (!read.AsSpan(0, length).SequenceEqual(Probe))
            {
                throw new TargetException($"What was written to {store.UrlOf(key)} reads differently: the store changes what it is given",
                    "look at proxies in between, and at the endpoint");
            }
        }
    }

    private static async Task TryDeleteAsync(StagingStore store, string key)
    {
        using var limit = new CancellationTokenSource(CleanupTimeout);
        try
        {
            await store.DeleteAsync([key], limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TargetException or OperationCanceledException)
        {
            // The first error is the one to tell; a probe is twenty bytes.
        }
    }
}
