using System.Globalization;
using System.Text;
using Sluice.Batches;

namespace Sluice.Tests.Batches;

/// <summary>A number that is written as it is arrives as its spelling would.</summary>
public sealed class CopyRowWriterNumberTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BinaryType.Int2, false)]
    [InlineData(BinaryType.Int4, false)]
    [InlineData(BinaryType.Int8, false)]
    [InlineData(BinaryType.Numeric, false)]
    [InlineData(BinaryType.Text, false)]
    [InlineData(BinaryType.Float8, false)]
    [InlineData(BinaryType.Int8, true)]
    public async Task Integers_are_what_their_digits_are(BinaryType type, bool textOnly)
    {
        long[] values = [0, 1, -1, short.MaxValue, short.MaxValue + 1, short.MinValue, int.MaxValue, int.MaxValue + 1L, int.MinValue, long.MaxValue, long.MinValue];
        Assert.Equal(
            await RowsAsync(type, textOnly, values, (writer, value) => writer.WriteText(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)))),
            await RowsAsync(type, textOnly, values, (writer, value) => writer.WriteInteger(value)));
    }

    [Theory]
    [InlineData(BinaryType.Float4)]
    [InlineData(BinaryType.Float8)]
    [InlineData(BinaryType.Numeric)]
    [InlineData(BinaryType.Text)]
    public async Task Doubles_are_what_their_shortest_spelling_is(BinaryType type)
    {
        var random = new Random(11);
        double[] values =
        [
            0, -0d, 1.5, 0.1, -1e300, 1e-300, 1e38, 3.4028234663852886e38, 3.4028235677973366e38, 1e39, 1.17549435e-38, 1e-45, 1e-46, double.MaxValue, double.Epsilon,
            1 + Math.Pow(2, -24), 1 + Math.Pow(2, -23), 16777217,
            .. Enumerable.Range(0, 500).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite),
            .. Enumerable.Range(0, 500).Select(_ => (double)BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Where(double.IsFinite),
            .. Enumerable.Range(0, 500).Select(_ => Math.Round(random.NextDouble() * 1000, 3)),
        ];
        var spelled = new byte[64];
        Assert.Equal(
            await RowsAsync(type, false, values, (writer, value) =>
            {
                System.Buffers.Text.Utf8Formatter.TryFormat(value, spelled, out var length);
                writer.WriteText(spelled.AsSpan(0, length));
            }),
            await RowsAsync(type, false, values, (writer, value) => writer.WriteDouble(value)));
    }

    [Theory]
    [InlineData(BinaryType.Bytea)]
    [InlineData(BinaryType.Text)]
    public async Task Bytes_are_what_their_hex_digits_are(BinaryType type)
    {
        byte[][] values = [[], [0], [0xff, 0, 0x5c], new byte[3000]];
        Assert.Equal(
            await RowsAsync(type, false, values, (writer, value) => writer.WriteText(Encoding.ASCII.GetBytes(@"\x" + Convert.ToHexStringLower(value)))),
            await RowsAsync(type, false, values, (writer, value) => writer.WriteBytes(value)));
    }

    [Fact]
    public async Task A_row_that_is_too_long_is_rejected_by_numbers_too()
    {
        var bench = new BatchBench(BinaryType.Int8, BinaryType.Float8, BinaryType.Bytea) { MaxRowBytes = 30 };
        var writer = await bench.OpenAsync();
        writer.WriteInteger(1);
        writer.WriteDouble(0.12345678901234567);
        writer.WriteBytes([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        writer.EndRow(new RowOrigin(0, 1, -1));
        writer.WriteInteger(2);
        writer.WriteDouble(2);
        writer.WriteBytes([]);
        writer.EndRow(new RowOrigin(0, 2, -1));
        await writer.CompleteAsync(Ct);
        Assert.Equal("c2", Assert.Single(bench.Rejected).Rejection.Column);
        Assert.Equal(1, Assert.Single(bench.Take()).RowCount);
    }

    [Fact]
    public async Task Numbers_and_bytes_allocate_nothing_after_warm_up()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Float4, BinaryType.Float8, BinaryType.Bytea, BinaryType.Numeric, BinaryType.Text)
        {
            BatchBytes = 1 << 16,
            PoolBytes = 1 << 17,
            PoolBatches = 4,
        };
        var writer = await bench.OpenAsync();
        var bytes = new byte[20];
        var allocated = 0L;
        for (var row = 1; row <= 20_000; row++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            writer.WriteInteger(row);
            writer.WriteDouble(row / 3d);
            writer.WriteDouble(row / 7d);
            writer.WriteBytes(bytes);
            writer.WriteDouble(row / 8d);
            writer.WriteBytes(bytes);
            var isFull = writer.EndRow(new RowOrigin(0, row, -1));
            allocated += row > 10_000 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
            if (isFull)
            {
                await writer.FlushAsync(Ct);
                bench.Take().ForEach(bench.Pool.Return);
            }
        }

        Assert.Equal((true, 0), (writer.IsBinary, allocated));
    }

    // Each row in a batch of its own, so that one odd value does not decide for the others.
    private static async Task<List<string>> RowsAsync<T>(BinaryType type, bool textOnly, T[] values, Action<CopyRowWriter, T> write)
    {
        var rows = new List<string>();
        foreach (var value in values)
        {
            var bench = new BatchBench(type) { TextOnly = textOnly };
            var writer = await bench.OpenAsync();
            write(writer, value);
            if (writer.EndRow(new RowOrigin(0, 1, -1)))
            {
                await writer.FlushAsync(Ct);
            }

            await writer.CompleteAsync(Ct);
            var batch = Assert.Single(bench.Take());
            rows.Add($"{batch.Encoding} {Convert.ToHexString(batch.Rows(0, 1).Span)}");
        }

        return rows;
    }
}
