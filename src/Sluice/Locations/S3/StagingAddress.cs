namespace Sluice.Locations.S3;

/// <summary>Where staged files go, and what was said of it.</summary>
internal sealed record StagingAddress
{
    public required string Bucket { get; init; }

    /// <summary>Where the bucket's name is from, for messages: <c>staging bucket</c>, <c>AWS_S3_BUCKET_NAME</c>; null: nobody named one.</summary>
    public required string? BucketFrom { get; init; }

    /// <summary>Empty, or with a slash at its end.</summary>
    public required string Prefix { get; init; }

    public required string? Region { get; init; }

    /// <summary>Where the region is from: <c>aws region</c>, <c>AWS_REGION</c>, <c>profile x</c>…</summary>
    public required string? RegionFrom { get; init; }

    /// <summary>Null: AWS's own.</summary>
    public required Uri? Endpoint { get; init; }

    /// <summary>The account that each request demands as the bucket's owner; null: any.</summary>
    public string? Owner { get; init; }

    public string? KmsKey { get; init; }

    /// <summary>The credentials' source, for messages.</summary>
    public required string Identity { get; init; }
}
