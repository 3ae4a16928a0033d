using Sluice.Commands;
using static Sluice.Commands.OptionDefinition;

namespace Sluice.Locations.S3;

/// <summary>The WITH options about rows that travel through S3. The words of those that only one side understands stand here too.</summary>
internal static class StagingOptionDefinitions
{
    public const string BucketWords = "staging bucket";
    public const string PrefixWords = "staging prefix";
    public const string IamRoleWords = "iam role";
    public const string AwsProfileWords = "aws profile";
    public const string AwsRegionWords = "aws region";
    public const string CopyPer = "copy per";
    public const string Compress = "compress";
    public const string PartSize = "part size";
    public const string KmsKeyWords = "kms key";
    public const string KeepStagedFilesWords = "keep staged files";
    public const string IdentityColumns = "identity columns";

    public static OptionDefinition Prefix => Valued(PrefixWords, OptionKind.Text, "keys in the bucket begin with it", "sluice");

    public static OptionDefinition AwsProfile => Valued(AwsProfileWords, OptionKind.Text, "the profile in `~/.aws`", "`AWS_PROFILE`, else default");

    public static OptionDefinition AwsRegion =>
        Valued(AwsRegionWords, OptionKind.Text, "the bucket's region", "`AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's, the bucket's own");

    public static OptionDefinition KmsKey => Valued(KmsKeyWords, OptionKind.Text, "the KMS key with which S3 encrypts staged files", "the bucket's");

    public static OptionDefinition KeepStagedFiles => Flag(KeepStagedFilesWords, "staged files are not deleted", byDefault: "no");

    public static OptionDefinition Bucket(string help, string byDefault) => Valued(BucketWords, OptionKind.Text, help, byDefault);

    public static OptionDefinition IamRole(string help) => Valued(IamRoleWords, OptionKind.TextOrDefault, help, "your keys");
}
