namespace Sluice.Locations.S3;

/// <summary>The IAM policy statements that staging needs, as messages and documents show them.</summary>
internal static class StagingPolicy
{
    public static string ActionOf(StagingAction action) => action switch
    {
        StagingAction.List => "s3:ListBucket",
        StagingAction.Put => "s3:PutObject",
        StagingAction.Get => "s3:GetObject",
        _ => "s3:DeleteObject",
    };

    /// <summary>What would allow it, as JSON in one line.</summary>
    public static string Statement(StagingAction action, StagingAddress address) => Statement(ActionOf(action), action == StagingAction.List
        ? $"{Arn(address)}"
        : $"{Arn(address)}/{address.Prefix}*");

    public static string Kms(StagingAddress address) =>
        Statement("kms:GenerateDataKey\", \"kms:Decrypt", address.KmsKey is { } key && key.StartsWith("arn:", StringComparison.Ordinal) ? key : "the ARN of the key");

    private static string Statement(string action, string resource) =>
        $$"""{"Effect": "Allow", "Action": ["{{action}}"], "Resource": "{{resource}}"}""";

    // Partitions other than AWS's public one have their regions' names.
    private static string Arn(StagingAddress address)
    {
        var region = address.Region ?? "";
        var partition = region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
            : region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov" : "aws";
        return $"arn:{partition}:s3:::{address.Bucket}";
    }
}
