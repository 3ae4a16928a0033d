using System.Collections.Immutable;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>What one table's copy works with.</summary>
public sealed record TableCopySettings
{
    public required ISource Source { get; init; }

    /// <summary>Read in this order, by one reader; each is asked for when the one before it is read.</summary>
    public required IEnumerable<ReadUnit> Units { get; init; }

    public required ImmutableArray<ColumnEncoding> Columns { get; init; }

    /// <summary>Opens the loader of a writer, by its 0-based number.</summary>
    public required Func<int, ITableLoader> OpenLoader { get; init; }

    public required int Writers { get; init; }

    /// <summary>For this copy alone while it runs; null: it makes its own.</summary>
    public BatchPool? Pool { get; init; }

    public required int BatchBytes { get; init; }

    public required int BatchRows { get; init; }

    public required long MaxRowBytes { get; init; }

    /// <summary>Rows must reach the table in the order of the source.</summary>
    public required bool PreserveOrder { get; init; }

    /// <summary>Send text even where binary would do.</summary>
    public bool TextOnly { get; init; }

    /// <summary>When the source cannot be read any further, what it gave until then is loaded before the copy fails.</summary>
    public bool LoadsWhatWasRead { get; init; }

    public required IBatchRejects Rejects { get; init; }

    public required RunLine Line { get; init; }

    public required ILogger Logger { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>Copies one source into one table: a reader fills batches, writers send them, the pool holds the reader back.</summary>
public sealed class TableCopy(TableCopySettings settings)
{
    private readonly TableCopySettings _settings = settings;

    // A record that ended the load while it was read: the rows before it are loaded first.
    private SluiceException? _stopped;

    /// <summary>Runs until everything read is loaded or set aside.</summary>
    /// <param name="drain">Stops reading; what was read is still loaded.</param>
    /// <param name="ct">Stops at once.</param>
    public async Task RunAsync(CancellationToken drain, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var own = _settings.Pool is null ? new BatchPool(2 + (2 * _settings.Writers), _settings.BatchBytes) : null;
        var pool = _settings.Pool ?? own!; // one of both
        var full = Channel.CreateUnbounded<RowBatch>(new UnboundedChannelOptions { SingleWriter = true });
        var tasks = new List<Task> { Task.Run(() => StopAllOnFailureAsync(ReadAsync(pool, full.Writer, drain, stop.Token), stop), CancellationToken.None) };
        for (var i = 0; i < _settings.Writers; i++)
        {
            var writer = i;
            tasks.Add(Task.Run(() => StopAllOnFailureAsync(WriteAsync(writer, pool, full.Reader, stop.Token), stop), CancellationToken.None));
        }

        await WaitAsync(tasks).ConfigureAwait(false);
        if (_stopped is { } stopped)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(stopped);
        }

        ct.ThrowIfCancellationRequested();
    }

    // The first fault cancels the rest; what the rest then throws is noise.
    private static async Task StopAllOnFailureAsync(Task work, CancellationTokenSource stop)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task WaitAsync(List<Task> tasks)
    {
        try
        {
            await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch (Exception)
        {
            var fault = tasks.Select(task => task.Exception?.InnerException).FirstOrDefault(e => e is not null and not OperationCanceledException);
            if (fault is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
            }

            throw;
        }
    }

    private async Task ReadAsync(BatchPool pool, ChannelWriter<RowBatch> full, CancellationToken drain, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var rows = await CopyRowWriter.CreateAsync(
                new CopyRowWriterOptions
                {
                    Columns = _settings.Columns,
                    Pool = pool,
                    Full = full,
                    Rejects = _settings.Rejects,
                    Counted = Count,
                    BatchBytes = _settings.BatchBytes,
                    BatchRows = _settings.BatchRows,
                    MaxRowBytes = _settings.MaxRowBytes,
                    PreserveOrder = _settings.PreserveOrder,
                    TextOnly = _settings.TextOnly,
                },
                ct).ConfigureAwait(false);
            try
            {
                foreach (var unit in _settings.Units.TakeWhile(_ => !drain.IsCancellationRequested))
                {
                    await _settings.Source.ReadAsync(unit, rows, ct).ConfigureAwait(false);
                }
            }
            catch (SluiceException e) when (e is LoadStoppedException || (e is SourceException && _settings.LoadsWhatWasRead))
            {
                _stopped = e;
                rows.AbandonRow();
            }

            if (drain.IsCancellationRequested)
            {
                Log.ReadingStopped(_settings.Logger, _settings.Line.Label);
            }

            await rows.CompleteAsync(ct).ConfigureAwait(false);
            full.TryComplete();
        }
        catch (Exception e)
        {
            full.TryComplete(e);
            throw;
        }
        finally
        {
            _settings.Line.AddReadTime(Stopwatch.GetElapsedTime(started));
        }
    }

    private void Count(long read, long skipped, long rejected)
    {
        _settings.Line.AddRead(read);
        _settings.Line.AddSkipped(skipped);
        _settings.Line.AddRejected(rejected);
    }

    private async Task WriteAsync(int writer, BatchPool pool, ChannelReader<RowBatch> full, CancellationToken ct)
    {
        var loader = _settings.OpenLoader(writer);
        await using var disposing = loader.ConfigureAwait(false);
        if (writer > 0 && await HasWorkAsync(full, ct).ConfigureAwait(false) && !await loader.TryConnectAsync(ct).ConfigureAwait(false))
        {
            Log.WriterWithoutConnection(_settings.Logger, _settings.Line.Label, writer + 1);
            return;
        }

        var sender = new BatchSender(loader, _settings.Rejects, _settings.Line, _settings.Logger, _settings.Time);
        RowBatch? next = null;
        while (next is not null || await full.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            if (next is null && !full.TryRead(out next))
            {
                continue;
            }

            var batch = next;
            // One of several writers takes a second batch only when there is one for each of the others.
            next = full.Count >= _settings.Writers && full.TryRead(out var second) ? second : null;
            var started = Stopwatch.GetTimestamp();
            await sender.SendAsync(batch, next is not null, ct).ConfigureAwait(false);
            pool.Return(batch);
            _settings.Line.AddWriteTime(Stopwatch.GetElapsedTime(started));
        }
    }

    // A batch waits that no other writer took at once.
    private static async Task<bool> HasWorkAsync(ChannelReader<RowBatch> full, CancellationToken ct)
    {
        while (await full.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            if (full.TryPeek(out _))
            {
                return true;
            }
        }

        return false;
    }
}
