using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Diagnostics;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Creates the tables, and once they are full their keys, sequences and foreign keys. What fails does not keep the rest from being made.</summary>
internal sealed class DatabaseSchema(IDatabaseTarget target, TargetSessions sessions, DatabasePlan plan, RunProgress progress, RunFailures failures)
{
    private const string Title = "Create tables";

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
        var made = new ConcurrentBag<QualifiedName>();
        try
        {
            // Tables that refer to each other and are dropped side by side would wait for each other.
            var sideBySide = plan.Tables.Length > TablesTogether && !await AnyExistsAsync(ct).ConfigureAwait(false) ? plan.Workers : 1;
            await Parallel.ForEachAsync(
                plan.Tables.Chunk(TablesTogether),
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

    public Task ResetSequencesAsync(IEnumerable<TablePlan> tables, CancellationToken ct) =>
        RunEachAsync("Reset Sequences", [.. tables.SelectMany(table => table.Sequences)], ct);

    /// <param name="indexes">Those that were built.</param>
    /// <param name="ct">Stops.</param>
    public Task AddKeysAsync(IEnumerable<IndexPlan> indexes, CancellationToken ct) =>
        RunEachAsync("Primary Keys", [.. indexes.Select(index => index.AddKey).OfType<string>()], ct);

    /// <summary>Adds the keys unchecked, which takes no time, then checks them side by side.</summary>
    public async Task AddForeignKeysAsync(IReadOnlyCollection<TablePlan> tables, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.After, "Create Foreign Keys");
        var there = tables.Select(table => table.Target).ToHashSet();
        var added = new List<ForeignKeyPlan>();
        foreach (var key in tables.SelectMany(table => table.ForeignKeys))
        {
            if (plan.CreatesTables && !there.Contains(key.Key.References))
            {
                line.AddRead(1);
                line.AddRejected(1);
                failures.Add(new TargetException($"Foreign key {Identifier.Display(key.Name)} of {key.Table} was not created: {key.Key.References} does not exist"));
            }
            else if (await TryAsync(line, () => target.ExecuteEachAsync("Create Foreign Keys", [key.Add], apart: false, ct), counts: false).ConfigureAwait(false))
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

    private async Task<bool> AnyExistsAsync(CancellationToken ct)
    {
        var wanted = plan.Tables.Select(table => table.Target).ToHashSet();
        var there = await target.QueryAsync(Title, SqlText.Read("table_names.sql"), ct).ConfigureAwait(false);
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
            failures.Add(e);
            return [];
        }

        var made = new List<TablePlan>();
        foreach (var table in tables)
        {
            made.AddRange(await CreateAsync(session, [table], line, ct).ConfigureAwait(false));
        }

        return made;
    }

    private static async Task ValidateAsync(IDatabaseTarget session, ForeignKeyPlan key, CancellationToken ct)
    {
        try
        {
            await session.ExecuteEachAsync("Create Foreign Keys", [key.Validate], apart: false, ct).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            var orphans = await session.QueryAsync("Create Foreign Keys", key.FindOrphans, ct).ConfigureAwait(false);
            if (orphans.Count == 0)
            {
                throw;
            }

            var columns = string.Join(", ", key.Key.Columns.Select(Identifier.Display));
            var samples = string.Join(", ", orphans.Select(row => $"({string.Join(", ", row.Skip(1).Select(value => Printable.Escape(value ?? "NULL")))})"));
            throw new TargetException(
                $"Foreign key {Identifier.Display(key.Name)} of {key.Table} does not hold: {orphans[0][0]} row{(orphans[0][0] == "1" ? "" : "s")} with values ({columns}) "
                + $"that {key.Key.References} does not have, for example {samples}",
                $"the key is there and holds for new rows; repair the old ones, then {key.Validate}", e);
        }
    }

    // Side by side, and where there are many some together; what fails together is tried one by one.
    private async Task RunEachAsync(string title, ImmutableArray<string> statements, CancellationToken ct)
    {
        var line = progress.Add(SummarySection.After, title);
        var together = Math.Clamp(statements.Length / (4 * plan.IndexBuilders), 1, StatementsTogether);
        await Parallel.ForEachAsync(
            statements.Chunk(together),
            new ParallelOptions { MaxDegreeOfParallelism = plan.IndexBuilders, CancellationToken = ct },
            async (some, token) => await sessions.UseAsync(session => RunAsync(session, some, token)).ConfigureAwait(false)).ConfigureAwait(false);
        line.Stop();

        async Task<bool> RunAsync(IDatabaseTarget session, string[] some, CancellationToken token)
        {
            try
            {
                await session.ExecuteTogetherAsync(title, some, token).ConfigureAwait(false);
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
        failures.Add(failure);
    }
}
