using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sluice.Batches;
using static Sluice.Tests.Batches.BatchBench;

namespace Sluice.Tests.Batches;

/// <summary>Rows that come in the encoding of COPY, in pieces of any size.</summary>
public sealed class EncodedRowsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Rows_arrive_whole_and_in_order_however_they_are_cut(int seed)
    {
        var random = new Random(seed);
        foreach (var encoding in (RowEncoding[])[RowEncoding.CopyBinary, RowEncoding.CopyText])
        {
            var rows = Enumerable.Range(0, random.Next(1, 200)).Select(i => (i, random.Next(8) == 0 ? null : new string('x', random.Next(random.Next(5) == 0 ? 2000 : 20)))).ToArray();
            var bytes = Encode(rows, encoding);
            var bench = new BatchBench(BinaryType.Int4, BinaryType.Text) { BatchBytes = random.Next(20, 500), BatchRows = random.Next(1, 50), PoolBatches = 4096 };
            var writer = await bench.OpenAsync();
            await SendAsync(writer, encoding, bytes, () => random.Next(1, random.Next(2) == 0 ? 5 : 700));
            await writer.CompleteAsync(Ct);

            var batches = bench.Take();
            Assert.Equal(rows.Length, bench.Read);
            Assert.Equal(Text(rows), string.Concat(batches.Select(BatchBench.Text)));
            Assert.Equal(Enumerable.Range(5, rows.Length).Select(i => (long)i), batches.SelectMany(batch => Enumerable.Range(0, batch.RowCount).Select(row => batch.Origin(row).Line)));
            Assert.All(batches, batch => Assert.Equal(encoding, batch.Encoding));
            Assert.All(batches, batch => Assert.InRange(batch.RowCount, 1, bench.BatchRows));
        }
    }

    [Fact]
    public async Task What_is_cut_off_anywhere_is_noticed()
    {
        foreach (var encoding in (RowEncoding[])[RowEncoding.CopyBinary, RowEncoding.CopyText])
        {
            var bytes = Encode([(1, "ab"), (2, null)], encoding);
            var first = Encode([(1, "ab")], encoding).Length - (encoding == RowEncoding.CopyBinary ? 2 : 0);
            for (var length = 0; length < bytes.Length; length++)
            {
                var bench = new BatchBench(BinaryType.Int4, BinaryType.Text);
                using var writer = await bench.OpenAsync();
                await writer.BeginEncodedAsync(encoding, Line(1), Ct);
                bytes.AsSpan(0, length).CopyTo(writer.EncodedSpace().Span);
                writer.AdvanceEncoded(length);
                var ends = encoding == RowEncoding.CopyBinary ? [0, first, bytes.Length - 2] : new[] { 0, first };
                Assert.Equal(ends.Contains(length), writer.EndEncoded());
            }
        }
    }

    [Theory]
    [InlineData(RowEncoding.CopyBinary)]
    [InlineData(RowEncoding.CopyText)]
    public async Task A_row_that_is_too_long_is_read_past_without_being_kept(RowEncoding encoding)
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Text) { MaxRowBytes = 100, BatchBytes = 200 };
        var writer = await bench.OpenAsync();
        var rows = new (int, string?)[] { (1, "a"), (2, new string('x', 50_000)), (3, "b"), (4, new string('y', 101)), (5, "c") };
        await SendAsync(writer, encoding, Encode(rows, encoding), () => 64);
        await writer.CompleteAsync(Ct);

        Assert.Equal("1\ta\n3\tb\n5\tc\n", string.Concat(bench.Take().Select(BatchBench.Text)));
        Assert.Equal([6L, 8L], bench.Rejected.Select(one => one.Rejection.Origin.Line));
        Assert.StartsWith("The row is longer than max row size (100 bytes)", bench.Rejected[0].Rejection.Message, StringComparison.Ordinal);
        Assert.Equal((5L, 2L), (bench.Read, bench.RejectedCount));
    }

    [Fact]
    public async Task One_unit_after_the_other_goes_on_in_the_same_batch()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Text);
        var writer = await bench.OpenAsync();
        await SendAsync(writer, RowEncoding.CopyBinary, Encode([(1, "a")], RowEncoding.CopyBinary), () => 7);
        await SendAsync(writer, RowEncoding.CopyBinary, Encode([(2, "b")], RowEncoding.CopyBinary), () => 7);
        await writer.CompleteAsync(Ct);
        Assert.Equal("1\ta\n2\tb\n", BatchBench.Text(Assert.Single(bench.Take())));
    }

    [Theory]
    [InlineData(BinaryType.Date, "7FFFFFFF", "infinity")]
    [InlineData(BinaryType.Date, "80000000", "-infinity")]
    [InlineData(BinaryType.Date, "FFDA97A7", "4714-11-24 BC")]
    [InlineData(BinaryType.Date, "7FDA970C", "5874897-12-31")]
    [InlineData(BinaryType.Date, "FFF4DBF8", "0001-12-31 BC")]
    [InlineData(BinaryType.Date, "FFF4DBF9", "0001-01-01")]
    [InlineData(BinaryType.Timestamp, "7FFFFFFFFFFFFFFF", "infinity")]
    [InlineData(BinaryType.TimestampTz, "8000000000000000", "-infinity")]
    [InlineData(BinaryType.TimestampTz, "FD0F7CC1411FA000", "4714-11-24 00:00:00+00 BC")]
    [InlineData(BinaryType.Time, "000000141DD76000", "24:00:00")]
    [InlineData(BinaryType.Numeric, "00000000D0000020", "Infinity")]
    [InlineData(BinaryType.Numeric, "00000000F0000020", "-Infinity")]
    public void Values_that_only_a_server_sends_are_spelled_as_it_does(BinaryType type, string hex, string expected)
    {
        var value = Convert.FromHexString(hex);
        byte[] tuple = [0, 1, 0, 0, 0, (byte)value.Length, .. value];
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.Equal(1, BinaryRowDecoder.WriteFields(tuple, [type], output));
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    internal static byte[] Encode((int Id, string? Name)[] rows, RowEncoding encoding)
    {
        if (encoding == RowEncoding.CopyText)
        {
            return Encoding.UTF8.GetBytes(Text(rows));
        }

        var stream = new MemoryStream();
        foreach (var (id, name) in rows)
        {
            Word(2, 2);
            Word(4, 4);
            Word(4, id);
            Word(4, name?.Length ?? -1);
            stream.Write(Encoding.UTF8.GetBytes(name ?? ""));
        }

        Word(2, -1);
        return stream.ToArray();

        void Word(int bytes, int value)
        {
            Span<byte> word = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(word, value);
            stream.Write(word[(4 - bytes)..]);
        }
    }

    private static string Text((int Id, string? Name)[] rows) =>
        string.Concat(rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id}\t{row.Name ?? "\\N"}\n")));

    private static async Task SendAsync(CopyRowWriter writer, RowEncoding encoding, byte[] bytes, Func<int> piece)
    {
        await writer.BeginEncodedAsync(encoding, Line(5), Ct);
        for (var start = 0; start < bytes.Length;)
        {
            var space = writer.EncodedSpace();
            var length = Math.Min(Math.Min(piece(), space.Length), bytes.Length - start);
            bytes.AsSpan(start, length).CopyTo(space.Span);
            start += length;
            if (writer.AdvanceEncoded(length))
            {
                await writer.FlushAsync(Ct);
            }
        }

        Assert.True(writer.EndEncoded());
    }
}
