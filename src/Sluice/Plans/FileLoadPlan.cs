using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Postgres;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>What a file load will do: the run executes this very object, the dry run prints it.</summary>
public sealed record FileLoadPlan
{
    /// <summary>The smallest and the largest batch that can be asked for, in bytes.</summary>
    public const int MinBatchBytes = 4 << 10;
    public const int MaxBatchBytes = 1 << 30;

    private const int MaxDefaultWriters = 4;

    public required FileLoadSpec Spec { get; init; }

    public required PostgresTable Table { get; init; }

    public required ServerInfo Server { get; init; }

    public required TargetFeatures Features { get; init; }

    /// <summary><c>disable triggers</c>, where there are any.</summary>
    public bool DisablesTriggers { get; init; }

    /// <summary>Writers side by side.</summary>
    public required int Writers { get; init; }

    /// <summary>Why there are as many; ends a line of the plan.</summary>
    public required string WritersReason { get; init; }

    /// <summary>Rows are loaded in the order of the source.</summary>
    public required bool PreserveOrder { get; init; }

    public required int BatchBytes { get; init; }

    public required int BatchRows { get; init; }

    public SqlStep? BeforeLoad { get; init; }

    public IndexRebuild? Indexes { get; init; }

    public SqlStep? Truncate { get; init; }

    public SqlStep? AfterLoad { get; init; }

    /// <summary>How many indexes may be built side by side.</summary>
    public int IndexBuilders { get; init; } = 1;

    public ImmutableArray<string> Notices { get; init; } = [];

    /// <exception cref="TargetException">The table cannot take this load.</exception>
    public static FileLoadPlan Build(FileLoadSpec spec, PostgresTable table, ServerInfo server, TargetFeatures features, int processors)
    {
        if (!table.LoadableColumns.Any())
        {
            throw new TargetException($"Table {table.Name} has no column that can be loaded");
        }

        SingleTransactionScripts.EnsureTogether(spec, features);
        var options = spec.Options;
        var (writers, reason, isOrdered) = ChooseWriters(spec, table, processors);
        var indexes = options.DropIndexes && features.Indexes && !table.Indexes.IsEmpty ? IndexRebuild.Of(table) : null;
        return new FileLoadPlan
        {
            Spec = spec,
            Table = table,
            Server = server,
            Features = features,
            DisablesTriggers = options.DisableTriggers && features.Triggers,
            Writers = writers,
            WritersReason = reason,
            PreserveOrder = isOrdered || (writers == 1 && table.Indexes.Any(index => index.IsUnique)),
            BatchBytes = (int)Math.Clamp(options.BatchBytes ?? features.BatchBytes, MinBatchBytes, MaxBatchBytes),
            BatchRows = Math.Max(1, options.BatchRows ?? BufferSizes.BatchRows),
            BeforeLoad = Step("before load", spec.BeforeLoad),
            AfterLoad = Step("after load", spec.AfterLoad),
            Indexes = indexes,
            IndexBuilders = Math.Max(1, Math.Min(options.MaxParallelCreateIndex ?? processors, indexes?.Build.Length ?? 1)),
            Truncate = options.Truncate ? Empty(table, options, features) : null,
            Notices = [.. NoticesOf(spec, table), .. InVain(options, features)],
        };
    }

    // Where TRUNCATE commits what came before it, a single transaction empties the table row by row.
    private static SqlStep Empty(PostgresTable table, LoadOptions options, TargetFeatures features) => SqlStep.Of(
        "Truncate",
        [$"{(options.SingleTransaction && !features.TransactionalTruncate ? "DELETE FROM" : "TRUNCATE")} {Identifier.Quote(table.Name)}"]);

    /// <summary>A clause's statements, or null when it is not written.</summary>
    public static SqlStep? Step(string title, ImmutableArray<SqlPart> parts) => parts.IsEmpty
        ? null
        : new SqlStep { Title = title, Statements = [.. parts.Select(part => new SqlStatement(part.Sql, part.Origin))] };

    /// <summary>How a batch's rows travel, and why.</summary>
    public static (RowEncoding Encoding, string Reason) Encoding(ImmutableArray<PostgresColumn> columns)
    {
        var textOnly = columns.FirstOrDefault(column => column.BinaryType == BinaryType.None);
        return textOnly is null
            ? (RowEncoding.CopyBinary, "rows with other than canonical spellings go as text")
            : (RowEncoding.CopyText, $"column {Identifier.Display(textOnly.Name)} is of type {textOnly.TypeName}");
    }

    // More writers would change the result where rows meet each other or are numbered in the order they come in.
    private static (int Writers, string Reason, bool IsOrdered) ChooseWriters(FileLoadSpec spec, PostgresTable table, int processors)
    {
        var options = spec.Options;
        var order = WhyOrderMatters(spec, table);
        if (options.SingleTransaction)
        {
            return (1, "single transaction", order is not null || options.OnErrorStop);
        }

        if (table.IsTemporary)
        {
            return (1, "a temporary table is seen by its own session only", order is not null || options.OnErrorStop);
        }

        if (options.Concurrency is { } written)
        {
            return (Math.Max(1, Math.Min(written, options.Workers ?? written)), "concurrency as written", (order is not null || options.OnErrorStop) && written == 1);
        }

        if (order is not null)
        {
            return (1, order, true);
        }

        if (options.OnErrorStop)
        {
            return (1, "on error stop: what precedes the refused row is loaded, nothing after it", true);
        }

        var most = Math.Clamp(processors, 1, MaxDefaultWriters);
        return options.Workers < most
            ? (Math.Max(1, options.Workers.Value), "workers as written", false)
            : (most, $"{processors} processors", false);
    }

    private static string? WhyOrderMatters(FileLoadSpec spec, PostgresTable table)
    {
        var isTriggered = !spec.Options.DisableTriggers;
        if (isTriggered && !table.RowTriggers.IsEmpty)
        {
            return $"row trigger {Identifier.Display(table.RowTriggers[0])} sees rows in their order";
        }

        if (isTriggered && !table.SelfReferences.IsEmpty)
        {
            return $"foreign key {Identifier.Display(table.SelfReferences[0].Name)} refers to the table itself";
        }

        if (!table.ExclusionConstraints.IsEmpty)
        {
            return $"exclusion constraint {Identifier.Display(table.ExclusionConstraints[0])} compares rows";
        }

        var loaded = spec.Columns.Select(column => column.Name).Concat(spec.Columns.IsEmpty ? spec.Fields.Select(field => field.Name) : []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var isPartial = loaded.Count > 0 || spec.Csv is { HasHeader: true };
        var numbered = table.LoadableColumns.FirstOrDefault(column => column.HasSequence && !loaded.Contains(column.Name));
        return isPartial && numbered is not null ? $"column {Identifier.Display(numbered.Name)} numbers the rows as they come" : null;
    }

    // What is asked for and the server does not have.
    private static IEnumerable<string> InVain(LoadOptions options, TargetFeatures features)
    {
        if (options.DropIndexes && !features.Indexes)
        {
            yield return $"drop indexes has no effect: {features.ServerKind} has no indexes";
        }

        if (options.DisableTriggers && !features.Triggers)
        {
            yield return $"disable triggers has no effect: {features.ServerKind} has no triggers";
        }

        if (options is { SingleTransaction: true, Truncate: true } && !features.TransactionalTruncate)
        {
            yield return $"the table is emptied with DELETE: TRUNCATE commits on {features.ServerKind}, and this is a single transaction";
        }
    }

    private static IEnumerable<string> NoticesOf(FileLoadSpec spec, PostgresTable table)
    {
        foreach (var note in spec.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Note))
        {
            yield return note.Message;
        }

        var (word, written) = spec.Options.Concurrency is { } concurrency ? ("concurrency", concurrency) : ("workers", spec.Options.Workers ?? 1);
        if (written > 1 && (spec.Options.SingleTransaction || table.IsTemporary))
        {
            yield return $"{word} = {written} has no effect: a {(spec.Options.SingleTransaction ? "single transaction" : "temporary table")} has one writer";
        }

        if (!spec.Options.DropIndexes && table.Indexes.Length > 0 && !spec.Options.SingleTransaction && table.EstimatedRows is null or 0)
        {
            yield return $"{table.Name} has {table.Indexes.Length} index{(table.Indexes.Length == 1 ? "" : "es")}: a large load is faster with drop indexes";
        }
    }
}
