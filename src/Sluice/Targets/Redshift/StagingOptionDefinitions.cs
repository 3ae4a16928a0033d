using System.Collections.Immutable;
using Sluice.Commands;
using static Sluice.Commands.OptionDefinition;

namespace Sluice.Targets.Redshift;

/// <summary>The WITH options of Redshift as a target.</summary>
internal static class StagingOptionDefinitions
{
    public const string Bucket = "staging bucket";
    public const string Prefix = "staging prefix";
    public const string IamRole = "iam role";
    public const string AwsProfile = "aws profile";
    public const string AwsRegion = "aws region";
    public const string CopyPer = "copy per";
    public const string Compress = "compress";
    public const string PartSize = "part size";
    public const string KmsKey = "kms key";
    public const string KeepStagedFiles = "keep staged files";
    public const string IdentityColumns = "identity columns";

    public static TargetDescriptor Target { get; } = new() { Name = "Redshift", Options = All };

    private static ImmutableArray<OptionDefinition> All =>
    [
        Valued(Bucket, OptionKind.Text, "the S3 bucket through which rows go", "`AWS_S3_BUCKET_NAME`, else pgloader"),
        Valued(Prefix, OptionKind.Text, "keys in the bucket begin with it", "sluice"),
        Valued(IamRole, OptionKind.TextOrDefault, "the role with which COPY reads the bucket: its ARN, or the cluster's default one", "your keys"),
        Valued(AwsProfile, OptionKind.Text, "the profile in `~/.aws`", "`AWS_PROFILE`, else default"),
        Valued(AwsRegion, OptionKind.Text, "the bucket's region", "`AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's, the bucket's own"),
        Choice(CopyPer, ["table", "batch"], "one COPY for the table at the end, or one for each batch", "table"),
        Choice(Compress, ["gzip", "zstd", "none"], "how staged files are compressed", "gzip"),
        Valued(PartSize, OptionKind.Size, "compressed bytes at which the next staged file begins", "chosen by the load") with { NeedsEquals = false },
        Valued(KmsKey, OptionKind.Text, "the KMS key with which S3 encrypts staged files", "the bucket's"),
        Flag(KeepStagedFiles, "staged files are not deleted", byDefault: "no"),
        Flag(IdentityColumns, "columns that a source database numbers are numbered by Redshift", byDefault: "no"),
    ];
}
