using Microsoft.Extensions.Logging.Abstractions;
using RedshiftLocal.Faults;
using RedshiftLocal.Store;
using Sluice.Locations.S3;

namespace Sluice.Benchmarks;

/// <summary>What runs in processes of its own, so that each is measured alone.</summary>
internal static class StagingProcesses
{
    public const string Bucket = "bench-bucket";
    public const string AccessKey = "AKIABENCH";
    public const string SecretKey = "bench/secret+key";

    private const int ReadBytes = 4 << 20;
    private const long PartBytes = 64L << 20;

    /// <summary>A store that answers each request so many milliseconds later; prints its address, ends with its input.</summary>
    public static async Task<int> ServeAsync(string folder, int delay)
    {
        var faults = new FaultPlan();
        if (delay > 0)
        {
            faults.Add([new FaultRule { Point = FaultPoint.StoreRequest, Kind = FaultKind.Delay, DelayMs = delay }]);
        }

        await using var store = new S3Store(new S3StoreOptions
        {
            DataFolder = folder,
            Credentials = [new S3Credential { AccessKey = AccessKey, SecretKey = SecretKey }],
            Buckets = [new S3BucketOptions(Bucket)],
            Faults = faults,
        });
        await store.StartAsync(CancellationToken.None);
        Console.WriteLine(store.Endpoint);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Stages a file with the environment's credentials, as the writers of a load would.</summary>
    public static async Task<int> StageAsync(string file, string compression, int writers)
    {
        var options = new StagingOptions { Compression = Enum.Parse<Compression>(compression, ignoreCase: true) };
        await using var area = await StagingArea.OpenAsync(
            options, Environment.GetEnvironmentVariable, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        using var reading = new SemaphoreSlim(1);
        await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(area, source, reading, writer))));
        return 0;
    }

    private static async Task WriteAsync(StagingArea area, FileStream source, SemaphoreSlim reading, int writer)
    {
        var buffer = new byte[ReadBytes];
        StagedPart? part = null;
        for (var number = 0; ;)
        {
            await reading.WaitAsync();
            int length;
            try
            {
                length = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            }
            finally
            {
                reading.Release();
            }

            if (length > 0)
            {
                part ??= area.CreatePart($"{writer}-{number++}.csv");
                await part.WriteAsync(buffer.AsMemory(0, length), CancellationToken.None);
            }

            if (part is not null && (length == 0 || part.CompressedBytes >= PartBytes))
            {
                await part.CompleteAsync();
                await part.DisposeAsync();
                part = null;
            }

            if (length == 0)
            {
                return;
            }
        }
    }
}
