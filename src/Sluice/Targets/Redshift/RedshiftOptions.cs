using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Locations.S3;
using static Sluice.Commands.OptionDefinition;

namespace Sluice.Targets.Redshift;

/// <summary>The WITH options of Redshift as a target.</summary>
internal static class RedshiftOptions
{
    public static TargetDescriptor Target { get; } = new() { Name = "Redshift", Options = All };

    private static ImmutableArray<OptionDefinition> All =>
    [
        StagingOptionDefinitions.Bucket("the S3 bucket through which rows go", "`AWS_S3_BUCKET_NAME`, else pgloader"),
        StagingOptionDefinitions.Prefix,
        StagingOptionDefinitions.IamRole("the role with which COPY reads the bucket: its ARN, or the cluster's default one"),
        StagingOptionDefinitions.AwsProfile,
        StagingOptionDefinitions.AwsRegion,
        Choice(StagingOptionDefinitions.CopyPer, ["table", "batch"], "one COPY for the table at the end, or one for each batch", "table"),
        Choice(StagingOptionDefinitions.Compress, ["gzip", "zstd", "none"], "how staged files are compressed", "gzip"),
        Valued(StagingOptionDefinitions.PartSize, OptionKind.Size, "compressed bytes at which the next staged file begins", "chosen by the load") with { NeedsEquals = false },
        StagingOptionDefinitions.KmsKey,
        StagingOptionDefinitions.KeepStagedFiles,
        Flag(StagingOptionDefinitions.IdentityColumns, "columns that a source database numbers are numbered by Redshift", byDefault: "no"),
    ];
}
