using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.Targets;

namespace Sluice.Tests.Runs;

public sealed class BatchSenderTests : IAsyncDisposable
{
    private readonly FakeLoader _loader = new();
    private readonly RecordingRejects _rejects = new();
    private readonly RunLine _line = new(SummarySection.Data, "t", TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_batch_takes_one_copy()
    {
        await SendAsync(100);
        Assert.Equal(100, _loader.Committed.Count);
        Assert.Equal(1, _loader.Copies);
        Assert.Equal(100, _line.Loaded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_rows_are_set_aside_and_all_others_arrive_once(bool namesRows)
    {
        _loader.NamesRows = namesRows;
        _loader.IsBad = row => int.Parse(row, CultureInfo.InvariantCulture) % 17 == 3 || row is "0" or "999";
        await SendAsync(1000);
        var good = Enumerable.Range(0, 1000).Where(i => i % 17 != 3 && i is not (0 or 999)).Select(i => i.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(good, _loader.Committed);
        Assert.Equal(1000 - good.Count(), _rejects.Rows.Count);
        Assert.Equal(1000, _line.Loaded + _line.Rejected);
        Assert.Equal(_rejects.Rows.Count, _rejects.Rows.Distinct().Count());
    }

    [Fact]
    public async Task Every_row_may_be_bad()
    {
        _loader.IsBad = _ => true;
        await SendAsync(50);
        Assert.Empty(_loader.Committed);
        Assert.Equal(50, _rejects.Rows.Count);
        Assert.Equal(0, _line.Loaded);
    }

    [Fact]
    public async Task Rows_refused_at_the_commit_are_found_by_bisection()
    {
        _loader.IsBadLate = row => row is "7" or "31";
        await SendAsync(64);
        Assert.Equal(62, _loader.Committed.Count);
        Assert.Equal(["7", "31"], _rejects.Rows);
    }

    [Fact]
    public async Task Bad_rows_among_many_do_not_take_a_copy_for_each_row()
    {
        _loader.IsBad = row => int.Parse(row, CultureInfo.InvariantCulture) % 1000 == 500;
        await SendAsync(20_000);
        Assert.Equal(20, _rejects.Rows.Count);
        Assert.InRange(_loader.Copies, 20, 140);
    }

    [Fact]
    public async Task A_deadlock_is_tried_again_and_a_reject_is_written_once()
    {
        _loader.IsBad = row => row == "5";
        _loader.CommitFaults.Enqueue((new BatchRetryException("deadlock", new InvalidOperationException()), false));
        await SendAsync(10);
        Assert.Equal(9, _loader.Committed.Count);
        Assert.Equal(["5"], _rejects.Rows);
        Assert.Equal(1, _line.Rejected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_lost_connection_the_outcome_is_looked_up(bool wasCommitted)
    {
        _loader.CommitFaults.Enqueue((new ConnectionLostException("gone", new InvalidOperationException()), wasCommitted));
        await SendAsync(10);
        Assert.Equal(10, _loader.Committed.Count);
        Assert.Equal(1, _loader.LookUps);
        Assert.Equal(10, _line.Loaded);
    }

    [Fact]
    public async Task A_batch_that_never_gets_through_fails_the_load()
    {
        for (var i = 0; i < BatchSender.MaxAttempts; i++)
        {
            _loader.CommitFaults.Enqueue((new ConnectionLostException("gone", new InvalidOperationException()), false));
        }

        var failure = await Assert.ThrowsAsync<TargetException>(() => SendAsync(10));
        Assert.Contains("gave up", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _line.Loaded);
    }

    [Fact]
    public async Task Rejects_reach_the_disk_before_the_commit_that_counts_them()
    {
        _loader.IsBad = row => row == "1";
        _rejects.OnFlush = () => Assert.Empty(_loader.Committed);
        await SendAsync(3);
        Assert.True(_rejects.Flushes > 0);
    }

    [Fact]
    public async Task What_precedes_the_reject_that_is_one_too_many_is_loaded_and_nothing_after_it()
    {
        _loader.IsBad = row => row is "4" or "6";
        _rejects.StopsAt = 1;
        await Assert.ThrowsAsync<LoadStoppedException>(() => SendAsync(10));
        Assert.Equal(["0", "1", "2", "3"], _loader.Committed);
        Assert.Equal(4, _line.Loaded);
    }

    public ValueTask DisposeAsync() => _loader.DisposeAsync();

    private async Task SendAsync(int rows)
    {
        var sender = new BatchSender(_loader, _rejects, _line, NullLogger.Instance, TimeProvider.System);
        await sender.SendAsync(await BatchAsync(rows), isFollowed: false, Ct);
    }

    private static async Task<RowBatch> BatchAsync(int rows)
    {
        var full = Channel.CreateUnbounded<RowBatch>();
        using var pool = new BatchPool(2, 1 << 20);
        using var writer = await CopyRowWriter.CreateAsync(
            new CopyRowWriterOptions
            {
                Columns = [new ColumnEncoding("a", BinaryType.Int4)],
                Pool = pool,
                Full = full.Writer,
                Rejects = new RecordingRejects(),
                Counted = (_, _, _) => { },
                BatchRows = rows,
                BatchBytes = 1 << 20,
                TextOnly = true,
            },
            Ct);
        for (var i = 0; i < rows; i++)
        {
            writer.WriteText(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
            writer.EndRow(new RowOrigin(0, i + 1, i * 10L));
        }

        await writer.CompleteAsync(Ct);
        return await full.Reader.ReadAsync(Ct);
    }

    private sealed class RecordingRejects : IBatchRejects
    {
        public List<string> Rows { get; } = [];

        public int Flushes { get; private set; }

        public Action OnFlush { get; set; } = () => { };

        public int StopsAt { get; set; } = int.MaxValue;

        public void Flush()
        {
            Flushes++;
            OnFlush();
        }

        public void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source) => throw new InvalidOperationException("no records here");

        public void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText)
        {
            Rows.Add(Encoding.UTF8.GetString(copyText).TrimEnd('\n'));
            if (Rows.Count >= StopsAt)
            {
                throw new LoadStoppedException("one too many");
            }
        }
    }
}
