using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Targets;

namespace Sluice.Plans;

/// <summary>What a database load will do: the run executes this very object, the dry run prints it.</summary>
public sealed record DatabasePlan
{
    public required DatabaseLoadSpec Spec { get; init; }

    /// <summary>Largest first, as far as sizes are known.</summary>
    public required ImmutableArray<TablePlan> Tables { get; init; }

    /// <summary>The encoding of the source's texts, where the command says it and the source does not.</summary>
    public string? SourceEncoding { get; init; }

    public SqlStep? BeforeLoad { get; init; }

    /// <summary>Only where tables exist: their foreign keys come back when the rows are in.</summary>
    public SqlStep? DropForeignKeys { get; init; }

    /// <summary>Only where tables exist.</summary>
    public SqlStep? Truncate { get; init; }

    /// <summary>What a user knows the source by.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the source holds, where the target takes it exactly; null once <see cref="ExactSchema"/> has written its statements.</summary>
    public DatabaseCatalog? Exact { get; init; }

    /// <summary>What tables need before they can be made: extensions, types, sequences.</summary>
    public SqlStep? Objects { get; init; }

    /// <summary>What makes indexes of partitions parts of those of their table.</summary>
    public SqlStep? AttachIndexes { get; init; }

    /// <summary>Comments and the like, when all is there.</summary>
    public SqlStep? Finish { get; init; }

    /// <summary>Of types, sequences and extensions.</summary>
    public ImmutableArray<string> ObjectSchemas { get; init; } = [];

    /// <summary>Types and sequences that are made, with the target's names.</summary>
    public ImmutableArray<QualifiedName> MadeObjects { get; init; } = [];

    /// <summary>Extensions that are made where they are missing.</summary>
    public ImmutableArray<ExtensionModel> Extensions { get; init; } = [];

    /// <summary>Comments of the source's schemas, with the target's names.</summary>
    public ImmutableArray<SchemaComment> SchemaComments { get; init; } = [];

    /// <summary>Only where tables are created: what <c>drop schema</c> takes away first.</summary>
    public SqlStep? DropSchemas { get; init; }

    /// <summary>The schemas that it takes away.</summary>
    public ImmutableArray<string> DroppedSchemas { get; init; } = [];

    /// <summary>What <c>include drop</c> and <c>drop schema</c> take away, with what depends on it.</summary>
    public ImmutableArray<DroppedObject> Drops { get; init; } = [];

    /// <summary>What the target lacks, each with what to do about it: nothing is created as long as there is any.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    public SqlStep? AfterSchema { get; init; }

    public SqlStep? AfterLoad { get; init; }

    /// <summary>Tables that are copied side by side.</summary>
    public required int Workers { get; init; }

    /// <summary>Why there are as many; ends a line of the plan.</summary>
    public required string WorkersReason { get; init; }

    /// <summary>Writers of one table.</summary>
    public required int Writers { get; init; }

    /// <summary>Why there are as many; ends a line of the plan.</summary>
    public required string WritersReason { get; init; }

    /// <summary>Indexes that are built side by side.</summary>
    public required int IndexBuilders { get; init; }

    /// <summary>Why there are as many; ends a line of the plan.</summary>
    public required string IndexBuildersReason { get; init; }

    public required int BatchRows { get; init; }

    /// <summary>Bytes of a batch of a table that is not small.</summary>
    public required int BatchBytes { get; init; }

    /// <summary>All or nothing: one transaction over one connection, which the first failure ends.</summary>
    public bool IsSingleTransaction => Spec.Options.SingleTransaction;

    /// <summary>The most bytes of rows that are on their way at a time.</summary>
    public long BytesInFlight => (long)Workers * Batches(Writers) * BatchBytes;

    /// <summary>How the rows get there; empty where they go through COPY FROM STDIN.</summary>
    public ImmutableArray<string> Travels { get; init; } = [];

    /// <summary>What stays behind.</summary>
    public ImmutableArray<UncarriedObject> Uncarried { get; init; } = [];

    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>Of the tables; those that are missing are created.</summary>
    public IEnumerable<string> Schemas =>
        Tables.Select(table => table.Target.Schema).OfType<string>().Concat(ObjectSchemas).Distinct(StringComparer.Ordinal);

    /// <summary>Schemas that hold nothing of the load but extensions.</summary>
    public IEnumerable<string> ExtensionSchemas =>
        Extensions.Select(extension => extension.Schema).Except(Tables.Select(table => table.Target.Schema).Concat(MadeObjects.Select(made => made.Schema)).OfType<string>());

    public bool CreatesTables => Spec.Schema is { CreateTables: true, DataOnly: false };

    public bool CopiesData => !Spec.Schema.SchemaOnly;

    /// <summary>How many tables are to be read side by side, before anything is known of them.</summary>
    public static (int Workers, string Reason) ChooseWorkers(LoadOptions options, TargetFeatures features, int processors) =>
        options.SingleTransaction ? (1, "a single transaction has one connection")
        : options.Workers is { } written ? (Math.Max(1, written), "workers as written")
        : features.LeastTablesTogether > processors ? (features.LeastTablesTogether, $"each waits for {features.ServerKind} at its end")
        : (Math.Clamp(processors, 1, 4), FormattableString.Invariant($"{processors} processors"));

    /// <summary>The batches of one table: what its reader fills, what its writers send, and what waits between them.</summary>
    public static int Batches(int writers) => 2 + (2 * writers);
}
