namespace RedshiftLocal.Store.Signatures;

/// <summary>Who sent a request, proven, and how its body is signed.</summary>
/// <remarks>Region: The one signed for. PayloadHash: Of the body in hex, or UNSIGNED-PAYLOAD, or STREAMING-….</remarks>
internal sealed record Caller(
    S3Credential Credential, string Region, string PayloadHash, SigningContext Signing, string Signature, bool IsPresigned)
{
    public void Demand(string bucket, S3Rights rights)
    {
        if (!May(bucket, rights))
        {
            throw S3Errors.AccessDenied();
        }
    }

    public bool May(string bucket, S3Rights rights) => (Credential.RightsOn(bucket) & rights) == rights;
}
