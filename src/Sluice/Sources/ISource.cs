using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Locations.S3;

namespace Sluice.Sources;

/// <summary>What rows come from. Units may be read side by side, each with its own writer.</summary>
public interface ISource : IAsyncDisposable
{
    /// <summary>What a user should know though nothing failed, as sentences. Grows while units are read.</summary>
    ImmutableArray<string> Notices { get; }

    /// <summary>The pieces that can be read, in order. Opens nothing that is not needed to know them.</summary>
    /// <exception cref="Diagnostics.SourceException">A file is missing or cannot be read.</exception>
    Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct);

    /// <summary>Lays all rows ready in S3, where the source can; they stay there until it is disposed. Null: it cannot.</summary>
    /// <exception cref="Diagnostics.SourceException">That failed.</exception>
    Task<StagedRows?> StageAsync(CancellationToken ct) => Task.FromResult<StagedRows?>(null);

    /// <summary>Reads one unit to its end: fields, end of row, again. Bad records go to <see cref="RowWriter.Reject"/>.</summary>
    /// <exception cref="Diagnostics.SourceException">The unit cannot be read any further.</exception>
    Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct);
}
