using Sluice.Batches;

namespace Sluice.Targets;

/// <summary>
/// One writer into one table, with a connection of its own. Not thread-safe. The order of calls is Begin, Copy…, Commit; a guarded
/// copy that is refused leaves the transaction usable. Dispose abandons what was not committed.
/// </summary>
/// <remarks>Every call may throw <see cref="LoaderException"/>; what is neither that nor cancellation fails the load.</remarks>
public interface ITableLoader : IAsyncDisposable
{
    /// <summary>Rows the server inserted since the last Begin; null where it was not asked.</summary>
    long? InsertedRows { get; }

    /// <summary>Connects; false when the server has no room for one more session. The other calls connect by themselves.</summary>
    /// <exception cref="Diagnostics.TargetException">The connection fails for another reason.</exception>
    Task<bool> TryConnectAsync(CancellationToken ct);

    /// <summary>Starts the transaction of one batch.</summary>
    Task BeginAsync(CancellationToken ct);

    /// <summary>Sends rows in one COPY: all or none. After a refusal the transaction must be rolled back.</summary>
    Task CopyAsync(RowRange rows, CancellationToken ct);

    /// <summary>As <see cref="CopyAsync"/>, but a refusal undoes only these rows. When asked, deferred constraints are checked with each copy of this transaction.</summary>
    Task CopyGuardedAsync(RowRange rows, bool checkDeferred, CancellationToken ct);

    /// <summary>As <see cref="CopyGuardedAsync"/> for one row that was refused in its binary form, given as a line of COPY text.</summary>
    Task CopyTextGuardedAsync(ReadOnlyMemory<byte> row, bool checkDeferred, CancellationToken ct);

    /// <summary>Makes the batch permanent (in a single transaction: keeps it for the final commit).</summary>
    /// <param name="beginNext">Begin comes at once: what it does may be done along with the commit.</param>
    /// <param name="ct">Cancels before the commit is sent.</param>
    Task CommitAsync(bool beginNext, CancellationToken ct);

    /// <summary>Undoes the batch. Does nothing when the connection is gone.</summary>
    Task RollbackAsync(CancellationToken ct);

    /// <summary>After a lost connection: connects again and finds out whether the last transaction was committed.</summary>
    /// <exception cref="Diagnostics.TargetException">The server does not come back, or the outcome cannot be known.</exception>
    Task<bool> WasCommittedAsync(CancellationToken ct);
}
