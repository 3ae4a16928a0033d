using System.Collections.Immutable;

namespace RedshiftLocal.Store;

/// <summary>A key pair, permanent or (with a token) temporary, and what it may do.</summary>
public sealed record S3Credential
{
    public const string DefaultAccount = "123456789012";

    public required string AccessKey { get; init; }

    public required string SecretKey { get; init; }

    /// <summary>With a token the pair is temporary: a request must bring both.</summary>
    public string? SessionToken { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>The twelve digits of the account.</summary>
    public string Account { get; init; } = DefaultAccount;

    /// <summary>Who it is; null: a user named as the access key.</summary>
    public string? Arn { get; init; }

    /// <summary>Rights by bucket; <c>*</c> stands for the buckets that are not named. Empty: all rights on all buckets.</summary>
    public ImmutableDictionary<string, S3Rights> Rights { get; init; } = ImmutableDictionary<string, S3Rights>.Empty;

    public string EffectiveArn => Arn ?? $"arn:aws:iam::{Account}:user/{AccessKey}";

    public S3Rights RightsOn(string bucket) =>
        Rights.IsEmpty ? S3Rights.All
        : Rights.TryGetValue(bucket, out var rights) ? rights
        : Rights.GetValueOrDefault("*", S3Rights.None);
}
