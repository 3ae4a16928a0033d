using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>What a command says about staging; null means: not written.</summary>
internal sealed record StagingOptions
{
    private const long SmallestPart = 1 << 20;
    private const long LargestPart = 1 << 30;

    public string? Bucket { get; init; }

    /// <summary>Keys begin with it; without slashes at its ends.</summary>
    public string? Prefix { get; init; }

    /// <summary>The role that COPY reads with: an ARN (several, by commas, are a chain), or <c>default</c> for the cluster's own.</summary>
    public string? IamRole { get; init; }

    public string? AwsProfile { get; init; }

    public string? AwsRegion { get; init; }

    /// <summary>One COPY for each batch instead of one for each table.</summary>
    public bool CopyPerBatch { get; init; }

    public Compression Compression { get; init; }

    /// <summary>Compressed bytes at which a staged file is full; null: chosen by the load.</summary>
    public long? PartBytes { get; init; }

    /// <summary>The key with which S3 encrypts what is staged; null: the bucket's default.</summary>
    public string? KmsKey { get; init; }

    public bool KeepStagedFiles { get; init; }

    /// <summary>Columns that a source database numbers become IDENTITY.</summary>
    public bool NumbersColumns { get; init; }

    /// <exception cref="TargetException">A value cannot be used.</exception>
    public static StagingOptions From(LoadOptions options)
    {
        var written = options.TargetOptions.ToDictionary(option => option.Key, StringComparer.Ordinal);
        return new StagingOptions
        {
            Bucket = Text(StagingOptionDefinitions.BucketWords),
            Prefix = Text(StagingOptionDefinitions.PrefixWords),
            IamRole = Text(StagingOptionDefinitions.IamRoleWords),
            AwsProfile = Text(StagingOptionDefinitions.AwsProfileWords),
            AwsRegion = Text(StagingOptionDefinitions.AwsRegionWords),
            CopyPerBatch = Text(StagingOptionDefinitions.CopyPer) == "batch",
            Compression = Text(StagingOptionDefinitions.Compress) switch
            {
                "zstd" => Compression.Zstd,
                "none" => Compression.None,
                _ => Compression.Gzip,
            },
            PartBytes = PartSize(written.GetValueOrDefault(StagingOptionDefinitions.PartSize)),
            KmsKey = Text(StagingOptionDefinitions.KmsKeyWords),
            KeepStagedFiles = Text(StagingOptionDefinitions.KeepStagedFilesWords) == "on",
            NumbersColumns = Text(StagingOptionDefinitions.IdentityColumns) == "on",
        };

        string? Text(string key) => written.GetValueOrDefault(key)?.Text;
    }

    private static long? PartSize(TargetOption? option) => option is null or { Number: >= SmallestPart and <= LargestPart }
        ? option?.Number
        : throw new TargetException($"{option.Place}: The option {option.Key} takes 1 MB to 1 GB, found {option.Number} bytes",
            "files of that size are loaded best");
}

/// <summary>How staged files are compressed.</summary>
internal enum Compression
{
    Gzip,
    Zstd,
    None,
}
