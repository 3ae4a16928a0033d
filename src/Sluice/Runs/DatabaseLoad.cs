using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Runs one database load from connecting to the last statement, and says how it went.</summary>
internal sealed class DatabaseLoad(DatabaseLoadSpec spec, RunProgress progress, RunOptions options, RejectDirectory rejectDirectory)
{
    private readonly RunFailures _failures = new(options.Logger, isFirstFinal: spec.Options.SingleTransaction);
    private readonly List<string> _notices = [];
    private string? _targetDisplay;
    private DatabaseRun? _run;

    public async Task<RunResult> RunAsync(CancellationToken ct)
    {
        // Rejects count for the load as a whole, whatever table they are of.
        var counter = new RejectCounter(spec.Options.OnErrorStop, spec.Options.MaxErrors, spec.Options.MaxErrorsPercent, () => _run?.Copy.RowsRead() ?? 0);
        var isDrained = false;
        var isWaiting = true;
        var isKept = !spec.Options.SingleTransaction;
        try
        {
            var address = TargetRegistry.Resolve(spec, options.Environment, options.ReconnectFor, options.Logger, options.Time);
            _targetDisplay = address.Display;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct, options.Drain);
            var fetch = progress.Add(SummarySection.Before, "fetch meta data");
            try
            {
                var connected = await address.ConnectAsync(waiting.Token).ConfigureAwait(false);
                await using var leaving = connected.ConfigureAwait(false);
                var target = WholeDatabases(connected);
                var source = await OpenSourceAsync(spec, target.Features, options, waiting.Token).ConfigureAwait(false);
                await using var closing = source.ConfigureAwait(false);
                var plan = await DatabasePreparation.PlanAsync(spec, source, target, waiting.Token).ConfigureAwait(false);
                fetch.AddRead(plan.Tables.Length);
                fetch.AddLoaded(plan.Tables.Length);
                fetch.Stop();
                isWaiting = false;
                Log.LoadStarts(options.Logger, source.Label, target.Display);
                if (plan.CopiesData)
                {
                    await target.PrepareAsync(ct).ConfigureAwait(false);
                }

                if (plan.IsSingleTransaction)
                {
                    await target.BeginSingleTransactionAsync(ct).ConfigureAwait(false);
                }

                await SqlSteps.RunAsync(target, progress, options, SummarySection.Before, plan.BeforeLoad, ct).ConfigureAwait(false);
                plan = await DatabasePreparation.FitAsync(plan, target, ct).ConfigureAwait(false);
                AddNotices(plan, source);
                TargetFindings.EnsureReady(plan);
                var isComplete = await RunAsync(plan, source, target, counter, ct).ConfigureAwait(false);
                isDrained = !isComplete && options.Drain.IsCancellationRequested;
                if (isComplete && plan.IsSingleTransaction)
                {
                    await target.CommitSingleTransactionAsync(ct).ConfigureAwait(false);
                    isKept = true;
                }
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

        if (!isKept && !isWaiting)
        {
            _notices.Add("The single transaction was rolled back: nothing was loaded");
            foreach (var line in progress.Lines.Where(line => line.Section == SummarySection.Data))
            {
                line.AddLoaded(-line.Loaded);
            }
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
            RejectFiles = [.. _run?.Copy.RejectFiles ?? []],
            RejectReasons = [.. counter.TopReasons(3)],
        };
    }

    /// <summary>Connects, reads the source's schema and some rows, and gives the plan; changes nothing.</summary>
    /// <exception cref="SluiceException">There is no plan that could be carried out.</exception>
    public static async Task ExplainAsync(DatabaseLoadSpec spec, PlanOutput output, RunOptions options, CancellationToken ct)
    {
        var address = TargetRegistry.Resolve(spec, options.Environment, options.ReconnectFor, options.Logger, options.Time);
        var connected = await address.ConnectAsync(ct).ConfigureAwait(false);
        await using var leaving = connected.ConfigureAwait(false);
        var target = WholeDatabases(connected);
        var source = await OpenSourceAsync(spec, target.Features, options, ct).ConfigureAwait(false);
        await using var closing = source.ConfigureAwait(false);
        var plan = await DatabasePreparation.PlanAsync(spec, source, target, ct).ConfigureAwait(false);
        try
        {
            plan = await DatabasePreparation.FitAsync(plan, target, ct).ConfigureAwait(false);
        }
        catch (TargetException e) when (plan.BeforeLoad is not null)
        {
            plan = plan with { Notices = [.. plan.Notices, $"As things are without BEFORE LOAD: {e.Message}"] };
        }

        plan = await DatabasePreparation.SampleAsync(plan, source, ct).ConfigureAwait(false);
        output.Add(plan with { Travels = plan.CopiesData ? target.DescribeLoads() : [] }, source.Label, source.Consistency, target.Display);
        if (plan.BeforeLoad is null)
        {
            TargetFindings.EnsureReady(plan);
        }
    }

    private static IDatabaseTarget WholeDatabases(ITarget target) => target as IDatabaseTarget ?? throw new TargetException(
        $"Loading a whole database into {target.Features.ServerKind} is not built yet", "files can be loaded into it: LOAD CSV");

    private static async Task<IDatabaseSource> OpenSourceAsync(DatabaseLoadSpec spec, TargetFeatures features, RunOptions options, CancellationToken ct)
    {
        var readers = DatabasePlan.ChooseWorkers(spec.Options, features, Environment.ProcessorCount).Workers;
        var source = await SourceRegistry.OpenDatabaseAsync(spec, readers, options.Environment, options.Logger, options.Time, ct).ConfigureAwait(false);
        try
        {
            TargetDescriptor.CheckOptions(spec.Options, features.ServerKind, source.Options);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return await RequireConsistentAsync(source, options.RequireConsistent).ConfigureAwait(false);
    }

    /// <summary>The source, unless it is weaker than was asked for.</summary>
    internal static async Task<IDatabaseSource> RequireConsistentAsync(IDatabaseSource source, bool isRequired)
    {
        if (!isRequired || source.IsConsistent)
        {
            if (isRequired)
            {
                source.RequireConsistent();
            }

            return source;
        }

        await source.DisposeAsync().ConfigureAwait(false);
        throw new SourceException(
            $"{source.Label} cannot be read at one point in time, which --require-consistent asks for: it would be read at {source.Consistency}",
            "stop what writes to it, or leave the option out");
    }

    private async Task<bool> RunAsync(DatabasePlan plan, IDatabaseSource source, IDatabaseTarget target, RejectCounter counter, CancellationToken ct)
    {
        var sessions = new TargetSessions(target, isAlone: plan.IsSingleTransaction);
        await using var closing = sessions.ConfigureAwait(false);
        _run = new DatabaseRun(plan, source, target, sessions, progress, options, rejectDirectory, _failures);
        try
        {
            return await _run.RunAsync(counter, ct).ConfigureAwait(false);
        }
        finally
        {
            _notices.AddRange(_run.Notices);
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
