namespace Sluice.Targets.Redshift;

/// <summary>What a command says about staging; null means: not written.</summary>
internal sealed record StagingOptions
{
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
}

/// <summary>How staged files are compressed.</summary>
internal enum Compression
{
    Gzip,
    Zstd,
    None,
}
