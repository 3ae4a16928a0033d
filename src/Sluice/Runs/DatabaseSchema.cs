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

    // The server's lock table has room for some thousands of objects in all transactions together.
    private const int TablesTogether = 200;

    /// <summary>Creates those schemas of the plan's tables that are missing.</summary>
    public async Task CreateSchemasAsync(CancellationToken ct)
    {
        const string Schemas = "Create Schemas";
        var line = progress.Add(SummarySection.Before, Schemas);
        try
        {
            var there = await target.QueryAsync(Schemas, "SELECT nspname FROM pg_catalog.pg_namespace", ct).ConfigureAwait(false);
            var missing = plan.Schemas.Except(there.Select(row => row[0]).OfType<string>()).ToArray();
            await target.ExecuteAsync(SqlStep.Of(Schemas, missing.Select(SqlDialect.CreateSchema)), ct).ConfigureAwait(false);
            line.AddRead(missing.Length);
            line.AddLoaded(missing.Length);
        }
        finally
        {
            line.Stop();
        }
    }

    /// <summary>Many in one transaction, or where that fails each for itself. Returns those that are there.</summary>
    public async Task<ImmutableArray<TablePlan>> CreateTablesAsync(CancellationToken ct)
    {
        var line = progress.Add(SummarySection.Before, Title);
        var made = ImmutableArray.CreateBuilder<TablePlan>();
        try
        {
            foreach (var tables in plan.Tables.Chunk(plan.IsSingleTransaction ? 1 : TablesTogether))
            {
                made.AddRange(await CreateAsync(tables, line, ct).ConfigureAwait(false));
            }

            return made.ToImmutable();
        }
        finally
        {
            line.Stop();
        }
    }

    public Task ResetSequencesAsync(IEnumerable<TablePlan> tables, CancellationToken ct) =>
        RunEachAsync("Reset Sequences", [.. tables.SelectMany(table => table.Sequences)], ct);

    /// <param name="indexes">Those that were built.</param>
    /// <param name="ct">Stops.</param>
    public Task AddKeysAsync(IEnumerable<IndexPlan> indexes, CancellationToken ct) =>
        RunEachAsync("Primary Keys", [.. indexes.Select(index => index.AddKey).OfType<string>()], ct);

    public Task AddCommentsAsync(IEnumerable<TablePlan> tables, CancellationToken ct)
    {
        var comments = tables.SelectMany(table => table.Comments).ToImmutableArray();
        return comments.IsEmpty ? Task.CompletedTask : RunEachAsync("Install Comments", comments, ct);
    }

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
                if (key.IsValidated)
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

    private async Task<IReadOnlyList<TablePlan>> CreateAsync(TablePlan[] tables, RunLine line, CancellationToken ct)
    {
        try
        {
            await target.ExecuteAsync(SqlStep.Of(Title, tables.SelectMany(table => table.Create)), ct).ConfigureAwait(false);
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
            made.AddRange(await CreateAsync([table], line, ct).ConfigureAwait(false));
        }

        return made;
    }

    private async Task AddAsync(ForeignKeyPlan key, CancellationToken ct)
    {
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
            await session.ExecuteEachAsync(ForeignKeys, [key.Validate], apart: false, ct).ConfigureAwait(false);
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
            var columns = string.Join(", ", key.Key.Columns.Select(Identifier.Display));
            var samples = string.Join(", ", orphans.Select(row => $"({string.Join(", ", row.Skip(1).Select(value => Printable.Escape(value ?? "NULL")))})"));
            throw new TargetException(
                $"Foreign key {Identifier.Display(key.Name)} of {key.Table} does not hold: {orphans[0][0]} row{(orphans[0][0] == "1" ? "" : "s")} with values ({columns}) "
                + $"that {key.Key.References} does not have, for example {samples}",
                plan.IsSingleTransaction
                    ? "nothing was loaded; repair the rows of the source, or leave the keys out with no foreign keys"
                    : $"the key is there and holds for new rows; repair the old ones, then {key.Validate}",
                e);
        }
    }

    private async Task RunEachAsync(string title, ImmutableArray<string> statements, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.After, title);
        foreach (var sql in statements)
        {
            await TryAsync(line, () => target.ExecuteEachAsync(title, [sql], apart: false, ct)).ConfigureAwait(false);
        }

        line.Stop();
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
            line.AddRead(1);
            line.AddRejected(1);
            failures.Tolerate(e);
            return false;
        }
    }
}
