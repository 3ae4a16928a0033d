namespace RedshiftLocal.Copy;

/// <summary>What signs requests to the store. Printing it shows no secret.</summary>
public sealed record S3Credentials(string AccessKey, string SecretKey, string? Token)
{
    public override string ToString() => "S3Credentials(...)";
}
