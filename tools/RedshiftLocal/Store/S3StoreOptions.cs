using System.Collections.Immutable;
using System.Net;
using RedshiftLocal.Faults;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Store;

/// <summary>A bucket to make at the start; an existing one of the same name stays as it is.</summary>
/// <remarks>Region: Null: the store's. Owner: Account; null: the store's.</remarks>
public sealed record S3BucketOptions(string Name, string? Region = null, string? Owner = null);

/// <summary>All that an <see cref="S3Store"/> needs to know.</summary>
public sealed record S3StoreOptions
{
    /// <summary>Made when missing. Nothing is written outside it.</summary>
    public required string DataFolder { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int Port { get; init; }

    public string Region { get; init; } = "us-east-1";

    public string Account { get; init; } = S3Credential.DefaultAccount;

    public ImmutableArray<S3Credential> Credentials { get; init; } = [];

    public ImmutableArray<S3BucketOptions> Buckets { get; init; } = [];

    /// <summary>Roles that AssumeRole knows: ARN to the access key whose rights the role has.</summary>
    public ImmutableDictionary<string, string> Roles { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Host names under which BUCKET.NAME is a bucket's own address.</summary>
    public ImmutableArray<string> HostNames { get; init; } = ["localhost", "amazonaws.com"];

    public IFaultSource Faults { get; init; } = new FaultPlan();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Is told of each secret handed in or out.</summary>
    public SecretLedger? Secrets { get; init; }

    /// <summary>Takes a line about a failure of the store itself.</summary>
    public Action<string>? Log { get; init; }
}
