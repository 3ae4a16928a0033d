using System.Buffers;
using System.Text.RegularExpressions;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>Finds out with which keys, in which bucket and region to stage, without touching the bucket.</summary>
internal sealed partial class StagingResolver(StagingOptions options, AwsEnvironment environment)
{
    private const string DefaultBucket = "pgloader";
    private const string DefaultPrefix = "sluice";

    private static readonly TimeSpan KeysTimeout = TimeSpan.FromSeconds(30);

    private static readonly SearchValues<char> BucketCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private static readonly SearchValues<char> RegionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    // What S3 calls safe, without quotes: the key stands in SQL and in the views of errors.
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!-_.*()/");

    /// <exception cref="TargetException">Credentials, bucket or endpoint are missing or wrong.</exception>
    public async Task<(AwsIdentity Identity, StagingAddress Address)> ResolveAsync(CancellationToken ct)
    {
        CheckRole();
        var (bucket, bucketFrom) = Bucket();
        var prefix = Prefix();
        var profiles = AwsProfiles.Read(environment);
        var identity = await new AwsIdentityFinder(environment, profiles).FindAsync(options.AwsProfile, ct).ConfigureAwait(false);
        await CheckKeysAsync(identity, ct).ConfigureAwait(false);
        var (region, regionFrom) = Region(profiles, identity.Profile);
        var profileEndpoint = profiles.Find(identity.Profile, "endpoint_url");
        var address = new StagingAddress
        {
            Bucket = bucket,
            BucketFrom = bucketFrom,
            Prefix = prefix,
            Region = region,
            RegionFrom = regionFrom,
            Endpoint = Endpoint(environment.Endpoint("S3") ?? profileEndpoint),
            KmsKey = options.KmsKey,
            Identity = identity.Source,
        };
        return (identity, bucketFrom is not null ? address : address with
        {
            Owner = await OwnerAsync(identity, Endpoint(environment.Endpoint("STS") ?? profileEndpoint), region, ct).ConfigureAwait(false),
        });
    }

    private (string Bucket, string? From) Bucket()
    {
        var (bucket, from) = options.Bucket is { } written ? (written, "staging bucket")
            : environment["AWS_S3_BUCKET_NAME"] is { } variable ? (variable, "AWS_S3_BUCKET_NAME")
            : (DefaultBucket, null);
        return bucket.Length is >= 3 and <= 63 && !bucket.AsSpan().ContainsAnyExcept(BucketCharacters)
            ? (bucket, from)
            : throw new TargetException($"{from} is \"{Printable.Escape(bucket)}\", which cannot be a bucket's name",
                "a name has 3 to 63 lower-case letters, digits, dots and hyphens; what follows a slash goes into staging prefix = '…'");
    }

    private string Prefix()
    {
        var prefix = (options.Prefix ?? DefaultPrefix).Trim('/');
        return prefix.AsSpan().ContainsAnyExcept(KeyCharacters) || prefix.Length > 100
            ? throw new TargetException($"The staging prefix \"{Printable.Escape(prefix)}\" cannot be used",
                "it takes up to 100 letters, digits and ! - _ . * ( ) /")
            : prefix.Length == 0 ? "" : prefix + "/";
    }

    private (string? Region, string? From) Region(AwsProfiles profiles, string profile)
    {
        var (region, from) = options.AwsRegion is { } written ? (written, "aws region")
            : environment["AWS_REGION"] is { } variable ? (variable, "AWS_REGION")
            : environment["AWS_DEFAULT_REGION"] is { } byDefault ? (byDefault, "AWS_DEFAULT_REGION")
            : profiles.Find(profile, "region") is { } configured ? (configured, $"the profile {profile}")
            : ((string?)null, (string?)null);
        return region is null || !region.AsSpan().ContainsAnyExcept(RegionCharacters)
            ? (region, from)
            : throw new TargetException($"{from} is \"{Printable.Escape(region)}\", which cannot be a region", "a region is written like eu-central-1");
    }

    private void CheckRole()
    {
        if (options.IamRole is { } role && !role.Equals("default", StringComparison.OrdinalIgnoreCase) && !role.Split(',').All(RoleArn().IsMatch))
        {
            throw new TargetException($"iam role is \"{Printable.Escape(role)}\", which is not the ARN of a role",
                "write iam role = 'arn:aws:iam::123456789012:role/name', or iam role = default; several ARNs are joined by commas, without blanks");
        }
    }

    private static Uri? Endpoint(string? text) => text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw new TargetException($"The AWS endpoint \"{Printable.Escape(SecretMask.Redact(text))}\" is not the address of a server",
            "AWS_ENDPOINT_URL_S3 and the like take http://host:port or https://host:port");

    private static async Task CheckKeysAsync(AwsIdentity identity, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(KeysTimeout);
        try
        {
            await identity.GetKeysAsync(TimeSpan.Zero, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TargetException($"Cannot get keys from {Printable.Escape(identity.Source)}: there was no answer within {KeysTimeout.TotalSeconds} seconds");
        }
        catch (Exception error) when (AwsErrors.IsOfRequest(error))
        {
            throw AwsErrors.NoKeys(identity.Source, error);
        }
    }

    private static async Task<string> OwnerAsync(AwsIdentity identity, Uri? endpoint, string? region, CancellationToken ct)
    {
        try
        {
            return await AwsClients.AccountAsync(identity, endpoint, region, ct).ConfigureAwait(false);
        }
        catch (TargetException error)
        {
            throw new TargetException(
                $"No staging bucket is named, and whether the bucket \"{DefaultBucket}\" is yours cannot be found out. {error.Message}",
                "set AWS_S3_BUCKET_NAME, or write staging bucket = '…'", error);
        }
    }

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=.@/-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();
}
