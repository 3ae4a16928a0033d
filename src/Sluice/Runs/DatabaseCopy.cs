using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Copies the tables of a database, the largest first, as many at a time as there are readers.</summary>
/// <param name="source">What is read.</param>
/// <param name="sessions">A session for each table.</param>
/// <param name="plan">What is done.</param>
/// <param name="progress">Gets a line for each table.</param>
/// <param name="options">The run's surroundings.</param>
/// <param name="rejectDirectory">Where rejects go.</param>
/// <param name="failures">Takes what failed.</param>
internal sealed class DatabaseCopy(
    IDatabaseSource source,
    TargetSessions sessions,
    DatabasePlan plan,
    RunProgress progress,
    RunOptions options,
    RejectDirectory rejectDirectory,
    RunFailures failures)
{
    private readonly ConcurrentBag<string> _rejectFiles = [];
    private readonly ConcurrentBag<RunLine> _lines = [];
    private readonly ConcurrentBag<string> _notices = [];
    private ImmutableArray<string> _triggers = [];

    public IEnumerable<string> RejectFiles => _rejectFiles.Order(StringComparer.Ordinal);

    public IEnumerable<string> Notices => _notices.Order(StringComparer.Ordinal);

    /// <summary>Returns whether all tables were read to their end, or failed alone.</summary>
    /// <param name="tables">In the order in which they are begun.</param>
    /// <param name="triggers">Statements that keep triggers from firing, for each loading transaction.</param>
    /// <param name="counter">Counts the rejects of all tables.</param>
    /// <param name="copied">Called with each table once its rows are in, or it failed.</param>
    /// <param name="ct">Stops at once.</param>
    public async Task<bool> RunAsync(
        ImmutableArray<TablePlan> tables, ImmutableArray<string> triggers, RejectCounter counter, Action<TablePlan> copied, CancellationToken ct)
    {
        _triggers = triggers;
        var threads = progress.Add(SummarySection.After, "COPY Threads Completion");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.Drain);
        var queue = new ConcurrentQueue<TablePlan>(tables);
        var readers = Math.Min(source.Readers, Math.Max(1, tables.Length));
        try
        {
            await Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(() => ReadAsync(reader), CancellationToken.None))).ConfigureAwait(false);
            threads.AddRead(readers * (1 + plan.Writers));
            threads.AddLoaded(readers * (1 + plan.Writers));
            return !stop.IsCancellationRequested;
        }
        finally
        {
            threads.Stop();
        }

        async Task ReadAsync(int reader)
        {
            while (!stop.IsCancellationRequested && queue.TryDequeue(out var table))
            {
                ct.ThrowIfCancellationRequested();
                var isStopped = await sessions.UseAsync(session => CopyAsync(session, table, reader, counter, stop.Token, ct)).ConfigureAwait(false);
                if (isStopped)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }

                if (!stop.IsCancellationRequested)
                {
                    copied(table);
                }
            }
        }
    }

    /// <summary>Rows read so far, of all tables.</summary>
    public long RowsRead() => _lines.Sum(line => line.Read);

    // Returns whether the rules of the load end it here.
    private async Task<bool> CopyAsync(IDatabaseTarget target, TablePlan plan, int reader, RejectCounter counter, CancellationToken drain, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.Data, plan.Target.ToString());
        _lines.Add(line);
        var rejects = new RejectFiles(
            rejectDirectory, rejectDirectory.PathFor(target.Database, plan.Target), counter, _ => $"{Path.GetFileName(source.Label)}:{plan.Source.Name.Name}");
        try
        {
            try
            {
                await CopyAsync(target, plan, reader, line, rejects, drain, ct).ConfigureAwait(false);
                return false;
            }
            finally
            {
                line.Stop();
                foreach (var path in rejects.Paths)
                {
                    _rejectFiles.Add(path);
                }

                rejects.Dispose();
            }
        }
        catch (LoadStoppedException e)
        {
            failures.Add(e);
            return true;
        }
        catch (SluiceException e)
        {
            failures.Tolerate(e);
            return false;
        }
    }

    private async Task CopyAsync(
        IDatabaseTarget target, TablePlan table, int reader, RunLine line, RejectFiles rejects, CancellationToken drain, CancellationToken ct)
    {
        var found = await target.ReadTableAsync(table.Target, ct).ConfigureAwait(false);
        var columns = table.Columns.Select(column => (Plan: column, Found: found.Column(column.Name))).ToImmutableArray();
        var names = columns.Select(column => column.Found.Name).ToImmutableArray();
        found.EnsureLoadable(names, target.Server.Role);
        var rows = source.OpenTable(
            new TableReading
            {
                Table = table.Source.Name,
                Query = table.Source.Query,
                EncodingName = plan.SourceEncoding,
                Columns = [.. columns.Select(column => new ReadColumn(column.Plan.Source.Name, column.Found.Name, Kind(column.Found), column.Plan.Cast.Using))],
                BytesRead = line.AddSourceBytes,
                Drain = drain,
            },
            reader);
        await using var closing = rows.ConfigureAwait(false);
        var load = await target.OpenTableAsync(Settings(target, found, names), ct).ConfigureAwait(false);
        await using var ending = load.ConfigureAwait(false);
        var copy = new TableCopy(new TableCopySettings
        {
            Source = rows,
            Units = [.. await rows.SplitAsync(ct).ConfigureAwait(false)],
            Columns = [.. columns.Select(column => column.Found.Encoding(target.Server))],
            OpenLoader = load.OpenLoader,
            Writers = plan.Writers,
            BatchBytes = table.BatchBytes,
            BatchRows = plan.BatchRows,
            MaxRowBytes = plan.Spec.Options.MaxRowBytes,
            PreserveOrder = plan.Writers == 1 && (plan.Spec.Options.OnErrorStop || !found.RowTriggers.IsEmpty || found.Indexes.Any(index => index.IsUnique)),
            TextOnly = !target.Features.Binary,
            LoadsWhatWasRead = true,
            Rejects = rejects,
            Line = line,
            Logger = options.Logger,
            Time = options.Time,
        });
        await copy.RunAsync(drain, ct).ConfigureAwait(false);
        await load.CompleteAsync((rejection, row) => Refuse(line, rejects, rejection, row), ct).ConfigureAwait(false);
        if (line.Withheld > 0)
        {
            _notices.Add($"{line.Withheld} of the loaded rows are not in {found.Name}: row triggers ({string.Join(", ", found.RowTriggers)}) kept them out or put them elsewhere");
        }
    }

    private static void Refuse(RunLine line, RejectFiles rejects, Rejection rejection, ReadOnlySpan<byte> row)
    {
        line.AddLoaded(-1);
        line.AddRejected(1);
        rejects.RejectRow(rejection, row);
    }

    private TableLoadSettings Settings(IDatabaseTarget target, PostgresTable table, ImmutableArray<string> columns) => new()
    {
        Table = table,
        Columns = columns,
        CountRowsOf = table.RowTriggers.IsEmpty || !_triggers.IsEmpty ? null : table.Oid,
        TransactionSql = _triggers,
        StopsAtRefusal = plan.Spec.Options.OnErrorStop,
        Writers = plan.Writers,
        CannotRecover = table.IsUnlogged ? "the table is unlogged: a crash of the server empties it" : target.Server.SynchronousCommit == "off" ? "synchronous_commit is off: a crash of the server may have lost batches that were committed" : null,
    };

    private static ReadColumnKind Kind(PostgresColumn column) => column.BinaryType switch
    {
        BinaryType.Bytea => ReadColumnKind.Bytes,
        BinaryType.Boolean => ReadColumnKind.Boolean,
        _ => ReadColumnKind.Text,
    };
}
