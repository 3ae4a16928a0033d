using System.Text;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using Sluice.Sources;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvSourceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sluice").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Every_row_can_be_cut_from_the_file_by_its_offset()
    {
        var path = Path.Combine(_root, "x.csv");
        var text = string.Concat(Enumerable.Range(0, 500).Select(i => i % 7 == 0 ? $"{i},\"é\n{i}\",\n\n" : $"{i},x,y\n"));
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        var settings = CsvRun.Settings([], CsvRun.Comma, "a", "b", "c") with { Inputs = Resolve(new FileLocation.LocalFile(path)) };
        var run = await CsvRun.ReadAsync(settings);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < 500; i++)
        {
            var origin = run.Rows.Origins[i];
            Assert.StartsWith($"{i},", Encoding.UTF8.GetString(bytes.AsSpan((int)origin.ByteOffset)), StringComparison.Ordinal);
            Assert.Equal(1 + bytes.AsSpan(0, (int)origin.ByteOffset).Count((byte)'\n'), origin.Line);
        }

        Assert.Equal((bytes.Length, path), (run.Units[0].Bytes, run.Units[0].Label));
    }

    [Fact]
    public async Task Inline_data_has_the_lines_and_offsets_of_the_command_file()
    {
        var path = Path.Combine(_root, "x.load");
        await File.WriteAllBytesAsync(path, [.. "LOAD é;\n"u8, .. Encoding.Latin1.GetBytes("1,é\n2,x\n")], TestContext.Current.CancellationToken);
        var settings = CsvRun.Settings([], CsvRun.Comma, "a", "b") with { Inputs = Resolve(new FileLocation.Inline(path, 9)) };
        var latin = await CsvRun.ReadAsync(settings with { EncodingName = "latin1" });
        Assert.Equal(["1|é", "2|x"], latin.Lines);
        Assert.Equal([new RowOrigin(0, 2, -1), new RowOrigin(0, 3, -1)], latin.Rows.Origins);
        var utf8 = await CsvRun.ReadAsync(settings);
        Assert.Equal(["2|x"], utf8.Lines);
        Assert.Equal([new RowOrigin(0, 3, 13)], utf8.Rows.Origins);
        Assert.Equal(new RowOrigin(0, 2, 9), utf8.Rows.Rejects[0].Rejection.Origin);
    }

    [Fact]
    public async Task Units_can_be_read_side_by_side()
    {
        for (var i = 0; i < 4; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_root, $"{i}.csv"), string.Concat(Enumerable.Repeat($"{i},x\n1\n", 300)), TestContext.Current.CancellationToken);
        }

        var inputs = Resolve(new FileLocation.Matching(new System.Text.RegularExpressions.Regex("csv"), _root, All: true));
        await using var source = SourceRegistry.Text(CsvRun.Settings([], CsvRun.Comma, "a", "b") with { Inputs = inputs });
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        var rows = units.Select(_ => new CollectingRowWriter()).ToList();
        await Task.WhenAll(units.Select(u => source.ReadAsync(u, rows[u.Index], TestContext.Current.CancellationToken)));
        Assert.All(rows, r => Assert.Equal(600, r.Lines.Length));
        Assert.Equal(1200, source.Notices.MissingFields);
        Assert.Contains($"the first is {_root}/0.csv:2 (1 instead of 2)", source.Notices.Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_error_names_the_file()
    {
        var settings = CsvRun.Settings([], CsvRun.Comma, "a") with
        {
            Inputs = [new InputFile("x.csv", null, CanReopen: true, _ => Task.FromResult(new OpenedInput(new FailingStream(100), null)))],
        };
        await using var source = SourceRegistry.Text(settings);
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        var rows = new CollectingRowWriter();
        var failure = await Assert.ThrowsAsync<SourceException>(() => source.ReadAsync(units[0], rows, TestContext.Current.CancellationToken));
        Assert.Equal("x.csv cannot be read any further: Input/output error", failure.Message);
        Assert.Equal(50, rows.Lines.Length);
    }

    [Fact]
    public async Task An_error_of_the_writer_is_not_blamed_on_the_file()
    {
        await using var source = SourceRegistry.Text(CsvRun.Settings("1\n2\n3\n4\n"u8.ToArray(), CsvRun.Comma, "a"));
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<IOException>(() => source.ReadAsync(units[0], new FullDisk(), TestContext.Current.CancellationToken));
        Assert.Equal("No space left on device", failure.Message);
    }

    [Fact]
    public async Task Draining_stops_between_records_even_while_waiting_for_bytes()
    {
        using var drain = new CancellationTokenSource();
        var settings = CsvRun.Settings([], CsvRun.Comma, "a") with
        {
            Inputs = [new InputFile("stdin", null, CanReopen: false, _ => Task.FromResult(new OpenedInput(new EndlessStream("1\n2\n3"u8.ToArray(), drain), null)))],
            Drain = drain.Token,
        };
        Assert.Equal(["1", "2"], (await CsvRun.ReadAsync(settings)).Lines);
    }

    [Fact]
    public async Task Cancelling_is_not_draining()
    {
        using var cancel = new CancellationTokenSource();
        var settings = CsvRun.Settings([], CsvRun.Comma, "a") with
        {
            Inputs = [new InputFile("stdin", null, CanReopen: false, _ => Task.FromResult(new OpenedInput(new EndlessStream("1\n2\n3"u8.ToArray(), cancel), null)))],
        };
        await using var source = SourceRegistry.Text(settings);
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.ReadAsync(units[0], new CollectingRowWriter(), cancel.Token));
    }

    [Fact]
    public async Task A_field_of_a_hundred_megabytes_is_loaded_when_the_limit_is_raised()
    {
        const int Size = 100_000_000;
        var bytes = new byte[Size + 9];
        bytes.AsSpan().Fill((byte)'x');
        "1,\""u8.CopyTo(bytes);
        "\"\n2,y\n"u8.CopyTo(bytes.AsSpan(Size + 3));
        var settings = CsvRun.Settings(bytes, CsvRun.Comma, "a", "b");
        await using var small = SourceRegistry.Text(settings);
        var counted = new CountingRowWriter();
        await small.ReadAsync((await small.SplitAsync(TestContext.Current.CancellationToken))[0], counted, TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (counted.Rows, counted.Rejects));
        Assert.Contains("longer than max row size (64 MB)", counted.LastReject, StringComparison.Ordinal);
        await using var large = SourceRegistry.Text(settings with { MaxRowBytes = 128 << 20 });
        counted = new CountingRowWriter();
        await large.ReadAsync((await large.SplitAsync(TestContext.Current.CancellationToken))[0], counted, TestContext.Current.CancellationToken);
        Assert.Equal((2, 0, Size), (counted.Rows, counted.Rejects, counted.LongestText));
    }

    [Theory]
    [InlineData("12345,some text,2024-01-01,,1.50\n", false)]
    [InlineData("12345,\"some \"\"text\"\"\",\"é\n\",\"\", x \n", false)]
    [InlineData("12345,\"some \"\"text\"\"\",NA,\"\", x \n", true)]
    public async Task Rows_allocate_nothing_after_warm_up(string record, bool withRules)
    {
#if DEBUG
        Assert.Skip("the tiny buffers of Debug builds allocate with each refill");
#endif
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(record, 5_000)));
        var options = withRules ? CsvRun.Comma with { NullIf = [new NullIf("NA")] } : CsvRun.Comma;
        var writer = new CountingRowWriter();
        await using var source = SourceRegistry.Text(CsvRun.Settings(text, options, "a", "b", "c", "d", "e") with
        {
            Inputs = [new InputFile("x", null, true, _ => Task.FromResult(new OpenedInput(new RepeatingStream(text, 40), null)))],
        });
        var units = await source.SplitAsync(TestContext.Current.CancellationToken);
        await source.ReadAsync(units[0], writer, TestContext.Current.CancellationToken);
        Assert.Equal(200_000, writer.Rows);
        Assert.InRange(writer.AllocatedAfterWarmUp, 0, 20_000);
    }

    private static IReadOnlyList<InputFile> Resolve(FileLocation location) => new LocationOpener(() => Stream.Null).Resolve(location);

    private sealed class CountingRowWriter : RowWriter
    {
        private long _allocated;

        public int Rows { get; private set; }

        public int Rejects { get; private set; }

        public string LastReject { get; private set; } = "";

        public int LongestText { get; private set; }

        /// <summary>Bytes this thread allocated between row 50,000 and the last one.</summary>
        public long AllocatedAfterWarmUp { get; private set; }

        public override void WriteNull()
        {
        }

        public override void WriteText(ReadOnlySpan<byte> utf8) => LongestText = Math.Max(LongestText, utf8.Length);

        public override bool EndRow(in RowOrigin origin)
        {
            Rows++;
            if (Rows == 50_000)
            {
                _allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            AllocatedAfterWarmUp = Rows > 50_000 ? GC.GetAllocatedBytesForCurrentThread() - _allocated : 0;
            return false;
        }

        public override void AbandonRow()
        {
        }

        public override ValueTask FlushAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override ValueTask CompleteAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override void Reject(Rejection rejection, ReadOnlySpan<byte> source)
        {
            Rejects++;
            LastReject = rejection.Message;
        }

        public override void Skip()
        {
        }
    }

    private sealed class FullDisk : RowWriter
    {
        public override void WriteNull()
        {
        }

        public override void WriteText(ReadOnlySpan<byte> utf8)
        {
        }

        public override bool EndRow(in RowOrigin origin) => true;

        public override void AbandonRow()
        {
        }

        public override ValueTask FlushAsync(CancellationToken ct) => throw new IOException("No space left on device");

        public override ValueTask CompleteAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public override void Reject(Rejection rejection, ReadOnlySpan<byte> source)
        {
        }

        public override void Skip()
        {
        }
    }

    private sealed class RepeatingStream(byte[] bytes, int times) : MemoryStream(bytes)
    {
        private int _left = times;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Read(buffer.Span);
            if (read == 0 && --_left > 0)
            {
                Position = 0;
                read = Read(buffer.Span);
            }

            return ValueTask.FromResult(read);
        }
    }

    private sealed class FailingStream(int length) : MemoryStream([.. Enumerable.Range(0, length).Select(i => (byte)(i % 2 == 0 ? '1' : '\n'))])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("Input/output error");
        }
    }

    private sealed class EndlessStream(byte[] bytes, CancellationTokenSource whenWaiting) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await whenWaiting.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return read;
        }
    }
}
