using Amazon.Runtime;

namespace Sluice.Locations.S3;

/// <summary>Who signs requests.</summary>
/// <param name="Credentials">Keys, renewed when they are temporary.</param>
/// <param name="Source">Where they are from, for messages: <c>AWS_ACCESS_KEY_ID</c>, <c>profile x</c>.</param>
/// <param name="Profile">The profile whose settings count.</param>
internal sealed record AwsIdentity(AWSCredentials Credentials, string Source, string Profile)
{
    /// <summary>Keys that are valid for at least so long, where they can be renewed.</summary>
    public async Task<ImmutableCredentials> GetKeysAsync(TimeSpan lifetime, CancellationToken ct)
    {
        var keys = Credentials is RefreshingAWSCredentials refreshing
            ? refreshing.GetCredentialsAsync(lifetime)
            : Credentials.GetCredentialsAsync();
        return await keys.WaitAsync(ct).ConfigureAwait(false);
    }
}
