using System.Text;
using Sluice.Batches;
using static Sluice.Tests.Batches.BatchBench;

namespace Sluice.Tests.Batches;

public sealed class CopyRowWriterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Canonical_rows_go_as_binary()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Text);
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "7", "a\tb");
        await WriteRowAsync(writer, Line(2), null, null);
        await writer.CompleteAsync(Ct);

        var batch = Assert.Single(bench.Take());
        Assert.Equal(RowEncoding.CopyBinary, batch.Encoding);
        Assert.Equal("0002" + "00000004" + "00000007" + "00000003" + "610962", Convert.ToHexString(batch.Rows(0, 1).Span));
        Assert.Equal("0002" + "FFFFFFFF" + "FFFFFFFF", Convert.ToHexString(batch.Rows(1, 1).Span));
        Assert.Equal("7\ta\\tb\n\\N\t\\N\n", Text(batch));
    }

    [Fact]
    public async Task A_column_without_a_binary_type_makes_all_rows_text()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.None);
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "007", "a\\b");
        await WriteRowAsync(writer, Line(2), null, "");
        await writer.CompleteAsync(Ct);

        var batch = Assert.Single(bench.Take());
        Assert.False(writer.IsBinary);
        Assert.Equal(RowEncoding.CopyText, batch.Encoding);
        Assert.Equal("007\ta\\\\b\n\\N\t\n", Encoding.UTF8.GetString(batch.Rows(0, 2).Span));
    }

    [Fact]
    public async Task A_row_with_an_odd_value_is_diverted_to_a_text_batch()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Date, BinaryType.Text);
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "1", "2020-01-01", "a");
        await WriteRowAsync(writer, Line(2), "2", "epoch", "b\tc");
        await WriteRowAsync(writer, Line(3), null, null, "x\0y");
        await WriteRowAsync(writer, Line(4), " 4", null, null);
        await WriteRowAsync(writer, Line(5), "5", "2020-01-05", "d");
        await writer.CompleteAsync(Ct);

        var batches = bench.Take();
        Assert.Equal([RowEncoding.CopyBinary, RowEncoding.CopyText], batches.Select(b => b.Encoding));
        Assert.Equal("1\t2020-01-01\ta\n5\t2020-01-05\td\n", Text(batches[0]));
        Assert.Equal("2\tepoch\tb\\tc\n\\N\t\\N\tx\0y\n 4\t\\N\t\\N\n", Text(batches[1]));
        Assert.Equal([Line(2), Line(3), Line(4)], Enumerable.Range(0, 3).Select(batches[1].Origin));
        Assert.Equal([0L, 1L], batches.Select(b => b.Sequence));
    }

    [Fact]
    public async Task With_order_preserved_an_odd_value_turns_its_batch_into_text()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Text) { PreserveOrder = true, BatchRows = 3 };
        var writer = await bench.OpenAsync();
        for (var i = 1; i <= 9; i++)
        {
            await WriteRowAsync(writer, Line(i), i == 5 ? "+5" : $"{i}", "x");
        }

        await writer.CompleteAsync(Ct);
        var batches = bench.Take();
        Assert.Equal([RowEncoding.CopyBinary, RowEncoding.CopyText, RowEncoding.CopyBinary], batches.Select(b => b.Encoding));
        Assert.Equal("1\tx\n2\tx\n3\tx\n4\tx\n+5\tx\n6\tx\n7\tx\n8\tx\n9\tx\n", string.Concat(batches.Select(Text)));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => Line(i)), batches.SelectMany(b => Enumerable.Range(0, 3).Select(b.Origin)));
        Assert.Equal(bench.PoolBatches - 3, bench.Pool.Idle);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_column_that_is_odd_in_more_than_one_row_of_twenty_ends_binary(bool preserveOrder)
    {
        var bench = new BatchBench(BinaryType.Int4) { PreserveOrder = preserveOrder, BatchRows = 100, PoolBatches = 200 };
        var writer = await bench.OpenAsync();
        for (var i = 1; i <= 18_000; i++)
        {
            await WriteRowAsync(writer, Line(i), i % 15 == 0 ? "+1" : "1");
            Assert.True(writer.IsBinary || i >= 1_000);
        }

        Assert.False(writer.IsBinary);
        await writer.CompleteAsync(Ct);
        var batches = bench.Take();
        Assert.Equal(18_000, batches.Sum(b => b.RowCount));
        Assert.Equal(1_200, batches.Sum(b => Text(b).Count(c => c == '+')));
        Assert.Equal(RowEncoding.CopyText, batches[^1].Encoding);
        Assert.Equal(bench.PoolBatches - batches.Count, bench.Pool.Idle);
    }

    [Fact]
    public async Task A_column_that_is_odd_in_one_row_of_twenty_stays_binary()
    {
        var bench = new BatchBench(BinaryType.Int4);
        var writer = await bench.OpenAsync();
        for (var i = 1; i <= 3_000; i++)
        {
            await WriteRowAsync(writer, Line(i), i % 20 == 0 ? "+1" : "1");
        }

        Assert.True(writer.IsBinary);
        await writer.CompleteAsync(Ct);
        Assert.Equal([2_850, 150], bench.Take().Select(b => b.RowCount));
    }

    [Fact]
    public async Task Diverted_rows_travel_with_every_eighth_binary_batch()
    {
        var bench = new BatchBench(BinaryType.Int4) { BatchRows = 2 };
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(0), "odd");
        for (var i = 1; i <= 16; i++)
        {
            Assert.DoesNotContain(bench.Take(), b => b.Encoding == RowEncoding.CopyText);
            await WriteRowAsync(writer, Line(i), "1");
        }

        Assert.Equal([RowEncoding.CopyText, RowEncoding.CopyBinary], bench.Take().Select(b => b.Encoding));
    }

    [Fact]
    public async Task A_full_batch_of_diverted_rows_is_handed_on_at_once()
    {
        var bench = new BatchBench(BinaryType.Int4) { BatchRows = 2 };
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "x");
        Assert.Empty(bench.Take());
        await WriteRowAsync(writer, Line(2), "y");
        Assert.Equal("x\ny\n", Text(Assert.Single(bench.Take())));
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("1", "odd")]
    [InlineData("odd", "2")]
    public async Task An_abandoned_row_leaves_no_trace(params string[] fields)
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Int4, BinaryType.Int4);
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "1", "1", "1");
        await WriteRowAsync(writer, Line(2), "a", "b", "c");
        WriteFields(writer, fields);
        writer.AbandonRow();
        await WriteRowAsync(writer, Line(4), "4", "4", "4");
        await WriteRowAsync(writer, Line(5), "5", "e", "f");
        await writer.CompleteAsync(Ct);
        Assert.Equal(["1\t1\t1\n4\t4\t4\n", "a\tb\tc\n5\te\tf\n"], bench.Take().Select(Text));
    }

    [Theory]
    [InlineData(BinaryType.Text, "a")]
    [InlineData(BinaryType.None, "a")]
    [InlineData(BinaryType.Int4, "odd")]
    public async Task A_row_that_is_too_long_is_rejected_by_name(BinaryType first, string value)
    {
        var bench = new BatchBench(first, BinaryType.Text, BinaryType.Text) { MaxRowBytes = 2_000 };
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), value, new string('x', 1_500), new string('y', 600));
        await WriteRowAsync(writer, Line(2), value, new string('x', 1_500), new string('y', 2_000 - 1_503 - value.Length));
        await WriteRowAsync(writer, Line(3), null, null, "z");
        await writer.CompleteAsync(Ct);

        var (rejection, source) = Assert.Single(bench.Rejected);
        Assert.Equal(Line(1), rejection.Origin);
        Assert.Equal("c2", rejection.Column);
        Assert.Equal("The row is longer than max row size (2,000 bytes): the limit is crossed in column c2.", rejection.Message);
        Assert.Equal("", source);
        Assert.Equal(2, bench.Take().Sum(b => b.RowCount));
        Assert.Equal((3, 0, 1), (bench.Read, bench.Skipped, bench.RejectedCount));
    }

    [Fact]
    public async Task Records_are_counted_once_and_per_batch()
    {
        var bench = new BatchBench(BinaryType.Int4) { BatchRows = 3 };
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "1");
        writer.Skip();
        await WriteRowAsync(writer, Line(3), "odd");
        Assert.Equal(0, bench.Read);
        writer.Reject(new Rejection { Origin = Line(4), Stage = RejectStage.Parse, Message = "Bad." }, "raw"u8);
        Assert.Equal((4, 1, 1), (bench.Read, bench.Skipped, bench.RejectedCount));
        Assert.Equal("raw", Assert.Single(bench.Rejected).Source);
        await WriteRowAsync(writer, Line(5), "5");
        Assert.Equal(4, bench.Read);
        await writer.CompleteAsync(Ct);
        Assert.Equal((5, 1, 1), (bench.Read, bench.Skipped, bench.RejectedCount));
        Assert.Equal(3, bench.Take().Sum(b => b.RowCount));
    }

    [Fact]
    public async Task A_rejected_record_forgets_the_fields_written_so_far()
    {
        var bench = new BatchBench(BinaryType.Int4, BinaryType.Int4);
        var writer = await bench.OpenAsync();
        WriteFields(writer, "1");
        writer.Reject(new Rejection { Origin = Line(1), Stage = RejectStage.Project, Message = "Bad." }, "1"u8);
        await WriteRowAsync(writer, Line(2), "2", "2");
        await writer.CompleteAsync(Ct);
        Assert.Equal("2\t2\n", Text(Assert.Single(bench.Take())));
    }

    [Fact]
    public async Task A_row_with_a_wrong_number_of_fields_is_refused_as_our_own_fault()
    {
        var writer = await new BatchBench(BinaryType.Int4, BinaryType.Int4).OpenAsync();
        WriteFields(writer, "1");
        Assert.Throws<InvalidOperationException>(() => writer.EndRow(Line(1)));
    }

    [Fact]
    public async Task A_pool_of_two_batches_is_enough_for_one_reader()
    {
        var bench = new BatchBench(BinaryType.Int4) { BatchRows = 2, PoolBatches = 2 };
        var writer = await bench.OpenAsync();
        var loaded = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            WriteFields(writer, i % 30 == 0 ? $"+{i}" : $"{i}");
            if (!writer.EndRow(Line(i)))
            {
                continue;
            }

            var flush = writer.FlushAsync(Ct).AsTask();
            while (!flush.IsCompleted)
            {
                // The loader: takes what there is and returns it.
                Load(bench, loaded);
                await Task.WhenAny(flush, Task.Delay(1, Ct));
            }

            await flush;
        }

        await writer.CompleteAsync(Ct);
        Load(bench, loaded);
        Assert.Equal(Enumerable.Range(0, 500), loaded.Select(s => int.Parse(s, System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(2, bench.Pool.Idle);
    }

    [Fact]
    public async Task Dispose_returns_unsent_batches_to_the_pool()
    {
        var bench = new BatchBench(BinaryType.Int4);
        var writer = await bench.OpenAsync();
        await WriteRowAsync(writer, Line(1), "1");
        await WriteRowAsync(writer, Line(2), "odd");
        Assert.Equal(bench.PoolBatches - 2, bench.Pool.Idle);
        writer.Dispose();
        Assert.Equal(bench.PoolBatches, bench.Pool.Idle);
        Assert.Empty(bench.Take());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Random_rows_all_arrive_once_with_their_origins(bool preserveOrder)
    {
        var random = new Random(77);
        for (var round = 0; round < 40; round++)
        {
            var bench = new BatchBench(BinaryType.Int4, BinaryType.Text, BinaryType.Date)
            {
                PreserveOrder = preserveOrder,
                BatchRows = random.Next(1, 8),
                BatchBytes = random.Next(1, 200),
                PoolBatches = 4_000,
            };
            var writer = await bench.OpenAsync();
            var expected = new Dictionary<long, string>();
            for (var line = 1; line <= 400; line++)
            {
                string?[] fields =
                [
                    random.Next(round + 2) == 0 ? "odd" : random.Next(5) == 0 ? null : $"{line}",
                    random.Next(4) == 0 ? null : new string('\t', random.Next(10)) + line,
                    random.Next(40) == 0 ? "today" : "2020-02-29",
                ];
                expected[line] = string.Join('\t', fields.Select(f => f?.Replace("\t", "\\t", StringComparison.Ordinal) ?? "\\N")) + "\n";
                await WriteRowAsync(writer, Line(line), fields);
            }

            await writer.CompleteAsync(Ct);
            var batches = bench.Take();
            var found = batches.SelectMany(b => Text(b).Split('\n').SkipLast(1).Select((text, row) => (b.Origin(row).Line, Text: text + "\n"))).ToList();
            Assert.Equal(expected, found.ToDictionary(f => f.Line, f => f.Text));
            Assert.Equal(Enumerable.Range(0, batches.Count).Select(i => (long)i), batches.Select(b => b.Sequence));
            if (preserveOrder)
            {
                Assert.Equal(found.Select(f => f.Line).Order(), found.Select(f => f.Line));
            }
        }
    }

    private static void Load(BatchBench bench, List<string> loaded)
    {
        foreach (var batch in bench.Take())
        {
            loaded.AddRange(Text(batch).Split('\n').SkipLast(1));
            bench.Pool.Return(batch);
        }
    }
}
