using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Batches;

public sealed class AllocationTests
{
    private static readonly (BinaryType Type, string Usual, string Odd)[] Values =
    [
        (BinaryType.Boolean, "true", "yes"), (BinaryType.Int2, "-123", "+1"), (BinaryType.Int4, "123456", "1_0"),
        (BinaryType.Int8, "-9000000000", " 1"), (BinaryType.Float4, "1.5e-7", "inf"), (BinaryType.Float8, "0.12345678901234567", "nan"),
        (BinaryType.Numeric, "-12345.670", "1e5"), (BinaryType.Text, "some\ttext", "a\0"), (BinaryType.VarChar, "äöü", "b\0"),
        (BinaryType.BpChar, "abc", "c\0"), (BinaryType.Bytea, "\\x00ff", "raw"), (BinaryType.Uuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{}"),
        (BinaryType.Date, "2024-02-29", "epoch"), (BinaryType.Time, "12:34:56.789", "noon"), (BinaryType.Timestamp, "2024-02-29 12:34:56", "now"),
        (BinaryType.TimestampTz, "2024-02-29 12:34:56.1+02", "now"), (BinaryType.Json, "{\"a\":1}", "\0"), (BinaryType.Jsonb, "[1, 2]", "\0"),
        (BinaryType.Enum, "small", "\0"),
    ];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 21)]
    public async Task Rows_of_all_types_allocate_nothing_after_warm_up(bool textOnly, int oddEvery)
    {
        var bench = new BatchBench([.. Values.Select(v => v.Type)]) { TextOnly = textOnly, BatchBytes = 1 << 16, PoolBytes = 1 << 17, PoolBatches = 4 };
        var writer = await bench.OpenAsync();
        var usual = Values.Select(v => Encoding.UTF8.GetBytes(v.Usual)).ToArray();
        var odd = Values.Select(v => Encoding.UTF8.GetBytes(v.Odd)).ToArray();
        var (allocated, least) = (0L, long.MaxValue);
        for (var row = 1; row <= 20_000; row++)
        {
            // Odd columns take turns, none passes the share that ends binary.
            var oddColumn = oddEvery > 0 && row % oddEvery == 0 ? row / oddEvery % Values.Length : -1;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var column = 0; column < usual.Length; column++)
            {
                writer.WriteText(column == oddColumn ? odd[column] : usual[column]);
            }

            var isFull = writer.EndRow(new RowOrigin(0, row, row * 100L));
            allocated += row > 10_000 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            if (row > 10_000 && row % 2000 == 0)
            {
                // A collection that other tests cause counts what is left of the thread's share as allocated: not in every stretch.
                (least, allocated) = (Math.Min(least, allocated), 0);
            }

            if (isFull)
            {
                await writer.FlushAsync(TestContext.Current.CancellationToken);
                bench.Take().ForEach(bench.Pool.Return);
            }
        }

        Assert.Equal(!textOnly, writer.IsBinary);
        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(RowEncoding.CopyBinary)]
    [InlineData(RowEncoding.CopyText)]
    public async Task Rows_that_come_encoded_allocate_nothing_after_warm_up(RowEncoding encoding)
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Text) { BatchBytes = 1 << 16, PoolBytes = 1 << 17, PoolBatches = 4 };
        var writer = await bench.OpenAsync();
        var one = EncodedRowsTests.Encode([(1, "some text")], encoding);
        one = encoding == RowEncoding.CopyBinary ? one[..^2] : one;
        await writer.BeginEncodedAsync(encoding, new RowOrigin(0, 1, -1), TestContext.Current.CancellationToken);
        var allocated = 0L;
        for (var row = 1; row <= 20_000; row++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var isFull = false;
            for (var start = 0; start < one.Length; start++)
            {
                one.AsSpan(start, 1).CopyTo(writer.EncodedSpace().Span);
                isFull |= writer.AdvanceEncoded(1);
            }

            allocated += row > 10_000 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            if (isFull)
            {
                await writer.FlushAsync(TestContext.Current.CancellationToken);
                bench.Take().ForEach(bench.Pool.Return);
            }
        }

        Assert.True(writer.EndEncoded());
        Assert.Equal(0, allocated);
    }
}
