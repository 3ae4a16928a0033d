using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Runs one file load from connecting to the last statement, and says how it went.</summary>
internal sealed class FileLoad(FileLoadSpec spec, RunProgress progress, RunOptions options, RejectDirectory rejectDirectory)
{
    private readonly RunFailures _failures = new(options.Logger);
    private readonly List<string> _notices = [];
    private string? _targetDisplay;

    private QualifiedName Table => spec.Table ?? throw new TargetException(
        "The command names no target table", "add TARGET TABLE, or ?tablename= to the address");

    public async Task<RunResult> RunAsync(CancellationToken ct)
    {
        RejectFiles? rejects = null;
        RejectCounter? counter = null;
        var isDrained = false;
        var isWaiting = true;
        try
        {
            var address = ResolveTarget();
            _targetDisplay = address.Display;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, options.Drain);
            var inputs = await FetchAsync(waiting.Token).ConfigureAwait(false);
            var target = await address.ConnectAsync(waiting.Token).ConfigureAwait(false);
            isWaiting = false;
            await using (target.ConfigureAwait(false))
            {
                Log.LoadStarts(options.Logger, Describe(inputs), target.Display);
                await target.PrepareAsync(ct).ConfigureAwait(false);
                if (spec.Options.SingleTransaction)
                {
                    await target.BeginSingleTransactionAsync(ct).ConfigureAwait(false);
                }

                await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, FileLoadPlan.Step("before load", spec.BeforeLoad), ct).ConfigureAwait(false);
                var table = await target.ReadTableAsync(Table, ct).ConfigureAwait(false);
                var plan = FileLoadPlan.Build(spec, table, target.Server, target.Features, Environment.ProcessorCount);
                var line = progress.Add(SummarySection.Data, table.Name.ToString());
                line.TotalSourceBytes = inputs.All(input => input.Bytes is not null) ? inputs.Sum(input => input.Bytes) : null;
                counter = new RejectCounter(spec.Options.OnErrorStop, spec.Options.MaxErrors, spec.Options.MaxErrorsPercent, () => line.Read);
                rejects = new RejectFiles(rejectDirectory, rejectDirectory.PathFor(target.Database, table.Name), counter, index => inputs[index].Label);
                var source = SourceRegistry.OpenFile(spec, inputs, table, line.AddSourceBytes, options.Drain);
                await using (source.ConfigureAwait(false))
                {
                    try
                    {
                        isDrained = await LoadAsync(target, plan, source, line, rejects, ct).ConfigureAwait(false);
                        counter.CheckAtEnd();
                    }
                    finally
                    {
                        _notices.AddRange(plan.Notices);
                        _notices.AddRange(source.Notices);
                        NoteWithheld(plan, line);
                        line.Stop();
                    }
                }

                if (isDrained)
                {
                    _notices.Add(spec.Options.SingleTransaction
                        ? "Stopped on request: the single transaction was rolled back, nothing was loaded"
                        : "Stopped on request: the rows read until then are loaded" + (plan.AfterLoad is null ? "" : ", AFTER LOAD was not run"));
                    Uncount(line);
                }
                else
                {
                    await SqlSteps.RunAsync(target, progress, options, SummarySection.After, plan.AfterLoad, ct).ConfigureAwait(false);
                    if (spec.Options.SingleTransaction)
                    {
                        await target.CommitSingleTransactionAsync(ct).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (isWaiting && !ct.IsCancellationRequested)
        {
            isDrained = true;
            _notices.Add("Stopped on request: nothing was done yet");
        }
        catch (SluiceException e)
        {
            _failures.Add(e);
            foreach (var line in progress.Lines.Where(line => line.Section == SummarySection.Data))
            {
                Uncount(line);
            }
        }
        finally
        {
            CloseRejects(rejects);
        }

        var failures = _failures.All;
        return new RunResult
        {
            ExitCode = failures.Length > 0 ? failures.Select(failure => failure.ExitCode).Aggregate(ExitCodes.Worst)
                : isDrained ? ExitCode.Interrupted
                : counter?.Count > 0 ? ExitCode.RowsRejected : ExitCode.Success,
            Progress = progress,
            Target = _targetDisplay,
            Failures = failures,
            Notices = [.. _notices],
            RejectFiles = [.. rejects?.Paths ?? []],
            RejectReasons = [.. counter?.TopReasons(3) ?? []],
        };
    }

    /// <summary>Goes as far as it can without writing, and gives the plan.</summary>
    public async Task ExplainAsync(PlanOutput output, CancellationToken ct)
    {
        var address = ResolveTarget();
        var inputs = Resolve();
        var target = await address.ConnectAsync(ct).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            PostgresTable table;
            try
            {
                table = await target.ReadTableAsync(Table, ct).ConfigureAwait(false);
            }
            catch (TargetException e) when (!spec.BeforeLoad.IsEmpty)
            {
                output.AddWithoutTable(spec, Table, target.Display, e.Message);
                return;
            }

            var plan = FileLoadPlan.Build(spec, table, target.Server, target.Features, Environment.ProcessorCount);
            var source = SourceRegistry.OpenFile(spec, spec.Location is FileLocation.Stdin ? [] : inputs, table, _ => { }, ct);
            await using (source.ConfigureAwait(false))
            {
                // Standard input is not read for a plan: its header stays unknown.
                var units = await source.SplitAsync(ct).ConfigureAwait(false);
                var columns = units.Count > 0 ? units[0].Columns
                    : spec.Columns.Length > 0 ? [.. spec.Columns.Select(column => column.Name)] : [.. table.LoadableColumns.Select(column => column.Name)];
                FileCopy.CheckColumns(plan, columns);
                var way = target.DescribeLoad(table, columns, spec.Options.OnErrorStop);
                var described = plan with { Notices = [.. plan.Notices, .. target.Notices(table, columns)] };
                output.Add(described, Describe(inputs), target.Display, [.. columns.Select(table.Column)], way);
            }
        }
    }

    private static string Describe(IReadOnlyList<InputFile> inputs) =>
        inputs.Count == 1 ? inputs[0].Label : $"{inputs.Count} files, {inputs[0].Label} the first";

    private TargetAddress ResolveTarget() => TargetRegistry.Resolve(spec, options.Environment, options.ReconnectFor, options.Logger, options.Time);

    private IReadOnlyList<InputFile> Resolve() => new LocationOpener(options.OpenStandardInput).Resolve(spec.Location);

    // Returns whether reading was stopped on request.
    private async Task<bool> LoadAsync(ITarget target, FileLoadPlan plan, ISource source, RunLine line, RejectFiles rejects, CancellationToken ct)
    {
        IReadOnlyList<ReadUnit> units = [];
        var isStopped = await IsStoppedAsync(async token => units = await source.SplitAsync(token).ConfigureAwait(false), ct).ConfigureAwait(false);
        foreach (var columns in units.Select(unit => unit.Columns))
        {
            FileCopy.CheckColumns(plan, columns);
            _notices.AddRange(target.Notices(plan.Table, columns).Except(_notices));
        }

        // Who stops a load before its first row does not want the table emptied either.
        if (isStopped || options.Drain.IsCancellationRequested)
        {
            return true;
        }

        var triggers = plan.DisablesTriggers ? await target.DisableTriggersSqlAsync(ct).ConfigureAwait(false) : [];
        CheckTruncate(plan);
        var indexes = new IndexSteps(target, plan, progress);
        var isCopied = false;
        try
        {
            await indexes.DropAsync(ct).ConfigureAwait(false);
            if (await IsStoppedAsync(token => SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.Truncate, token), ct).ConfigureAwait(false))
            {
                return true;
            }

            var isDrained = await new FileCopy(target, plan, source, progress, options, line, rejects, _notices).RunAsync(units, triggers, ct).ConfigureAwait(false);
            isCopied = true;
            return isDrained;
        }
        finally
        {
            // Clean-up, whatever happened: a table without its indexes is not left behind.
            await indexes.RestoreAsync(isCopied, _failures).ConfigureAwait(false);
        }
    }

    // What waits for bytes or a lock is given up on the first request to stop.
    private async Task<bool> IsStoppedAsync(Func<CancellationToken, Task> action, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, options.Drain);
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            await action(stop.Token).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return true;
        }
    }

    private static void CheckTruncate(FileLoadPlan plan)
    {
        if (plan.Truncate is not null && !plan.Table.MayTruncate)
        {
            throw new TargetException(
                $"Role {Identifier.Display(plan.Server.Role)} may not truncate table {plan.Table.Name}",
                $"Grant it: GRANT TRUNCATE ON {Identifier.Quote(plan.Table.Name)} TO {Identifier.Quote(plan.Server.Role)}");
        }
    }

    private void NoteWithheld(FileLoadPlan plan, RunLine line)
    {
        if (line.Withheld > 0)
        {
            _notices.Add($"{line.Withheld} of the loaded rows are not in {plan.Table.Name}: row triggers ("
                + $"{string.Join(", ", plan.Table.RowTriggers.Select(Identifier.Display))}) kept them out or put them elsewhere");
        }
    }

    // A named pipe without a writer keeps its thread waiting; the load goes without it.
    private async Task<IReadOnlyList<InputFile>> FetchAsync(CancellationToken ct)
    {
        var line = progress.Add(SummarySection.Before, "fetch");
        try
        {
            return await Task.Run(Resolve, CancellationToken.None).WaitAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            line.Stop();
        }
    }

    // What a single transaction did not keep was not loaded.
    private void Uncount(RunLine line)
    {
        if (spec.Options.SingleTransaction)
        {
            line.AddLoaded(-line.Loaded);
        }
    }

    private void CloseRejects(RejectFiles? rejects)
    {
        try
        {
            rejects?.Dispose();
        }
        catch (LoadStoppedException e)
        {
            _failures.Add(e);
        }
    }
}
