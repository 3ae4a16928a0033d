using Amazon.S3;
using Amazon.S3.Model;

namespace Sluice.Locations.S3;

/// <summary>The bucket's operations, each with the expected owner and the key of encryption, and with errors that a user understands.</summary>
internal sealed class StagingStore(IAmazonS3 client, StagingAddress address) : IDisposable
{
    private const int DeletesPerRequest = 1000;

    // Over TLS a digest of the body would guard what is guarded: the checksum goes along all the same.
    private readonly bool _isEncrypted = client.Config.ServiceURL?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) != true && !client.Config.UseHttp;

    public StagingAddress Address => address;

    public string UrlOf(string key) => $"s3://{address.Bucket}/{key}";

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken ct) => PutAsync(key, () => new StagingContent([content]), ct);

    public Task PutAsync(string key, Func<StagingContent> content, CancellationToken ct) => RunAsync(StagingAction.Put, key, async () =>
    {
        using var body = content();
        return await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = address.Bucket,
            Key = key,
            ExpectedBucketOwner = address.Owner,
            InputStream = body,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisablePayloadSigning = _isEncrypted,
            ChecksumCRC32C = body.Checksum(),
            ServerSideEncryptionMethod = Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = address.KmsKey,
        }, ct).ConfigureAwait(false);
    }, ct);

    /// <returns>The upload's id.</returns>
    public Task<string> BeginUploadAsync(string key, CancellationToken ct) => RunAsync(StagingAction.Put, key, async () =>
    {
        var begun = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest
        {
            BucketName = address.Bucket,
            Key = key,
            ExpectedBucketOwner = address.Owner,
            ChecksumAlgorithm = ChecksumAlgorithm.CRC32C,
            ServerSideEncryptionMethod = Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = address.KmsKey,
        }, ct).ConfigureAwait(false);
        return begun.UploadId;
    }, ct);

    /// <param name="key">The object's key.</param>
    /// <param name="uploadId">From <see cref="BeginUploadAsync"/>.</param>
    /// <param name="number">From 1.</param>
    /// <param name="content">At least 5 MiB, but for the last part.</param>
    /// <param name="ct">Stops.</param>
    public Task<UploadPartResponse> PutPartAsync(string key, string uploadId, int number, Func<StagingContent> content, CancellationToken ct) =>
        RunAsync(StagingAction.Put, key, async () =>
        {
            using var body = content();
            return await client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = address.Bucket,
                Key = key,
                ExpectedBucketOwner = address.Owner,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = body.Length,
                InputStream = body,
                UseChunkEncoding = false,
                DisablePayloadSigning = _isEncrypted,
                ChecksumCRC32C = body.Checksum(),
            }, ct).ConfigureAwait(false);
        }, ct);

    /// <param name="key">The object's key.</param>
    /// <param name="uploadId">From <see cref="BeginUploadAsync"/>.</param>
    /// <param name="parts">All of them.</param>
    /// <param name="bytes">Their length together: tells whether an upload whose answer was lost is complete.</param>
    /// <param name="ct">Stops.</param>
    public Task CompleteUploadAsync(string key, string uploadId, IReadOnlyList<UploadPartResponse> parts, long bytes, CancellationToken ct) =>
        RunAsync(StagingAction.Put, key, async () =>
        {
            var request = new CompleteMultipartUploadRequest
            {
                BucketName = address.Bucket,
                Key = key,
                ExpectedBucketOwner = address.Owner,
                UploadId = uploadId,
                PartETags = [.. parts.Select(part => new PartETag { PartNumber = part.PartNumber, ETag = part.ETag, ChecksumCRC32C = part.ChecksumCRC32C })],
            };
            try
            {
                await client.CompleteMultipartUploadAsync(request, ct).ConfigureAwait(false);
            }
            catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchUpload")
            {
                // The SDK asked again after a lost answer: the first request had done it. The key is this run's alone.
                if (await LengthAsync(key, ct).ConfigureAwait(false) != bytes)
                {
                    throw;
                }
            }

            return true;
        }, ct);

    /// <summary>Forgets an upload; false when that failed, and its parts are still there.</summary>
    public async Task<bool> TryAbortUploadAsync(string key, string uploadId, CancellationToken ct)
    {
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest
            {
                BucketName = address.Bucket,
                Key = key,
                ExpectedBucketOwner = address.Owner,
                UploadId = uploadId,
            }, ct).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchUpload")
        {
            return true; // aborted or completed before
        }
        catch (Exception error) when (AwsErrors.IsOfRequest(error) || error is OperationCanceledException)
        {
            return false;
        }
    }

    /// <param name="key">The object's key.</param>
    /// <param name="length">Its first bytes; null: all of it.</param>
    /// <param name="ct">Stops.</param>
    public Task<Stream> OpenReadAsync(string key, long? length, CancellationToken ct) => RunAsync(StagingAction.Get, key, async () =>
    {
        var response = await client.GetObjectAsync(new GetObjectRequest
        {
            BucketName = address.Bucket,
            Key = key,
            ExpectedBucketOwner = address.Owner,
            ByteRange = length is { } bytes ? new ByteRange(0, bytes - 1) : null,
        }, ct).ConfigureAwait(false);
        return response.ResponseStream;
    }, ct);

    /// <summary>The object's bytes from an offset on, and the tag that says which bytes they are.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="offset">0: from the start.</param>
    /// <param name="tag">Of an earlier answer: another object is an error. Null: none yet.</param>
    /// <param name="ct">Stops.</param>
    public Task<(Stream Content, string Tag)> OpenFromAsync(string key, long offset, string? tag, CancellationToken ct) => RunAsync(StagingAction.Get, key, async () =>
    {
        var response = await client.GetObjectAsync(new GetObjectRequest
        {
            BucketName = address.Bucket,
            Key = key,
            ExpectedBucketOwner = address.Owner,
            EtagToMatch = tag,
            ByteRange = offset > 0 ? new ByteRange($"bytes={offset}-") : null,
        }, ct).ConfigureAwait(false);
        return (response.ResponseStream, response.ETag);
    }, ct);

    /// <summary>All keys that begin with a prefix.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken ct)
    {
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = address.Bucket, Prefix = prefix, ExpectedBucketOwner = address.Owner };
        do
        {
            var response = await RunAsync(StagingAction.List, prefix, () => client.ListObjectsV2Async(request, ct), ct).ConfigureAwait(false);
            keys.AddRange((response.S3Objects ?? []).Select(found => found.Key));
            request.ContinuationToken = response.IsTruncated == true ? response.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
        return keys;
    }

    /// <summary>The folders right below a prefix; at most 1000.</summary>
    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken ct) => RunAsync<IReadOnlyList<string>>(StagingAction.List, prefix, async () =>
    {
        var response = await client.ListObjectsV2Async(new ListObjectsV2Request
        {
            BucketName = address.Bucket,
            Prefix = prefix,
            Delimiter = "/",
            ExpectedBucketOwner = address.Owner,
        }, ct).ConfigureAwait(false);
        return response.CommonPrefixes ?? [];
    }, ct);

    /// <summary>The region of the bucket, where the store says it.</summary>
    public Task<string?> BucketRegionAsync(CancellationToken ct) => RunAsync(StagingAction.List, "", async () =>
    {
        var response = await client.HeadBucketAsync(
            new HeadBucketRequest { BucketName = address.Bucket, ExpectedBucketOwner = address.Owner }, ct).ConfigureAwait(false);
        return string.IsNullOrEmpty(response.BucketRegion) ? null : response.BucketRegion;
    }, ct);

    /// <summary>Deletes by exact key, a thousand in each request. A key that is not there is no error.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        foreach (var some in keys.Chunk(DeletesPerRequest))
        {
            await RunAsync(StagingAction.Delete, some[0], async () =>
            {
                try
                {
                    return await client.DeleteObjectsAsync(new DeleteObjectsRequest
                    {
                        BucketName = address.Bucket,
                        ExpectedBucketOwner = address.Owner,
                        Objects = [.. some.Select(key => new KeyVersion { Key = key })],
                        Quiet = true,
                    }, ct).ConfigureAwait(false);
                }
                catch (DeleteObjectsException error) when (error.Response.DeleteErrors is [var first, ..])
                {
                    throw StagingErrors.Explain(first, address);
                }
            }, ct).ConfigureAwait(false);
        }
    }

    public void Dispose() => client.Dispose();

    private ServerSideEncryptionMethod? Encryption => address.KmsKey is null ? null : ServerSideEncryptionMethod.AWSKMS;

    private async Task<long?> LengthAsync(string key, CancellationToken ct)
    {
        try
        {
            var found = await client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = address.Bucket, Key = key, ExpectedBucketOwner = address.Owner }, ct).ConfigureAwait(false);
            return found.ContentLength;
        }
        catch (AmazonS3Exception)
        {
            return null;
        }
    }

    private async Task<T> RunAsync<T>(StagingAction action, string key, Func<Task<T>> run, CancellationToken ct)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw StagingErrors.Explain(error, action, key, address); // the SDK's own limit of time
        }
        catch (Exception error) when (AwsErrors.IsOfRequest(error))
        {
            throw StagingErrors.Explain(error, action, key, address);
        }
    }
}
