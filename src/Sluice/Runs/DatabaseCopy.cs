using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Copies the tables of a database, the largest first; a large one by several readers, of small ones as many at a time as there are readers.</summary>
/// <param name="source">What is read.</param>
/// <param name="target">Where the tables are.</param>
/// <param name="sessions">A session for each table.</param>
/// <param name="plan">What is done.</param>
/// <param name="progress">Gets a line for each table.</param>
/// <param name="options">The run's surroundings.</param>
/// <param name="rejectDirectory">Where rejects go.</param>
/// <param name="failures">Takes what failed.</param>
internal sealed class DatabaseCopy(
    IDatabaseSource source,
    IDatabaseTarget target,
    TargetSessions sessions,
    DatabasePlan plan,
    RunProgress progress,
    RunOptions options,
    RejectDirectory rejectDirectory,
    RunFailures failures)
{
    // Pieces of a table for each reader: the last ones to finish are short then, wherever the rows lie.
    private const int PiecesPerReader = 8;

    private readonly ConcurrentBag<string> _rejectFiles = [];
    private readonly ConcurrentBag<RunLine> _lines = [];
    private readonly ConcurrentBag<string> _notices = [];
    private readonly ConcurrentQueue<TablePiece> _pieces = [];
    private readonly ConcurrentDictionary<TableWork, bool> _open = new();
    private IReadOnlyDictionary<QualifiedName, PostgresTable> _found = ImmutableDictionary<QualifiedName, PostgresTable>.Empty;
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
        using var opening = new SemaphoreSlim(1);
        var queue = new ConcurrentQueue<TablePlan>(tables.Where(table => !table.Source.IsPartitioned));
        // Before anything is handed to others: in a single transaction there is one session for all.
        _found = await target.ReadTablesAsync(tables.Select(table => table.Target), ct).ConfigureAwait(false);
        foreach (var table in tables.Where(table => table.Source.IsPartitioned))
        {
            copied(table);
        }

        var readers = source.Readers;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(() => ReadAsync(reader), CancellationToken.None))).ConfigureAwait(false);
            threads.AddRead(readers * (1 + plan.Writers));
            threads.AddLoaded(readers * (1 + plan.Writers));
            return !stop.IsCancellationRequested;
        }
        finally
        {
            foreach (var work in _open.Keys)
            {
                Close(work);
            }

            threads.Stop();
        }

        async Task ReadAsync(int reader)
        {
            using var batches = new ReusedBatches();
            while (!stop.IsCancellationRequested && await NextAsync(reader).ConfigureAwait(false) is { } next)
            {
                ct.ThrowIfCancellationRequested();
                if (next.Piece is { } piece && await CopyAsync(piece, reader, batches, ct).ConfigureAwait(false))
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }

                if (!stop.IsCancellationRequested && next.Piece?.Work.EndPiece() != false)
                {
                    if (next.Piece is { } last)
                    {
                        Close(last.Work);
                    }

                    copied(next.Table);
                }
            }
        }

        // A large table is cut before anyone looks for more: its pieces are for all. Null: nothing is left.
        async Task<(TablePlan Table, TablePiece? Piece)?> NextAsync(int reader)
        {
            TablePlan? table;
            await opening.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                if (_pieces.TryDequeue(out var piece))
                {
                    return (piece.Work.Plan, piece);
                }

                if (!queue.TryDequeue(out table))
                {
                    return null;
                }

                if (readers > 1 && !table.IsSmall)
                {
                    return (table, await OpenAsync(table, reader, PiecesPerReader * readers, counter, stop.Token, ct).ConfigureAwait(false));
                }
            }
            finally
            {
                opening.Release();
            }

            return (table, await OpenAsync(table, reader, 1, counter, stop.Token, ct).ConfigureAwait(false));
        }
    }

    /// <summary>Rows read so far, of all tables.</summary>
    public long RowsRead() => _lines.Sum(line => line.Read);

    // Null: it failed. The pieces after the first one are left for whoever comes.
    private async Task<TablePiece?> OpenAsync(TablePlan table, int reader, int pieces, RejectCounter counter, CancellationToken drain, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.Data, table.Target.ToString());
        _lines.Add(line);
        try
        {
            return await sessions.UseAsync(session => OpenAsync(session, line, table, reader, pieces, counter, drain, ct)).ConfigureAwait(false);
        }
        catch (SluiceException e)
        {
            line.Stop();
            failures.Tolerate(e);
            return null;
        }
        catch
        {
            line.Stop();
            throw;
        }
    }

    private async Task<TablePiece> OpenAsync(
        IDatabaseTarget session, RunLine line, TablePlan table, int reader, int pieces, RejectCounter counter, CancellationToken drain, CancellationToken ct)
    {
        var found = _found.GetValueOrDefault(table.Target) ?? await session.ReadTableAsync(table.Target, ct).ConfigureAwait(false);
        var rejects = new RejectFiles(
            rejectDirectory, rejectDirectory.PathFor(session.Database, table.Target), counter, input => Label(table, input), Key(table));
        var work = new TableWork(table, found, line, rejects, session.Server, session.Features.Binary, plan.SourceEncoding, drain);
        found.EnsureLoadable(work.Names, session.Server.Role);
        IReadOnlyList<ReadUnit> units = [];
        if (pieces > 1 && session.Features.BatchesAreFinal && !work.IsOrdered)
        {
            var rows = source.OpenTable(work.Reading(pieces), reader);
            await using var closing = rows.ConfigureAwait(false);
            units = await rows.SplitAsync(ct).ConfigureAwait(false);
        }

        _open[work] = true;
        if (units.Count < 2)
        {
            return new TablePiece(work, null);
        }

        work.Split(units.Count);
        foreach (var unit in units.Skip(1))
        {
            _pieces.Enqueue(new TablePiece(work, unit));
        }

        return new TablePiece(work, units[0]);
    }

    private static RejectKey? Key(TablePlan table)
    {
        var columns = table.CopiedColumns.ToArray();
        var key = (table.Source.PrimaryKey?.Columns ?? [])
            .Select(name => (Name: name, Field: Array.FindIndex(columns, column => column.Source.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))).ToImmutableArray();
        return key.IsEmpty || key.Any(part => part.Field < 0) ? null : new RejectKey(key, columns.Length);
    }

    private string Label(TablePlan table, int input)
    {
        var label = $"{Path.GetFileName(source.Label)}:{table.Source.Name.Name}";
        return input == 0 || !source.CountsRowsByPart ? label : FormattableString.Invariant($"{label} part {input + 1}");
    }

    private void Close(TableWork work)
    {
        if (!_open.TryRemove(work, out _))
        {
            return;
        }

        work.Line.Stop();
        foreach (var path in work.Rejects.Paths)
        {
            _rejectFiles.Add(path);
        }

        work.Rejects.Dispose();
        if (work.Line.Withheld > 0)
        {
            _notices.Add($"{work.Line.Withheld} of the loaded rows are not in {work.Found.Name}: row triggers ({string.Join(", ", work.Found.RowTriggers)}) kept them out or put them elsewhere");
        }
    }

    // Returns whether the rules of the load end it here.
    private async Task<bool> CopyAsync(TablePiece piece, int reader, ReusedBatches batches, CancellationToken ct)
    {
        try
        {
            return !piece.Work.IsHopeless
                && await sessions.UseAsync(session => CopyAsync(session, piece, reader, batches, ct)).ConfigureAwait(false);
        }
        catch (SluiceException e)
        {
            if (piece.Work.Fails(e))
            {
                failures.Tolerate(e);
            }

            return e is LoadStoppedException;
        }
    }

    private async Task<bool> CopyAsync(IDatabaseTarget session, TablePiece piece, int reader, ReusedBatches batches, CancellationToken ct)
    {
        var (work, line) = (piece.Work, piece.Work.Line);
        var reading = work.Reading(1);
        var rows = source.OpenTable(reading, reader);
        await using var closing = rows.ConfigureAwait(false);
        var load = await session.OpenTableAsync(Settings(session, work), ct).ConfigureAwait(false);
        await using var ending = load.ConfigureAwait(false);
        var copy = new TableCopy(new TableCopySettings
        {
            Source = rows,
            Units = piece.Unit is { } unit ? [unit] : [.. await rows.SplitAsync(ct).ConfigureAwait(false)],
            Columns = work.Encodings,
            OpenLoader = load.OpenLoader,
            Writers = plan.Writers,
            Pool = batches.For(plan.Writers, work.Plan.BatchBytes),
            BatchBytes = work.Plan.BatchBytes,
            BatchRows = plan.BatchRows,
            MaxRowBytes = plan.Spec.Options.MaxRowBytes,
            PreserveOrder = plan.Writers == 1 && (plan.Spec.Options.OnErrorStop || work.IsOrdered),
            TextOnly = !session.Features.Binary,
            LoadsWhatWasRead = true,
            Rejects = work.Rejects,
            Line = line,
            Logger = options.Logger,
            Time = options.Time,
        });
        try
        {
            await StagedCopy.RunAsync(copy, load, session.Features, line, work.Rejects, reading.Drain, ct).ConfigureAwait(false);
        }
        finally
        {
            foreach (var notice in rows.Notices)
            {
                _notices.Add(notice);
            }
        }

        return false;
    }

    private TableLoadSettings Settings(IDatabaseTarget session, TableWork work) => new()
    {
        Table = work.Found,
        Columns = work.Names,
        CountRowsOf = work.Found.RowTriggers.IsEmpty || !_triggers.IsEmpty ? null : work.Found.Oid,
        TransactionSql = session.Features.ExactSchemas && work.Found.Columns.Any(column => column.BinaryType == BinaryType.None)
            ? [.. source.TargetSettings, .. _triggers] : _triggers,
        StopsAtRefusal = plan.Spec.Options.OnErrorStop,
        Writers = plan.Writers,
        CannotRecover = work.Found.IsUnlogged ? "the table is unlogged: a crash of the server empties it" : session.Server.SynchronousCommit == "off" ? "synchronous_commit is off: a crash of the server may have lost batches that were committed" : null,
    };
}
