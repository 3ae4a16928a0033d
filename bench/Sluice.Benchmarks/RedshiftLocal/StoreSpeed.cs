using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Sluice.Benchmarks.RedshiftLocal;

/// <summary>One S3 server, and how fast an object goes in and out, with AWSSDK.S3 at its defaults over http.</summary>
public sealed class StoreSpeed : IDisposable
{
    private const int PartBytes = 16 << 20;
    private const string Key = "bench-object";

    private readonly AmazonS3Client _client;
    private readonly string _bucket;

    public StoreSpeed(string name, Uri endpoint, string accessKey, string secretKey, string region, string bucket)
    {
        Name = name;
        _bucket = bucket;
        _client = new AmazonS3Client(
            new BasicAWSCredentials(accessKey, secretKey),
            new AmazonS3Config { ServiceURL = endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = region, Timeout = TimeSpan.FromMinutes(10) });
    }

    public string Name { get; }

    /// <summary>Seconds of each round, by what was done.</summary>
    public Dictionary<string, List<double>> Seconds { get; } = new() { ["PUT"] = [], ["multipart PUT"] = [], ["GET"] = [] };

    public Task PutFileAsync(string key, string path) =>
        _client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, FilePath = path });

    public async Task MakeBucketAsync() => await _client.PutBucketAsync(_bucket);

    /// <summary>One PUT, one upload in parts, one GET.</summary>
    public async Task RoundAsync(string path)
    {
        await MeasureAsync("PUT", () => PutFileAsync(Key, path));
        await MeasureAsync("multipart PUT", () => PutPartsAsync(path));
        await MeasureAsync("GET", GetAsync);
        await _client.DeleteObjectAsync(_bucket, Key);
    }

    public void Dispose() => _client.Dispose();

    private async Task MeasureAsync(string what, Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        Seconds[what].Add(clock.Elapsed.TotalSeconds);
    }

    private async Task PutPartsAsync(string path)
    {
        var upload = await _client.InitiateMultipartUploadAsync(_bucket, Key);
        var size = new FileInfo(path).Length;
        var parts = new List<PartETag>();
        for (long position = 0; position < size; position += PartBytes)
        {
            var part = await _client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = _bucket,
                Key = Key,
                UploadId = upload.UploadId,
                PartNumber = parts.Count + 1,
                FilePath = path,
                FilePosition = position,
                PartSize = Math.Min(PartBytes, size - position),
            });
            parts.Add(new PartETag(part));
        }

        await _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = _bucket, Key = Key, UploadId = upload.UploadId, PartETags = parts });
    }

    private async Task GetAsync()
    {
        using var answer = await _client.GetObjectAsync(_bucket, Key);
        var buffer = new byte[1 << 16];
        while (await answer.ResponseStream.ReadAsync(buffer) > 0)
        {
        }
    }
}
