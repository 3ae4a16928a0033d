using RedshiftLocal.Faults;
using RedshiftLocal.Store.Disk;
using RedshiftLocal.Store.Payloads;
using RedshiftLocal.Store.Signatures;

namespace RedshiftLocal.Store;

/// <summary>An authenticated request, with all that an operation needs.</summary>
internal sealed record S3Call(S3StoreOptions Options, ObjectStore Store, S3Request Request, Caller Caller, Payload Payload, Fault? Fault)
{
    public string Key => Request.Key!;

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    public CancellationToken Aborted => Request.Aborted;

    public bool SendsWrongChecksum => Fault?.Kind == FaultKind.WrongChecksum;

    /// <summary>The bucket that is addressed. Throws when it is missing, elsewhere, another's or closed to the caller.</summary>
    public Bucket RequireBucket(S3Rights rights)
    {
        var bucket = FindBucket();
        CheckRegion(bucket);
        CheckOwner(bucket, "x-amz-expected-bucket-owner");
        Caller.Demand(bucket.Info.Name, rights);
        return bucket;
    }

    /// <summary>The bucket that is addressed, wherever it is.</summary>
    public Bucket FindBucket() => Store.Find(Request.BucketName!) ?? throw S3Errors.NoSuchBucket(Request.BucketName!);

    public void CheckOwner(Bucket bucket, string header)
    {
        if (Request.Header(header) is { } expected && expected != bucket.Info.Owner)
        {
            throw S3Errors.AccessDenied();
        }
    }

    /// <summary>The object, or 404; or 403 for a caller who may not list, and so may not know.</summary>
    public StoredObject RequireObject(Bucket bucket, string key) => bucket.Find(key)
        ?? throw (Caller.May(bucket.Info.Name, S3Rights.List) ? S3Errors.NoSuchKey(key) : S3Errors.AccessDenied());

    // Clients find the address of a region from its name, so the region signed for tells which address they meant: the one of
    // us-east-1 is the address of all regions and knows better; the others send away.
    private void CheckRegion(Bucket bucket)
    {
        var region = bucket.Info.Region;
        if (Caller.Region == region)
        {
            return;
        }

        var headers = new Dictionary<string, string> { ["x-amz-bucket-region"] = region };
        if (Caller.Region == "us-east-1")
        {
            throw Caller.IsPresigned
                ? new S3Exception(
                    400,
                    "AuthorizationQueryParametersError",
                    $"Error parsing the X-Amz-Credential parameter; the region '{Caller.Region}' is wrong; expecting '{region}'",
                    ("Region", region))
                { Headers = headers }
                : new S3Exception(
                    400,
                    "AuthorizationHeaderMalformed",
                    $"The authorization header is malformed; the region '{Caller.Region}' is wrong; expecting '{region}'",
                    ("Region", region))
                { Headers = headers };
        }

        throw new S3Exception(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
            ("Endpoint", Request.Header("Host") ?? ""),
            ("Bucket", bucket.Info.Name))
        { Headers = headers };
    }
}
