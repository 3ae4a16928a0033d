using Sluice.Commands;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>Options of a database load that change nothing as the others are: each is said, none is ignored in silence.</summary>
internal static class OptionsInVain
{
    public static IEnumerable<string> Of(DatabaseLoadSpec spec, TargetFeatures features)
    {
        var options = spec.Options;
        var creates = spec.Schema is { CreateTables: true, DataOnly: false };
        if (creates && options.Truncate)
        {
            yield return "truncate has no effect: the tables are created";
        }

        if (creates && options.DropIndexes && features.Indexes)
        {
            yield return "drop indexes has no effect: the tables are created without indexes, which come after the rows";
        }

        // What AFTER CREATE SCHEMA makes may be triggers.
        if (creates && options.DisableTriggers && features.Triggers && spec.AfterCreateSchema.IsEmpty)
        {
            yield return "disable triggers has no effect: the tables are created, and have no triggers";
        }

        if (spec.Schema.DropSchema && !(creates && spec.Schema.CreateSchemas))
        {
            yield return $"drop schema has no effect: {(creates ? "schemas" : "tables")} are not created";
        }

        if (options.PrefetchRows is { } rows)
        {
            yield return FormattableString.Invariant($"prefetch rows = {rows} has no effect: what is read ahead is bounded by bytes (batch size)");
        }

        foreach (var (word, written) in new[] { ("workers", options.Workers), ("concurrency", options.Concurrency), ("max parallel create index", options.MaxParallelCreateIndex) })
        {
            if (options.SingleTransaction && written > 1)
            {
                yield return FormattableString.Invariant($"{word} = {written} has no effect: a single transaction has one connection");
            }
        }
    }
}
