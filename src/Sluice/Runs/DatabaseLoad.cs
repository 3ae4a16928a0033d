using System.Collections.Immutable;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Runs one database load from connecting to the last statement, and says how it went.</summary>
internal sealed class DatabaseLoad(DatabaseLoadSpec spec, RunProgress progress, RunOptions options, RejectDirectory rejectDirectory)
{
    private readonly RunFailures _failures = new(options.Logger);
    private readonly List<string> _notices = [];
    private string? _targetDisplay;
    private DatabaseCopy? _copy;

    public async Task<RunResult> RunAsync(CancellationToken ct)
    {
        // Rejects count for the load as a whole, whatever table they are of.
        var counter = new RejectCounter(spec.Options.OnErrorStop, spec.Options.MaxErrors, spec.Options.MaxErrorsPercent, () => _copy?.RowsRead() ?? 0);
        var isDrained = false;
        var isWaiting = true;
        try
        {
            var address = TargetRegistry.Resolve(spec, options.Environment, options.ReconnectFor, options.Logger, options.Time);
            _targetDisplay = address.Display;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, options.Drain);
            var fetch = progress.Add(SummarySection.Before, "fetch meta data");
            try
            {
                var target = await address.ConnectAsync(waiting.Token).ConfigureAwait(false);
                await using var leaving = target.ConfigureAwait(false);
                var source = await OpenSourceAsync(spec, target.Features, waiting.Token).ConfigureAwait(false);
                await using var closing = source.ConfigureAwait(false);
                var plan = await PlanAsync(spec, source, WholeDatabases(target), waiting.Token).ConfigureAwait(false);
                fetch.AddRead(plan.Tables.Length);
                fetch.AddLoaded(plan.Tables.Length);
                fetch.Stop();
                isWaiting = false;
                Log.LoadStarts(options.Logger, source.Label, target.Display);
                AddNotices(plan, source);
                isDrained = !await RunAsync(plan, source, WholeDatabases(target), counter, ct).ConfigureAwait(false);
            }
            finally
            {
                if (!fetch.IsStopped)
                {
                    fetch.Stop();
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
        }

        var failures = _failures.All;
        return new RunResult
        {
            ExitCode = failures.Length > 0 ? failures.Select(failure => failure.ExitCode).Aggregate(ExitCodes.Worst)
                : isDrained ? ExitCode.Interrupted
                : counter.Count > 0 ? ExitCode.RowsRejected : ExitCode.Success,
            Progress = progress,
            Target = _targetDisplay,
            Failures = failures,
            Notices = [.. _notices],
            RejectFiles = [.. _copy?.RejectFiles ?? []],
            RejectReasons = [.. counter.TopReasons(3)],
        };
    }

    /// <summary>Connects, reads the source's schema and prints the plan; changes nothing.</summary>
    public static async Task ExplainAsync(DatabaseLoadSpec spec, TextWriter output, RunOptions options, CancellationToken ct)
    {
        var address = TargetRegistry.Resolve(spec, options.Environment, options.ReconnectFor, options.Logger, options.Time);
        var target = await address.ConnectAsync(ct).ConfigureAwait(false);
        await using var leaving = target.ConfigureAwait(false);
        var source = await OpenSourceAsync(spec, target.Features, ct).ConfigureAwait(false);
        await using var closing = source.ConfigureAwait(false);
        var plan = await PlanAsync(spec, source, WholeDatabases(target), ct).ConfigureAwait(false);
        DatabaseExplain.Write(plan with { Travels = plan.CopiesData ? WholeDatabases(target).DescribeLoads() : [] }, source.Label, source.Consistency, target.Display, output);
    }

    private static IDatabaseTarget WholeDatabases(ITarget target) => target as IDatabaseTarget ?? throw new TargetException(
        $"Loading a whole database into {target.Features.ServerKind} is not built yet", "files can be loaded into it: LOAD CSV");

    private static Task<IDatabaseSource> OpenSourceAsync(DatabaseLoadSpec spec, TargetFeatures features, CancellationToken ct) =>
        SourceRegistry.OpenDatabaseAsync(spec, DatabasePlan.ChooseWorkers(spec.Options, features, Environment.ProcessorCount).Workers, ct);

    private static async Task<DatabasePlan> PlanAsync(DatabaseLoadSpec spec, IDatabaseSource source, IDatabaseTarget target, CancellationToken ct)
    {
        var catalog = await source.ReadCatalogAsync(ct).ConfigureAwait(false);
        var creates = spec.Schema is { CreateTables: true, DataOnly: false };
        var toMeasure = creates ? DatabasePlanner.ToMeasure(spec, catalog, source.DefaultCasts, target.Features) : [];
        var (measures, unmeasured) = await ColumnMeasuring.RunAsync(source, toMeasure, ct).ConfigureAwait(false);
        var plan = DatabasePlanner.Build(spec, catalog, source.DefaultCasts, target.Features, Environment.ProcessorCount, measures);
        plan = plan with { Notices = [.. plan.Notices, .. unmeasured, .. target.SessionNotices] };
        if (creates)
        {
            return plan;
        }

        var existing = await ExistingTables.ReadAsync(target, plan.Tables.Select(table => table.Target), ct).ConfigureAwait(false);
        plan = TableFit.Apply(plan, existing, target.Features);
        var found = existing.Tables.DistinctBy(table => table.Name).ToDictionary(table => table.Name);
        var notices = plan.Tables.SelectMany(table => target.Notices(found[table.Target], [.. table.Columns.Select(column => column.Name)]));
        return plan with { Notices = [.. plan.Notices, .. notices.Distinct().Except(plan.Notices)] };
    }

    // Returns false when it was stopped on request.
    private async Task<bool> RunAsync(DatabasePlan plan, IDatabaseSource source, IDatabaseTarget target, RejectCounter counter, CancellationToken ct)
    {
        var sessions = new TargetSessions(target);
        await using var closing = sessions.ConfigureAwait(false);
        var schema = new DatabaseSchema(target, sessions, plan, progress, _failures);
        if (plan.CopiesData)
        {
            await target.PrepareAsync(ct).ConfigureAwait(false);
        }

        await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.BeforeLoad, ct).ConfigureAwait(false);
        if (!plan.CreatesTables)
        {
            return await FillAsync(plan, source, target, sessions, schema, counter, ct).ConfigureAwait(false);
        }

        if (plan.Spec.Schema.CreateSchemas)
        {
            await schema.CreateSchemasAsync(ct).ConfigureAwait(false);
        }

        var tables = await schema.CreateTablesAsync(ct).ConfigureAwait(false);
        await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.AfterSchema, ct).ConfigureAwait(false);
        var built = await CopyAsync(plan, source, sessions, tables, [], counter, ct).ConfigureAwait(false);
        if (built is null)
        {
            _notices.Add("Stopped: the rows read until then are loaded; indexes, keys and sequences are not all there"
                + (plan.AfterLoad is null ? "" : ", AFTER LOAD was not run"));
            return !options.Drain.IsCancellationRequested;
        }

        await schema.ResetSequencesAsync(tables, ct).ConfigureAwait(false);
        await schema.AddKeysAsync(built, ct).ConfigureAwait(false);
        await schema.AddForeignKeysAsync(tables, ct).ConfigureAwait(false);
        await SqlSteps.RunAsync(target, progress, options, SummarySection.After, plan.AfterLoad, ct).ConfigureAwait(false);
        return true;
    }

    // Into tables that exist. Returns false when it was stopped on request.
    private async Task<bool> FillAsync(
        DatabasePlan plan, IDatabaseSource source, IDatabaseTarget target, TargetSessions sessions, DatabaseSchema schema, RejectCounter counter, CancellationToken ct)
    {
        await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.AfterSchema, ct).ConfigureAwait(false);
        var triggers = plan.Spec.Options.DisableTriggers ? await target.DisableTriggersSqlAsync(ct).ConfigureAwait(false) : [];
        var isComplete = false;
        await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.DropForeignKeys, ct).ConfigureAwait(false);
        try
        {
            await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.Truncate, ct).ConfigureAwait(false);
            isComplete = await CopyAsync(plan, source, sessions, plan.Tables, triggers, counter, ct).ConfigureAwait(false) is not null;
            if (isComplete)
            {
                await schema.ResetSequencesAsync(plan.Tables, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            // Not cancelled: keys that were taken away come back, whatever happened.
            await schema.AddForeignKeysAsync(plan.Tables, CancellationToken.None).ConfigureAwait(false);
        }

        if (!isComplete)
        {
            _notices.Add("Stopped: the rows read until then are loaded; sequences were not set" + (plan.AfterLoad is null ? "" : ", AFTER LOAD was not run"));
            return !options.Drain.IsCancellationRequested;
        }

        await SqlSteps.RunAsync(target, progress, options, SummarySection.After, plan.AfterLoad, ct).ConfigureAwait(false);
        return true;
    }

    // Rows, and the indexes of each table once its rows are in. Null: stopped before the end.
    private async Task<IReadOnlyCollection<IndexPlan>?> CopyAsync(
        DatabasePlan plan,
        IDatabaseSource source,
        TargetSessions sessions,
        ImmutableArray<TablePlan> tables,
        ImmutableArray<string> triggers,
        RejectCounter counter,
        CancellationToken ct)
    {
        _copy = new DatabaseCopy(source, sessions, plan, triggers, progress, options, rejectDirectory, _failures);
        var line = progress.Add(SummarySection.After, "Create Indexes");
        var indexes = new IndexPool(sessions, plan.IndexBuilders, line, _failures, ct);
        var isComplete = true;
        try
        {
            if (plan.CopiesData)
            {
                isComplete = await _copy.RunAsync(tables, counter, indexes.Add, ct).ConfigureAwait(false);
                counter.CheckAtEnd();
            }
            else
            {
                foreach (var table in tables)
                {
                    indexes.Add(table);
                }
            }
        }
        finally
        {
            await WaitAsync().ConfigureAwait(false);
        }

        _notices.AddRange(_copy.Notices);
        return isComplete ? await indexes.CompleteAsync().ConfigureAwait(false) : null;

        async Task WaitAsync()
        {
            var wait = progress.Add(SummarySection.After, "Index Build Completion");
            try
            {
                await indexes.CompleteAsync().ConfigureAwait(false);
            }
            finally
            {
                wait.Stop();
                line.Stop();
            }
        }
    }

    private void AddNotices(DatabasePlan plan, IDatabaseSource source)
    {
        _notices.AddRange(plan.Notices);
        _notices.Add($"Read at {source.Consistency}");
        if (plan.Uncarried.Length > 0)
        {
            var kinds = plan.Uncarried.GroupBy(item => item.Kind).Select(items => $"{items.Count()} {items.Key}{(items.Count() == 1 ? "" : items.Key.EndsWith('x') ? "es" : "s")}");
            _notices.Add($"Not carried over: {string.Join(", ", kinds)} ({string.Join(", ", plan.Uncarried.Take(5).Select(item => item.Name))}"
                + $"{(plan.Uncarried.Length > 5 ? ", …" : "")}); the plan (--dry-run) says why");
        }
    }
}
