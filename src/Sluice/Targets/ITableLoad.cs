using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Locations.S3;
using Sluice.Postgres;

namespace Sluice.Targets;

/// <summary>The load of one table: its writers, and what is left to do once they are done. Dispose undoes what only served the load.</summary>
public interface ITableLoad : IAsyncDisposable
{
    /// <summary>A writer's loader; the first one (0) shares the target's own connection, the others get one each.</summary>
    ITableLoader OpenLoader(int writer);

    /// <summary>Loads rows that lie ready in S3, all or none, and nothing else (<see cref="TargetFeatures.TakesStagedRows"/>).</summary>
    /// <exception cref="Diagnostics.TargetException">The load failed: nothing of it is in the table.</exception>
    Task TakeAsync(StagedRows rows, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>
    /// Puts into the table what the writers' commits only laid ready; nothing where they are final (<see cref="TargetFeatures.BatchesAreFinal"/>).
    /// Rows that are refused only now are reported one by one.
    /// </summary>
    /// <param name="refused">Sets a row aside: why, and the row as a line of COPY text. It may end the load.</param>
    /// <param name="ct">Stops at once: nothing of the load is then in the table.</param>
    /// <exception cref="Diagnostics.TargetException">The load failed: nothing of it is in the table.</exception>
    /// <exception cref="Diagnostics.LoadStoppedException">From <paramref name="refused"/>; nothing of the load is in the table.</exception>
    Task CompleteAsync(RefusedRow refused, CancellationToken ct);
}

/// <summary>Sets one row aside that the server refused.</summary>
public delegate void RefusedRow(Rejection rejection, ReadOnlySpan<byte> copyText);

/// <summary>What a table's load works with.</summary>
public sealed record TableLoadSettings
{
    public required PostgresTable Table { get; init; }

    /// <summary>Bare names, in the order of the fields.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>
    /// The table's object id where the server is to be asked how many rows it inserted, because a trigger may keep rows out. Null elsewhere.
    /// </summary>
    public long? CountRowsOf { get; init; }

    /// <summary>Statements at the start of each loading transaction.</summary>
    public ImmutableArray<string> TransactionSql { get; init; } = [];

    /// <summary>
    /// Why the outcome of a lost transaction cannot be relied on (an unlogged table, synchronous_commit off): ends a sentence
    /// that begins "The connection was lost … and". Null when it can.
    /// </summary>
    public string? CannotRecover { get; init; }

    /// <summary>The first row that is refused ends the load.</summary>
    public bool StopsAtRefusal { get; init; }

    /// <summary>Writers side by side.</summary>
    public int Writers { get; init; } = 1;

    public QualifiedName Name => Table.Name;
}
