using System.Text;
using RedshiftLocal.Store.Disk;

namespace RedshiftLocal.Store.Operations;

/// <summary>Operations on buckets themselves.</summary>
internal static class BucketOperations
{
    private const string FirstRegion = "us-east-1";
    private const int LargestBody = 64 * 1024;

    public static async Task ListAsync(S3Call call)
    {
        var query = call.Request.Query;
        var limit = Math.Clamp(query.Number("max-buckets", 10_000), 1, 10_000);
        var after = query["continuation-token"] ?? "";
        var found = call.Store.Buckets
            .Select(bucket => bucket.Info)
            .Where(info => info.Owner == call.Caller.Credential.Account && call.Caller.Credential.RightsOn(info.Name) != S3Rights.None)
            .Where(info => info.Name.StartsWith(query["prefix"] ?? "", StringComparison.Ordinal))
            .Where(info => query["bucket-region"] is not { } region || info.Region == region)
            .Where(info => string.CompareOrdinal(info.Name, after) > 0)
            .OrderBy(info => info.Name, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        await S3Answer.XmlAsync(call.Request, S3Xml.Element(
            "ListAllMyBucketsResult",
            ListOperations.Owner(call.Caller.Credential.Account),
            S3Xml.Element("Buckets", found.Take(limit).Select(info => S3Xml.Element(
                "Bucket",
                S3Xml.Element("Name", info.Name),
                S3Xml.Element("CreationDate", S3Xml.Time(info.Created)),
                S3Xml.Element("BucketRegion", info.Region)))),
            S3Xml.Optional("ContinuationToken", found.Count > limit ? found[limit - 1].Name : null)));
    }

    public static async Task CreateAsync(S3Call call)
    {
        var name = call.Request.BucketName!;
        if (!BucketName.IsValid(name))
        {
            throw new S3Exception(400, "InvalidBucketName", "The specified bucket is not valid.", ("BucketName", name));
        }

        ObjectHeaders.Read(call.Request);
        var body = await call.Payload.ReceiveAllAsync(LargestBody, call.Aborted);
        var region = RegionOf(body, call.Caller.Region);
        call.Caller.Demand(name, S3Rights.Manage);
        if (!call.Store.TryCreate(new BucketInfo(name, region, call.Caller.Credential.Account, call.Now)))
        {
            throw call.Store.Find(name)?.Info.Owner == call.Caller.Credential.Account
                ? new S3Exception(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                    ("BucketName", name))
                : new S3Exception(
                    409,
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
                    ("BucketName", name));
        }

        call.Request.Response.Headers.Location = "/" + name;
        call.Request.Response.ContentLength = 0;
    }

    public static Task DeleteAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.Manage);
        if (!call.Store.TryDelete(bucket))
        {
            throw new S3Exception(
                409, "BucketNotEmpty", "The bucket you tried to delete is not empty", ("BucketName", bucket.Info.Name));
        }

        S3Answer.NoContent(call.Request);
        return Task.CompletedTask;
    }

    public static Task HeadAsync(S3Call call)
    {
        var bucket = call.RequireBucket(S3Rights.List);
        call.Request.Response.Headers["x-amz-bucket-region"] = bucket.Info.Region;
        call.Request.Response.ContentType = "application/xml";
        return Task.CompletedTask;
    }

    /// <summary>Answers under the address of us-east-1 for all regions: that is how clients find a bucket's.</summary>
    public static async Task LocationAsync(S3Call call)
    {
        var bucket = call.Caller.Region == FirstRegion ? call.FindBucket() : call.RequireBucket(S3Rights.List);
        call.CheckOwner(bucket, "x-amz-expected-bucket-owner");
        call.Caller.Demand(bucket.Info.Name, S3Rights.List);
        var region = bucket.Info.Region;
        await S3Answer.XmlAsync(call.Request, S3Xml.Element("LocationConstraint", region == FirstRegion ? null : region));
    }

    private static string RegionOf(ReadOnlyMemory<byte> body, string endpointRegion)
    {
        var isEmpty = string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(body.Span));
        var wanted = isEmpty ? null : S3Xml.Text(S3Xml.Parse(body, "CreateBucketConfiguration"), "LocationConstraint");
        if (wanted is null or "")
        {
            return endpointRegion == FirstRegion ? FirstRegion : throw Illegal("unspecified");
        }

        if (wanted == FirstRegion || !wanted.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new S3Exception(
                400, "InvalidLocationConstraint", "The specified location-constraint is not valid", ("LocationConstraint", wanted));
        }

        return endpointRegion == FirstRegion || endpointRegion == wanted ? wanted : throw Illegal(wanted);
    }

    private static S3Exception Illegal(string wanted) => new(
        400,
        "IllegalLocationConstraintException",
        $"The {wanted} location constraint is incompatible for the region specific endpoint this request was sent to.");
}
