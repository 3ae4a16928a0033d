using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Copies a file load's units into its table: those with the same columns as one.</summary>
internal sealed class FileCopy(
    ITarget target, FileLoadPlan plan, ISource source, RunProgress progress, RunOptions options, RunLine line, RejectFiles rejects, List<string> notices)
{
    /// <exception cref="TargetException">A column is missing, generated, or may not be loaded.</exception>
    public static void CheckColumns(FileLoadPlan plan, ImmutableArray<string> columns)
    {
        foreach (var name in columns)
        {
            _ = plan.Table.Column(name);
        }

        plan.Table.EnsureLoadable(columns, plan.Server.Role);
    }

    /// <summary>Returns whether reading was stopped on request.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<ReadUnit> units, ImmutableArray<string> triggers, CancellationToken ct)
    {
        var files = progress.Add(SummarySection.After, "Files Processed");
        var threads = progress.Add(SummarySection.After, "COPY Threads Completion");
        try
        {
            for (var i = 0; i < units.Count;)
            {
                // Files whose headers name the same columns are copied as one.
                var columns = units[i].Columns;
                var same = units.Skip(i).TakeWhile(unit => unit.Columns.SequenceEqual(columns)).ToImmutableArray();
                i += same.Length;
                await LoadAsync(same, columns, triggers, ct).ConfigureAwait(false);
                files.AddRead(same.Length);
                files.AddLoaded(same.Length);
                threads.AddRead(1 + plan.Writers);
                threads.AddLoaded(1 + plan.Writers);
                if (options.Drain.IsCancellationRequested)
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            files.Stop();
            threads.Stop();
        }
    }

    private async Task LoadAsync(ImmutableArray<ReadUnit> units, ImmutableArray<string> columns, ImmutableArray<string> triggers, CancellationToken ct)
    {
        var before = line.Loaded;
        var load = await target.OpenTableAsync(Settings(columns, triggers), ct).ConfigureAwait(false);
        await using var closing = load.ConfigureAwait(false);
        var copy = new TableCopy(new TableCopySettings
        {
            Source = source,
            Units = units,
            Columns = [.. columns.Select(name => plan.Table.Column(name).Encoding(plan.Server))],
            OpenLoader = load.OpenLoader,
            Writers = plan.Writers,
            BatchBytes = plan.BatchBytes,
            BatchRows = plan.BatchRows,
            MaxRowBytes = plan.Spec.Options.MaxRowBytes,
            PreserveOrder = plan.PreserveOrder,
            TextOnly = !plan.Features.Binary,
            Rejects = rejects,
            Line = line,
            Logger = options.Logger,
            Time = options.Time,
        });
        var isComplete = false;
        try
        {
            await copy.RunAsync(options.Drain, ct).ConfigureAwait(false);
            await load.CompleteAsync(Refuse, ct).ConfigureAwait(false);
            isComplete = true;
        }
        catch (LoadStoppedException e) when (e.Place is not null && plan.Features.BatchesAreFinal && !plan.Spec.Options.SingleTransaction)
        {
            notices.Add($"{line.Loaded} rows are loaded"
                + (plan is { Writers: 1, PreserveOrder: true } ? $": all good ones that precede {Printable.Escape(e.Place)}, and none after it" : " and stay"));
            throw;
        }
        finally
        {
            if (!isComplete && !plan.Features.BatchesAreFinal)
            {
                line.AddLoaded(before - line.Loaded);
            }
        }
    }

    // Counted as loaded when it was laid ready, set aside after all.
    private void Refuse(Rejection rejection, ReadOnlySpan<byte> row)
    {
        line.AddLoaded(-1);
        line.AddRejected(1);
        rejects.RejectRow(rejection, row);

        // On its way to the disk before the commit that leaves it out.
        rejects.Flush();
    }

    private TableLoadSettings Settings(ImmutableArray<string> columns, ImmutableArray<string> triggers) => new()
    {
        Table = plan.Table,
        Columns = columns,
        CountRowsOf = plan.Table.RowTriggers.IsEmpty || plan.DisablesTriggers ? null : plan.Table.Oid,
        TransactionSql = triggers,
        StopsAtRefusal = plan.Spec.Options.OnErrorStop,
        Writers = plan.Writers,
        CannotRecover = plan.Table.IsUnlogged ? "the table is unlogged: a crash of the server empties it"
            : plan.Server.SynchronousCommit == "off" ? "synchronous_commit is off: a crash of the server may have lost batches that were committed"
            : null,
    };
}
