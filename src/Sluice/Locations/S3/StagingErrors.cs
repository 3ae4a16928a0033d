using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Diagnostics;

namespace Sluice.Locations.S3;

/// <summary>What went wrong in the bucket, what right is missing, and what to do about it.</summary>
internal static class StagingErrors
{
    /// <summary>The region that S3 named for the bucket, when it refused a request for being sent to another one.</summary>
    public static string? RegionOf(Exception error) =>
        error is AmazonS3Exception { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect }
            or AmazonS3Exception { ErrorCode: "AuthorizationHeaderMalformed" }
        && error.InnerException is HttpErrorResponseException { Response: { } response }
        && response.IsHeaderPresent("x-amz-bucket-region")
            ? response.GetHeaderValue("x-amz-bucket-region")
            : null;

    public static TargetException Explain(DeleteError error, StagingAddress address) =>
        Explain(new AmazonS3Exception(error.Message, ErrorType.Sender, error.Code, "", HttpStatusCode.OK), StagingAction.Delete, error.Key, address);

    public static TargetException Explain(Exception error, StagingAction action, string key, StagingAddress address)
    {
        var (reason, hint) = error switch
        {
            _ when RegionOf(error) is { } region && region != address.Region => WrongRegion(region, address),
            AmazonServiceException { StatusCode: not 0 } refused => Refusal(refused, action, address),
            _ => AwsErrors.Unreachable(error, address.Endpoint),
        };
        var what = $"Cannot {Words(action)} {Printable.Escape($"s3://{address.Bucket}/{key}")}";
        return new TargetException($"{what}: {reason}{AwsErrors.Request(error)}", hint, error);
    }

    public static (string Reason, string Hint) WrongRegion(string region, StagingAddress address) => (
        address.RegionFrom is null
            ? $"the bucket is in the region {region}"
            : $"the bucket is in the region {region}, not in {address.Region}, which {address.RegionFrom} names",
        $"write aws region = '{region}', or set AWS_REGION={region}");

    private static (string Reason, string? Hint) Refusal(AmazonServiceException error, StagingAction action, StagingAddress address) =>
        AwsErrors.Keys(error, address.Identity) ?? error.ErrorCode switch
        {
            "NoSuchBucket" => NoBucket(address),
            "NotFound" or null or "" when error.StatusCode == HttpStatusCode.NotFound && action != StagingAction.Get => NoBucket(address),
            "NoSuchKey" => ("there is no such object", null),
            "AllAccessDisabled" or "AccountProblem" => ($"AWS has closed the bucket or the account ({error.ErrorCode})", null),
            "BadDigest" or "XAmzContentSHA256Mismatch" or "XAmzContentChecksumMismatch" =>
                ("what arrived is not what was sent (checksum)", "run the load again; if it comes back, look at proxies in between"),
            "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
                ($"the bucket is not in the region {address.Region}{(address.RegionFrom is null ? "" : $", which {address.RegionFrom} names")}",
                    "write aws region = '…', or set AWS_REGION"),
            { } code when IsKms(code, error) => (
                $"the key {Printable.Escape(address.KmsKey ?? "that encrypts the bucket")} cannot be used ({code})", $"grant: {StagingPolicy.Kms(address)}"),
            "AccessDenied" or "Forbidden" or "AccountIsNotOwner" => Denied(action, address),
            null or "" when error.StatusCode == HttpStatusCode.Forbidden => Denied(action, address),
            "SlowDown" or "ServiceUnavailable" or "RequestLimitExceeded" or "Throttling" =>
                ($"S3 asks to slow down ({error.ErrorCode}), again and again", "run the load again later, or stage under another prefix"),
            _ => AwsErrors.Other(error),
        };

    private static (string Reason, string? Hint) NoBucket(StagingAddress address) => ("there is no such bucket", address.BucketFrom is null
        ? "name one: staging bucket = '…', or AWS_S3_BUCKET_NAME"
        : $"{address.BucketFrom} names it: create it, or name another");

    private static (string Reason, string? Hint) Denied(StagingAction action, StagingAddress address)
    {
        var lacks = $"{Printable.Escape(address.Identity)} lacks {StagingPolicy.ActionOf(action)}";
        var grant = $"grant: {StagingPolicy.Statement(action, address)}";
        return address.Owner is { } owner
            ? ($"access is denied: the bucket does not belong to your account {owner}, or {lacks}",
                "names of buckets are global and none was named, so this one has to be your own: set AWS_S3_BUCKET_NAME, or write staging bucket = '…'; "
                + $"if it is yours, {grant}")
            : ($"access is denied: {lacks}, or the bucket is somebody else's", grant);
    }

    private static bool IsKms(string code, AmazonServiceException error) => code.StartsWith("KMS.", StringComparison.Ordinal)
        || (code == "AccessDenied" && error.Message.Contains("kms:", StringComparison.OrdinalIgnoreCase));

    private static string Words(StagingAction action) => action switch
    {
        StagingAction.List => "list",
        StagingAction.Put => "write",
        StagingAction.Get => "read",
        _ => "delete",
    };
}
