using Sluice.Locations.S3;
using Sluice.Targets.Redshift;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>Runs alone: it measures what the whole process holds.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class StagingMemoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_memory_is_held_that_grows_with_the_file()
    {
        await using var bucket = await StagingBucket.StartAsync();
        await using var area = await bucket.OpenAsync(new StagingOptions { Compression = Compression.None });
        await using var part = area.CreatePart("1.csv");
        var slice = new byte[4 << 20];
        new Random(1).NextBytes(slice);
        var before = GC.GetTotalMemory(true);
        var peak = 0L;
        for (var i = 0; i < 60; i++)
        {
            await part.WriteAsync(slice, Ct);
            peak = i % 20 == 19 ? Math.Max(peak, GC.GetTotalMemory(true)) : peak;
        }

        Assert.Equal(240L << 20, (await part.CompleteAsync()).Bytes);
        Assert.InRange(peak - before, 0, 120L << 20);
    }
}
