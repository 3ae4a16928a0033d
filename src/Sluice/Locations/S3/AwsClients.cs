using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>Makes the SDK's clients: without logging, with limits on time and retries.</summary>
internal static class AwsClients
{
    // The SDK hands the body on in pieces of 8 kB by default: a system call for each.
    private const int CopyBytes = 64 << 10;
    private const string DefaultRegion = "us-east-1";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <param name="identity">Signs.</param>
    /// <param name="endpoint">Null: AWS's own.</param>
    /// <param name="region">Null: not known yet.</param>
    /// <param name="retries">How often a request that failed for no lasting reason is sent again, with growing pauses.</param>
    public static AmazonS3Client S3(AwsIdentity identity, Uri? endpoint, string? region, int retries) =>
        new(identity.Credentials, Prepare(new AmazonS3Config { ForcePathStyle = endpoint is not null, MaxErrorRetry = retries }, endpoint, region));

    /// <summary>The account of the caller.</summary>
    /// <exception cref="TargetException">STS does not say.</exception>
    public static async Task<string> AccountAsync(AwsIdentity identity, Uri? endpoint, string? region, CancellationToken ct)
    {
        using var client = new AmazonSecurityTokenServiceClient(identity.Credentials, Prepare(new AmazonSecurityTokenServiceConfig { MaxErrorRetry = 2 }, endpoint, region));
        try
        {
            var caller = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), ct).ConfigureAwait(false);
            return caller.Account;
        }
        catch (Exception error) when (AwsErrors.IsOfRequest(error) || (error is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw AwsErrors.Explain("Cannot ask STS which account these keys belong to", error, identity.Source, endpoint);
        }
    }

    private static T Prepare<T>(T config, Uri? endpoint, string? region)
        where T : ClientConfig
    {
        config.BufferSize = CopyBytes;
        config.RetryMode = RequestRetryMode.Standard;
        config.Timeout = Timeout;
        config.ConnectTimeout = ConnectTimeout;
        config.DisableLogging = true;
        config.LogMetrics = false;
        config.LogResponse = false;
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region ?? DefaultRegion);
        }
        else
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = region ?? DefaultRegion;
        }

        return config;
    }
}
