using Sluice.Batches;
using Sluice.Commands;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>How much is done side by side, and in what portions: as written, else by processors, tables and memory. Each with its reason.</summary>
internal sealed record DatabaseChoices
{
    // For all rows that are on their way; more workers get smaller batches.
    private const long MemoryBudget = 128L << 20;
    private const int SmallestByChoice = 64 << 10;
    private const int MostIndexBuilders = 64;

    public required int Workers { get; init; }

    public required string WorkersReason { get; init; }

    public required int Writers { get; init; }

    public required string WritersReason { get; init; }

    public required int IndexBuilders { get; init; }

    public required string IndexBuildersReason { get; init; }

    public required int BatchRows { get; init; }

    public required int BatchBytes { get; init; }

    public required bool IsBatchWritten { get; init; }

    /// <param name="options">Of the command.</param>
    /// <param name="features">Of the target.</param>
    /// <param name="processors">How many there are here.</param>
    /// <param name="indexes">Of all tables.</param>
    public static DatabaseChoices Of(LoadOptions options, TargetFeatures features, int processors, int indexes)
    {
        var (workers, reason) = DatabasePlan.ChooseWorkers(options, features, processors);
        var (writers, why) = options.SingleTransaction ? (1, "a single transaction has one connection")
            : options.Concurrency is { } written ? (Math.Max(1, written), "concurrency as written")
            : (1, "tables are copied side by side");
        var (builders, because) = options.SingleTransaction ? (1, "a single transaction has one connection")
            : options.MaxParallelCreateIndex is { } most ? (Math.Clamp(most, 1, MostIndexBuilders), "max parallel create index as written")
            : indexes < processors ? (Math.Max(1, indexes), "as many as there are")
            : (Math.Clamp(processors, 1, MostIndexBuilders), FormattableString.Invariant($"{processors} processors"));
        var share = MemoryBudget / (workers * DatabasePlan.Batches(writers));
        return new DatabaseChoices
        {
            Workers = workers,
            WorkersReason = reason,
            Writers = writers,
            WritersReason = why,
            IndexBuilders = builders,
            IndexBuildersReason = because,
            BatchRows = Math.Max(1, options.BatchRows ?? BufferSizes.BatchRows),
            BatchBytes = options.BatchBytes is { } bytes
                ? (int)Math.Clamp(bytes, FileLoadPlan.MinBatchBytes, FileLoadPlan.MaxBatchBytes)
                : Math.Min(features.BatchBytes, (int)Math.Max(share, SmallestByChoice)),
            IsBatchWritten = options.BatchBytes is not null,
        };
    }

    /// <summary>For a table of so many rows.</summary>
    public int BatchBytesFor(long? rows) => rows < TablePlan.FewRows && !IsBatchWritten ? Math.Min(SmallestByChoice, BatchBytes) : BatchBytes;
}
