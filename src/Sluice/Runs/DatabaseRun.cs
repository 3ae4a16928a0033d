using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Plans;
using Sluice.Sources;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Carries out a database's plan, once BEFORE LOAD is done.</summary>
internal sealed class DatabaseRun
{
    // The server's lock table has room for some thousands of objects in all transactions together.
    private const int DropsTogether = 200;

    private readonly DatabasePlan _plan;
    private readonly IDatabaseTarget _target;
    private readonly TargetSessions _sessions;
    private readonly RunProgress _progress;
    private readonly RunOptions _options;
    private readonly RunFailures _failures;
    private readonly DatabaseSchema _schema;
    private readonly List<string> _notices = [];

    public DatabaseRun(
        DatabasePlan plan,
        IDatabaseSource source,
        IDatabaseTarget target,
        TargetSessions sessions,
        RunProgress progress,
        RunOptions options,
        RejectDirectory rejectDirectory,
        RunFailures failures)
    {
        _plan = plan;
        _target = target;
        _sessions = sessions;
        _progress = progress;
        _options = options;
        _failures = failures;
        _schema = new DatabaseSchema(target, sessions, plan, progress, failures);
        Copy = new DatabaseCopy(source, target, sessions, plan, progress, options, rejectDirectory, failures);
    }

    public DatabaseCopy Copy { get; }

    public IEnumerable<string> Notices => [.. _notices, .. Copy.Notices];

    /// <summary>Returns whether all of it was done: false when it was stopped, on request or by too many rejected rows.</summary>
    public Task<bool> RunAsync(RejectCounter counter, CancellationToken ct) => _plan.CreatesTables ? CreateAsync(counter, ct) : FillAsync(counter, ct);

    private async Task<bool> CreateAsync(RejectCounter counter, CancellationToken ct)
    {
        await StepAsync(SummarySection.Before, _plan.DropSchemas, ct).ConfigureAwait(false);
        if (_plan.Spec.Schema.CreateSchemas)
        {
            await _schema.CreateSchemasAsync(ct).ConfigureAwait(false);
        }

        await _schema.CreateObjectsAsync(ct).ConfigureAwait(false);
        var tables = await _schema.DistributeAsync(await _schema.CreateTablesAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        await StepAsync(SummarySection.Before, _plan.AfterSchema, ct).ConfigureAwait(false);
        var triggers = await TriggersAsync(_plan.AfterSchema is not null, ct).ConfigureAwait(false);
        var indexes = Indexes(ct);
        var isComplete = false;
        try
        {
            isComplete = await CopyAsync(tables, triggers, counter, indexes.Pool.Add, ct).ConfigureAwait(false);
        }
        finally
        {
            await indexes.WaitAsync().ConfigureAwait(false);
        }

        if (!isComplete)
        {
            Stopped("indexes, keys and sequences are not all there");
            return false;
        }

        await _schema.ResetSequencesAsync(tables, ct).ConfigureAwait(false);
        await _schema.AddKeysAsync(await indexes.Pool.CompleteAsync().ConfigureAwait(false), ct).ConfigureAwait(false);
        await _schema.AttachIndexesAsync(ct).ConfigureAwait(false);
        await _schema.AddForeignKeysAsync(tables, ct).ConfigureAwait(false);
        await _schema.AddChecksAsync(tables, ct).ConfigureAwait(false);
        await _schema.AddTriggersAsync(tables, ct).ConfigureAwait(false);
        await _schema.FinishAsync(ct).ConfigureAwait(false);
        await _schema.AddCommentsAsync(tables, ct).ConfigureAwait(false);
        await StepAsync(SummarySection.After, _plan.AfterLoad, ct).ConfigureAwait(false);
        return true;
    }

    // Into tables that exist.
    private async Task<bool> FillAsync(RejectCounter counter, CancellationToken ct)
    {
        await StepAsync(SummarySection.Before, _plan.AfterSchema, ct).ConfigureAwait(false);
        var triggers = await TriggersAsync(mayHaveThem: true, ct).ConfigureAwait(false);
        var isComplete = false;
        var withoutKeys = new List<ForeignKeyPlan>();
        var withoutIndexes = new HashSet<TablePlan>(ReferenceEqualityComparer.Instance);
        var gate = new Lock();
        // Not cancelled: what was taken away comes back, whatever happened.
        var indexes = Indexes(CancellationToken.None);
        try
        {
            await DropAsync("Drop Foreign Keys", _plan.Tables.SelectMany(table => table.ForeignKeys), key => [_target.Features.Dialect.DropKey(key.Table, key.Name)], withoutKeys.Add, ct).ConfigureAwait(false);
            await DropAsync("Drop Indexes", _plan.Tables.Where(table => table.DropIndexes.Length > 0), table => table.DropIndexes, table => withoutIndexes.Add(table), ct).ConfigureAwait(false);
            await StepAsync(SummarySection.Before, _plan.Truncate, ct).ConfigureAwait(false);
            isComplete = await CopyAsync(_plan.Tables, triggers, counter, _plan.IsSingleTransaction ? _ => { } : Rebuild, ct).ConfigureAwait(false);
            if (isComplete)
            {
                await _schema.ResetSequencesAsync(_plan.Tables, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            // What a single transaction that failed took away is back when it is rolled back.
            if (isComplete || !_plan.IsSingleTransaction)
            {
                await StepAsync(SummarySection.After, CheckDeferred(withoutIndexes.Count > 0), CancellationToken.None).ConfigureAwait(false);
                _plan.Tables.ToList().ForEach(Rebuild);
            }

            await indexes.WaitAsync().ConfigureAwait(false);
            if (isComplete || !_plan.IsSingleTransaction)
            {
                await _schema.FinishIndexesAsync(_plan.Tables, indexes.Pool, CancellationToken.None).ConfigureAwait(false);
                var keys = withoutKeys.ToHashSet();
                await _schema.AddForeignKeysAsync([.. _plan.Tables.Select(table => table with { ForeignKeys = [.. table.ForeignKeys.Where(keys.Contains)] })], CancellationToken.None)
                    .ConfigureAwait(false);
            }
        }

        if (!isComplete)
        {
            Stopped("sequences were not set");
            return false;
        }

        await StepAsync(SummarySection.After, _plan.AfterLoad, ct).ConfigureAwait(false);
        return true;

        // Each table once, as soon as its rows are in.
        void Rebuild(TablePlan table)
        {
            lock (gate)
            {
                if (!withoutIndexes.Remove(table))
                {
                    return;
                }
            }

            indexes.Pool.Add(table);
        }
    }

    private void Stopped(string missing)
    {
        if (!_plan.IsSingleTransaction)
        {
            _notices.Add($"Stopped: the rows read until then are loaded; {missing}{(_plan.AfterLoad is null ? "" : ", AFTER LOAD was not run")}");
        }
    }

    private async Task<ImmutableArray<string>> TriggersAsync(bool mayHaveThem, CancellationToken ct) =>
        _plan.Spec.Options.DisableTriggers && mayHaveThem && _target.Features.Triggers ? await _target.DisableTriggersSqlAsync(ct).ConfigureAwait(false) : [];

    private Task StepAsync(SummarySection section, SqlStep? step, CancellationToken ct) => SqlSteps.RunAsync(_target, _progress, _options, section, step, ct);

    // No index can be built in a transaction that has checks ahead of it.
    private SqlStep? CheckDeferred(bool buildsIndexes) =>
        _plan.IsSingleTransaction && buildsIndexes ? SqlStep.Of("Check Constraints", ["SET CONSTRAINTS ALL IMMEDIATE"]) : null;

    // Many in one transaction. What is gone is known even when a later one fails.
    private async Task DropAsync<T>(
        string title, IEnumerable<T> items, Func<T, IEnumerable<string>> statements, Action<T> dropped, CancellationToken ct)
    {
        var all = items.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        var line = _progress.Add(SummarySection.Before, title);
        try
        {
            foreach (var some in all.Chunk(DropsTogether))
            {
                await _target.ExecuteAsync(SqlStep.Of(title, some.SelectMany(statements)), ct).ConfigureAwait(false);
                line.AddRead(some.Length);
                line.AddLoaded(some.Length);
                foreach (var item in some)
                {
                    dropped(item);
                }
            }
        }
        finally
        {
            line.Stop();
        }
    }

    private async Task<bool> CopyAsync(
        ImmutableArray<TablePlan> tables, ImmutableArray<string> triggers, RejectCounter counter, Action<TablePlan> copied, CancellationToken ct)
    {
        if (_plan.CopiesData)
        {
            var isComplete = await Copy.RunAsync(tables, triggers, counter, copied, ct).ConfigureAwait(false);
            counter.CheckAtEnd();
            return isComplete;
        }

        foreach (var table in tables)
        {
            copied(table);
        }

        return true;
    }

    private (IndexPool Pool, Func<Task> WaitAsync) Indexes(CancellationToken ct)
    {
        var line = _progress.Add(SummarySection.After, "Create Indexes");
        var pool = new IndexPool(_sessions, _plan.IndexBuilders, line, _failures, ct);
        return (pool, WaitAsync);

        async Task WaitAsync()
        {
            var wait = _progress.Add(SummarySection.After, "Index Build Completion");
            try
            {
                await pool.CompleteAsync().ConfigureAwait(false);
            }
            finally
            {
                wait.Stop();
                line.Stop();
            }
        }
    }
}
