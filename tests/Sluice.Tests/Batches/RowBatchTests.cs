using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Batches;

public sealed class RowBatchTests
{
    [Fact]
    public void Origins_survive_whatever_the_distances_are()
    {
        var random = new Random(5);
        var batch = new RowBatch(64);
        var expected = new List<RowOrigin>();
        var origin = new RowOrigin(0, 1, 0);
        for (var i = 0; i < 5_000; i++)
        {
            origin = random.Next(50) switch
            {
                0 => new RowOrigin(origin.Input + 1, 1, random.Next(2) - 1),
                1 => origin with { Line = origin.Line + (5L << 32) },
                2 => origin with { ByteOffset = origin.ByteOffset + (3L << 32) },
                3 => origin with { ByteOffset = -1 },
                4 => origin with { Line = 1 },
                _ => origin with { Line = origin.Line + random.Next(5), ByteOffset = origin.ByteOffset + random.Next(100_000) },
            };
            batch.EndRow(origin);
            expected.Add(origin);
        }

        Assert.Equal(expected, Enumerable.Range(0, batch.RowCount).Select(batch.Origin));
    }

    [Fact]
    public async Task Any_range_of_rows_is_contiguous()
    {
        var bench = new BatchBench(BinaryType.Int4) { TextOnly = true };
        var writer = await bench.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await BatchBench.WriteRowAsync(writer, BatchBench.Line(i), $"{i}");
        }

        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        var batch = Assert.Single(bench.Take());
        Assert.Equal("8\n9\n10\n", Encoding.UTF8.GetString(batch.Rows(8, 3).Span));
        Assert.Equal(batch.EncodedBytes, batch.Rows(0, 20).Length);
        Assert.Equal(0, batch.Rows(20, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Rows(18, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Origin(20));
    }

    [Fact]
    public void A_buffer_that_grew_for_a_long_row_shrinks_on_return()
    {
        using var pool = new BatchPool(1, batchBytes: 100);
        var batch = pool.TryRent();
        Assert.NotNull(batch);
        batch.Buffer.GetSpan(1 << 20);
        Assert.True(batch.Buffer.Capacity >= 1 << 20);

        pool.Return(batch);
        batch.Buffer.GetSpan(1);
        Assert.Equal(100 + BufferSizes.SlackBytes, batch.Buffer.Capacity);
    }
}
