using RedshiftLocal.Store.Operations;

namespace RedshiftLocal.Store;

/// <summary>Finds the operation that a request means.</summary>
internal static class S3Router
{
    // Subresources that S3 has and this store has not: refused, so that no caller thinks they were heeded.
    private static readonly HashSet<string> Uncovered = new(StringComparer.Ordinal)
    {
        "accelerate", "acl", "analytics", "append", "attributes", "cors", "encryption", "intelligent-tiering", "inventory", "legal-hold",
        "lifecycle", "logging", "metadataConfiguration", "metadataTable", "metrics", "notification", "object-lock", "ownershipControls", "policy",
        "policyStatus", "publicAccessBlock", "renameObject", "replication", "requestPayment", "restore", "retention", "select", "session",
        "tagging", "torrent", "versioning", "versions", "website",
    };

    public static async Task RunAsync(S3Call call)
    {
        var operation = Find(call.Request);
        if (!operation.HasBody)
        {
            await call.Payload.RequireNoneAsync(call.Aborted);
        }

        await operation.Run(call);
    }

    private static Operation Find(S3Request request)
    {
        if (request.Query.Items.FirstOrDefault(item => Uncovered.Contains(item.Name)).Name is { } subresource)
        {
            throw S3Errors.NotImplemented(subresource);
        }

        var operation = request switch
        {
            { BucketName: null } => request.Method == "GET" ? new Operation(BucketOperations.ListAsync) : null,
            { Key: null } => OfBucket(request),
            _ => OfObject(request),
        };
        return operation ?? throw S3Errors.MethodNotAllowed(request.Method);
    }

    private static Operation? OfBucket(S3Request request) => request.Method switch
    {
        "GET" when request.Query.Has("location") => new(BucketOperations.LocationAsync),
        "GET" when request.Query.Has("uploads") => new(MultipartOperations.ListUploadsAsync),
        "GET" => request.Query["list-type"] switch
        {
            null or "1" => new(ListOperations.ListV1Async),
            "2" => new(ListOperations.ListV2Async),
            var other => throw S3Errors.InvalidArgument("Invalid List Type specified in Request", "list-type", other),
        },
        "HEAD" => new(BucketOperations.HeadAsync),
        "PUT" => new(BucketOperations.CreateAsync, HasBody: true),
        "DELETE" => new(BucketOperations.DeleteAsync),
        "POST" when request.Query.Has("delete") => new(DeleteManyOperation.DeleteManyAsync, HasBody: true),
        "POST" => throw S3Errors.NotImplemented("POST of a form"),
        _ => null,
    };

    private static Operation? OfObject(S3Request request)
    {
        var hasUpload = request.Query.Has("uploadId");
        var isCopy = request.Header("x-amz-copy-source") is not null;
        return request.Method switch
        {
            "GET" when hasUpload => new(MultipartOperations.ListPartsAsync),
            "GET" => new(ReadOperations.GetAsync),
            "HEAD" => new(ReadOperations.HeadAsync),
            "PUT" when hasUpload => isCopy ? new(MultipartOperations.CopyPartAsync) : new(MultipartOperations.UploadPartAsync, HasBody: true),
            "PUT" => isCopy ? new(WriteOperations.CopyAsync) : new(WriteOperations.PutAsync, HasBody: true),
            "DELETE" => hasUpload ? new(MultipartOperations.AbortAsync) : new(WriteOperations.DeleteAsync),
            "POST" when request.Query.Has("uploads") => new(MultipartOperations.CreateAsync),
            "POST" when hasUpload => new(CompleteOperation.CompleteAsync, HasBody: true),
            _ => null,
        };
    }

    private sealed record Operation(Func<S3Call, Task> Run, bool HasBody = false);
}
