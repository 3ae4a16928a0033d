using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Creates the tables, and once they are full their keys, sequences and foreign keys. What fails does not keep the rest from being made.</summary>
internal sealed class DatabaseSchema(IDatabaseTarget target, TargetSessions sessions, DatabasePlan plan, RunProgress progress, RunFailures failures)
{
    private const string Title = "Create tables";
    private const string ForeignKeys = "Create Foreign Keys";
    private const string Keys = "Primary Keys";

    // The server's lock table has room for some thousands of objects in all transactions together.
    private const int TablesTogether = 200;
    private const int StatementsTogether = 100;

    /// <summary>Creates those schemas of the plan's tables that are missing.</summary>
    public async Task CreateSchemasAsync(CancellationToken ct)
    {
        const string Schemas = "Create Schemas";
        var line = progress.Add(SummarySection.Before, Schemas);
        try
        {
            var there = await target.QueryAsync(Schemas, target.Features.Dialect.SchemaNames, ct).ConfigureAwait(false);
            var missing = plan.Schemas.Except(there.Select(row => row[0]).OfType<string>()).ToArray();
            await target.ExecuteAsync(SqlStep.Of(Schemas, missing.Select(target.Features.Dialect.CreateSchema)), ct).ConfigureAwait(false);
            line.AddRead(missing.Length);
            line.AddLoaded(missing.Length);
        }
        finally
        {
            line.Stop();
        }
    }

    /// <summary>What the tables need.</summary>
    public Task CreateObjectsAsync(CancellationToken ct) => RunEachAsync(SummarySection.Before, plan.Objects, ct);

    public Task AttachIndexesAsync(CancellationToken ct) => RunEachAsync(SummarySection.After, plan.AttachIndexes, ct);

    public Task FinishAsync(CancellationToken ct) => RunEachAsync(SummarySection.After, plan.Finish, ct);

    /// <summary>Many in one transaction, or where that fails each for itself. Returns those that are there.</summary>
    public async Task<ImmutableArray<TablePlan>> CreateTablesAsync(CancellationToken ct)
    {
        var line = progress.Add(SummarySection.Before, Title);
        var made = new ConcurrentBag<QualifiedName>();
        try
        {
            // Tables that refer to each other and are dropped side by side would wait for each other.
            var sideBySide = !plan.IsSingleTransaction && plan.Tables.Length > TablesTogether && plan.Tables.All(table => table.Depth == 0) && !await AnyExistsAsync(ct).ConfigureAwait(false) ? plan.Workers : 1;
            await Parallel.ForEachAsync(
                plan.Tables.OrderBy(table => table.Depth).Chunk(plan.IsSingleTransaction ? 1 : TablesTogether),
                new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = ct },
                async (tables, token) => await CreateAsync(tables, token).ConfigureAwait(false)).ConfigureAwait(false);
            var names = made.ToHashSet();
            return [.. plan.Tables.Where(table => names.Contains(table.Target))];
        }
        finally
        {
            line.Stop();
        }

        async Task CreateAsync(TablePlan[] tables, CancellationToken token)
        {
            var created = plan.Tables.Length > TablesTogether
                ? await sessions.UseAsync(session => this.CreateAsync(session, tables, line, token)).ConfigureAwait(false)
                : await this.CreateAsync(target, tables, line, token).ConfigureAwait(false);
            foreach (var table in created)
            {
                made.Add(table.Target);
            }
        }
    }

    /// <summary>Spreads tables over a cluster, each in a transaction of its own. Returns those that are as they should be.</summary>
    public async Task<ImmutableArray<TablePlan>> DistributeAsync(ImmutableArray<TablePlan> tables, CancellationToken ct)
    {
        if (tables.All(table => table.Distribute is null))
        {
            return tables;
        }

        const string Distribute = "Citus Distribute Tables";
        var line = progress.Add(SummarySection.Before, Distribute);
        var fit = ImmutableArray.CreateBuilder<TablePlan>();

        foreach (var table in tables)
        {
            if (table.Distribute is not { } sql || await TryAsync(line, () => target.ExecuteEachAsync(Distribute, [sql], apart: false, ct)).ConfigureAwait(false))
            {
                fit.Add(table);
            }
        }

        line.Stop();
        return fit.ToImmutable();
    }

    public Task ResetSequencesAsync(IEnumerable<TablePlan> tables, CancellationToken ct) =>
        RunEachAsync("Reset Sequences", [.. tables.SelectMany(table => table.Sequences)], ct);

    /// <param name="indexes">Those that were built.</param>
    /// <param name="ct">Stops.</param>
    public Task AddKeysAsync(IEnumerable<IndexPlan> indexes, CancellationToken ct) => target.Features.EnforcedKeys
        ? RunEachAsync(Keys, [.. indexes.Select(index => index.AddKey).OfType<string>()], ct)
        : AddCheckedKeysAsync(indexes, ct);

    public Task AddChecksAsync(IEnumerable<TablePlan> tables, CancellationToken ct) =>
        RunSomeAsync("Create Checks", [.. tables.SelectMany(table => table.Checks)], ct);

    // One after the other: a function comes before the trigger that calls it.
    public Task AddTriggersAsync(IEnumerable<TablePlan> tables, CancellationToken ct)
    {
        var triggers = tables.SelectMany(table => table.Triggers).ToArray();
        return RunEachAsync(SummarySection.After, triggers.Length == 0 ? null : SqlStep.Of("Create Triggers", triggers), ct);
    }

    public Task AddCommentsAsync(IEnumerable<TablePlan> tables, CancellationToken ct) =>
        RunSomeAsync("Install Comments", [.. tables.SelectMany(table => table.Comments)], ct);

    /// <summary>Makes constraints of the indexes that were built again, and what else belongs to them.</summary>
    public async Task FinishIndexesAsync(IEnumerable<TablePlan> tables, IndexPool pool, CancellationToken ct)
    {
        var rebuilt = tables.Where(table => !table.FinishIndexes.IsEmpty && pool.IsRebuilt(table)).ToArray();
        if (rebuilt.Length == 0)
        {
            return;
        }

        var line = progress.Add(SummarySection.After, "Constraints");
        foreach (var table in rebuilt)
        {
            try
            {
                await target.ExecuteEachAsync("Constraints", table.FinishIndexes, apart: false, ct).ConfigureAwait(false);
                line.AddRead(table.FinishIndexes.Length);
                line.AddLoaded(table.FinishIndexes.Length);
            }
            catch (TargetException e)
            {
                line.AddRead(1);
                line.AddRejected(1);
                pool.FailRebuild(table, e);
            }
        }

        line.Stop();
    }

    /// <summary>Adds the keys unchecked, which takes no time, then checks them side by side.</summary>
    public async Task AddForeignKeysAsync(IReadOnlyCollection<TablePlan> tables, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.After, ForeignKeys);
        var there = tables.Select(table => table.Target).ToHashSet();
        var added = new List<ForeignKeyPlan>();
        foreach (var key in tables.SelectMany(table => table.ForeignKeys))
        {
            if (plan.CreatesTables && !there.Contains(key.Key.References))
            {
                line.AddRead(1);
                line.AddRejected(1);
                failures.Tolerate(new TargetException($"Foreign key {Identifier.Display(key.Name)} of {key.Table} was not created: {key.Key.References} does not exist"));
            }
            else if (await TryAsync(line, () => AddAsync(key, ct), counts: false).ConfigureAwait(false))
            {
                if (key.Validate is not null)
                {
                    added.Add(key);
                    continue;
                }

                line.AddRead(1);
                line.AddLoaded(1);
            }
        }

        await Parallel.ForEachAsync(
            added,
            new ParallelOptions { MaxDegreeOfParallelism = plan.IndexBuilders, CancellationToken = ct },
            async (key, token) => await sessions.UseAsync(session => TryAsync(line, () => ValidateAsync(session, key, token))).ConfigureAwait(false)).ConfigureAwait(false);
        line.Stop();
    }

    private async Task<bool> AnyExistsAsync(CancellationToken ct)
    {
        var wanted = plan.Tables.Select(table => table.Target).ToHashSet();
        var there = await target.QueryAsync(Title, target.Features.Dialect.TableNames, ct).ConfigureAwait(false);
        return there.Any(row => wanted.Contains(new QualifiedName(row[0], row[1] ?? "")));
    }

    private async Task<IReadOnlyList<TablePlan>> CreateAsync(IDatabaseTarget session, TablePlan[] tables, RunLine line, CancellationToken ct)
    {
        try
        {
            await session.ExecuteTogetherAsync(Title, tables.SelectMany(table => table.Create), ct).ConfigureAwait(false);
            line.AddRead(tables.Length);
            line.AddLoaded(tables.Length);
            return tables;
        }
        catch (TargetException) when (tables.Length > 1)
        {
            // Which of them it was shows when they are made one by one.
        }
        catch (TargetException e)
        {
            line.AddRead(1);
            line.AddRejected(1);
            failures.Tolerate(e);
            return [];
        }

        var made = new List<TablePlan>();
        foreach (var table in tables)
        {
            made.AddRange(await CreateAsync(session, [table], line, ct).ConfigureAwait(false));
        }

        return made;
    }

    private async Task AddCheckedKeysAsync(IEnumerable<IndexPlan> indexes, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.After, Keys);
        foreach (var (index, add) in indexes.Where(index => index.AddKey is not null).Select(index => (index, index.AddKey!))) // just asked
        {
            await TryAsync(line, async () =>
            {
                await CheckKeyAsync(index, ct).ConfigureAwait(false);
                await target.ExecuteEachAsync(Keys, [add], apart: false, ct).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }

        line.Stop();
    }

    // Who believes a key without looking must not be told of one that does not hold.
    private async Task CheckKeyAsync(IndexPlan index, CancellationToken ct)
    {
        if (index.Check is null || await target.QueryAsync(Keys, index.Check.FindDuplicates, ct).ConfigureAwait(false) is not { Count: > 0 } rows)
        {
            return;
        }

        var samples = string.Join(", ", rows.Select(row => $"({string.Join(", ", row.SkipLast(1).Select(value => Printable.Escape(value ?? "NULL")))}) {row[^1]} times"));
        throw new TargetException(
            $"{index.Check.Label} does not hold and was not created: {target.Features.ServerKind} takes values for equal that the source tells apart, for example {samples}",
            $"the rows are loaded; if the key is to be there, mend them, then {index.AddKey}");
    }

    private async Task AddAsync(ForeignKeyPlan key, CancellationToken ct)
    {
        if (!target.Features.EnforcedKeys && await target.QueryAsync(ForeignKeys, key.FindOrphans, ct).ConfigureAwait(false) is { Count: > 0 } orphans)
        {
            throw new TargetException(Orphans(key, orphans), $"the key was not created, since {target.Features.ServerKind} would believe it; repair the rows, then {key.Add}");
        }

        try
        {
            await target.ExecuteEachAsync(ForeignKeys, key.AddAll, apart: false, ct).ConfigureAwait(false);
        }
        catch (TargetException e) when (key.Definition is not null)
        {
            throw new TargetException(e.Message, $"the key was there before; once the cause is gone, run: {string.Join("; ", key.AddAll)}", e);
        }
    }

    private async Task ValidateAsync(IDatabaseTarget session, ForeignKeyPlan key, CancellationToken ct)
    {
        // After a failure a single transaction answers no questions.
        if (plan.IsSingleTransaction)
        {
            await NameOrphansAsync(session, key, null, ct).ConfigureAwait(false);
        }

        try
        {
            await session.ExecuteEachAsync(ForeignKeys, [key.Validate!], apart: false, ct).ConfigureAwait(false); // only such keys come here
        }
        catch (TargetException e) when (!plan.IsSingleTransaction)
        {
            await NameOrphansAsync(session, key, e, ct).ConfigureAwait(false);
            throw;
        }
    }

    private async Task NameOrphansAsync(IDatabaseTarget session, ForeignKeyPlan key, TargetException? e, CancellationToken ct)
    {
        var orphans = await session.QueryAsync(ForeignKeys, key.FindOrphans, ct).ConfigureAwait(false);
        if (orphans.Count > 0)
        {
            throw new TargetException(
                Orphans(key, orphans),
                plan.IsSingleTransaction
                    ? "nothing was loaded; repair the rows of the source, or leave the keys out with no foreign keys"
                    : $"the key is there and holds for new rows; repair the old ones, then {key.Validate}",
                e);
        }
    }

    // One after the other, in their order.
    private async Task RunEachAsync(SummarySection section, SqlStep? step, CancellationToken ct)
    {
        if (step is null)
        {
            return;
        }

        var line = progress.Add(section, step.Title);
        foreach (var statement in step.Statements)
        {
            await TryAsync(line, () => target.ExecuteEachAsync(step.Title, [statement.Sql], apart: false, ct)).ConfigureAwait(false);
        }

        line.Stop();
    }

    private static string Orphans(ForeignKeyPlan key, IReadOnlyList<ImmutableArray<string?>> orphans)
    {
        var columns = string.Join(", ", key.Key.Columns.Select(Identifier.Display));
        var samples = string.Join(", ", orphans.Select(row => $"({string.Join(", ", row.Skip(1).Select(value => Printable.Escape(value ?? "NULL")))})"));
        return $"Foreign key {Identifier.Display(key.Name)} of {key.Table} does not hold: {orphans[0][0]} row{(orphans[0][0] == "1" ? "" : "s")} with values ({columns}) "
            + $"that {key.Key.References} does not have, for example {samples}";
    }

    private Task RunSomeAsync(string title, ImmutableArray<string> statements, CancellationToken ct) =>
        statements.IsEmpty ? Task.CompletedTask : RunEachAsync(title, statements, ct);

    // Side by side, and where there are many some together; what fails together is tried one by one.
    private async Task RunEachAsync(string title, ImmutableArray<string> statements, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.After, title);
        var together = plan.IsSingleTransaction ? 1 : Math.Clamp(statements.Length / (4 * plan.IndexBuilders), 1, StatementsTogether);
        await Parallel.ForEachAsync(
            statements.Chunk(together),
            new ParallelOptions { MaxDegreeOfParallelism = plan.IndexBuilders, CancellationToken = ct },
            async (some, token) => await sessions.UseAsync(session => RunAsync(session, some, token)).ConfigureAwait(false)).ConfigureAwait(false);
        line.Stop();

        async Task<bool> RunAsync(IDatabaseTarget session, string[] some, CancellationToken token)
        {
            try
            {
                await (some.Length == 1 ? session.ExecuteEachAsync(title, some, apart: false, token) : session.ExecuteTogetherAsync(title, some, token)).ConfigureAwait(false);
                line.AddRead(some.Length);
                line.AddLoaded(some.Length);
            }
            catch (TargetException e) when (some.Length == 1)
            {
                Fail(line, e);
            }
            catch (TargetException)
            {
                foreach (var sql in some)
                {
                    await TryAsync(line, () => session.ExecuteEachAsync(title, [sql], apart: false, token)).ConfigureAwait(false);
                }
            }

            return true;
        }
    }

    private async Task<bool> TryAsync(RunLine line, Func<Task> action, bool counts = true)
    {
        try
        {
            await action().ConfigureAwait(false);
            line.AddRead(counts ? 1 : 0);
            line.AddLoaded(counts ? 1 : 0);
            return true;
        }
        catch (TargetException e)
        {
            Fail(line, e);
            return false;
        }
    }

    private void Fail(RunLine line, TargetException failure)
    {
        line.AddRead(1);
        line.AddRejected(1);
        failures.Tolerate(failure);
    }
}
