using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Plans;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Runs;

/// <summary>Reads what is there of the tables that a load without CREATE TABLE goes into.</summary>
internal static class ExistingTables
{
    public static async Task<ExistingSchema> ReadAsync(IDatabaseTarget target, IEnumerable<QualifiedName> wanted, CancellationToken ct)
    {
        var names = (await target.QueryAsync("fetch tables", target.Features.Dialect.TableNames, ct).ConfigureAwait(false))
            .Select(row => new QualifiedName(row[0], row[1] ?? "")).ToArray();
        var exact = names.ToHashSet();
        var anyCase = names.ToLookup(name => (name.Schema, name.Name.ToLowerInvariant()));
        var there = wanted.Select(name => exact.Contains(name) ? [name] : anyCase[(name.Schema, name.Name.ToLowerInvariant())].ToArray())
            .Where(found => found.Length == 1).Select(found => found[0]).ToArray();
        var read = await target.ReadTablesAsync(there, ct).ConfigureAwait(false);
        var tables = ImmutableArray.CreateBuilder<PostgresTable>();
        foreach (var name in there)
        {
            tables.Add(read.GetValueOrDefault(name) ?? await target.ReadTableAsync(name, ct).ConfigureAwait(false));
        }

        if (!target.Features.EnforcedKeys)
        {
            // Rows come and go whatever the keys say: they stay.
            return new ExistingSchema(tables.ToImmutable(), []);
        }

        var keys = await target.QueryAsync("fetch foreign keys", SqlText.Read("foreign_keys.sql"), ct).ConfigureAwait(false);
        return new ExistingSchema(
            tables.ToImmutable(),
            [.. keys.GroupBy(row => (new QualifiedName(row[0], row[1] ?? ""), row[2] ?? "")).Select(rows => Key(rows.Key.Item1, rows.Key.Item2, [.. rows]))]);
    }

    private static ForeignKeyPlan Key(QualifiedName table, string name, ImmutableArray<string?>[] pairs) => new(
        name,
        table,
        new ForeignKey
        {
            Name = name,
            Columns = [.. pairs.Select(pair => pair[6] ?? "")],
            References = new QualifiedName(pairs[0][4], pairs[0][5] ?? ""),
            ReferencedColumns = [.. pairs.Select(pair => pair[7] ?? "")],
        })
    {
        Definition = pairs[0][3],
        Comment = pairs[0][8],
    };
}
