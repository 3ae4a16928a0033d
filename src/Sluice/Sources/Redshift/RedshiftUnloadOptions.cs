using Sluice.Commands;
using Sluice.Locations.S3;
using static Sluice.Commands.OptionDefinition;

namespace Sluice.Sources.Redshift;

/// <summary>The WITH options of Redshift as a source.</summary>
internal static class RedshiftUnloadOptions
{
    public const string Unload = "unload";

    public static OptionDefinition[] All =>
    [
        Flag(Unload, "Redshift's tables are read by UNLOAD, through S3", byDefault: "large tables, where a bucket is named"),
        Flag("no unload", "they are streamed over the connection", Unload, "off"),
        StagingOptionDefinitions.Bucket("the S3 bucket that UNLOAD writes to", "`AWS_S3_BUCKET_NAME`"),
        StagingOptionDefinitions.Prefix,
        StagingOptionDefinitions.IamRole("the role with which UNLOAD writes to the bucket"),
        StagingOptionDefinitions.AwsProfile,
        StagingOptionDefinitions.AwsRegion,
        Choice(StagingOptionDefinitions.Compress, ["gzip", "zstd", "none"], "how staged files are compressed", "gzip"),
        StagingOptionDefinitions.KmsKey,
        StagingOptionDefinitions.KeepStagedFiles,
    ];
}
