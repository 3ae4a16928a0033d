using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Targets;

/// <summary>A server that takes rows, connected. One per command; not thread-safe but for its loaders.</summary>
public interface ITarget : IAsyncDisposable
{
    /// <summary>The database's name.</summary>
    string Database { get; }

    /// <summary>For messages: user, place and database, without any secret.</summary>
    string Display { get; }

    ServerInfo Server { get; }

    TargetFeatures Features { get; }

    /// <summary>The same server over a connection of its own, opened when first needed; may be used beside this one, which has to outlive it.</summary>
    ITarget OpenSession();

    /// <summary>The rows of a query, as text.</summary>
    /// <exception cref="Diagnostics.TargetException">The query failed.</exception>
    Task<IReadOnlyList<ImmutableArray<string?>>> QueryAsync(string title, string sql, CancellationToken ct);

    /// <exception cref="Diagnostics.TargetException">There is no such table, or it cannot take rows.</exception>
    Task<PostgresTable> ReadTableAsync(QualifiedName name, CancellationToken ct);

    /// <summary>From here on everything, rows too, is part of one transaction, until <see cref="CommitSingleTransactionAsync"/>.</summary>
    Task BeginSingleTransactionAsync(CancellationToken ct);

    /// <summary>Keeps what the single transaction did.</summary>
    /// <exception cref="Diagnostics.TargetException">The server refused, or its answer was lost.</exception>
    Task CommitSingleTransactionAsync(CancellationToken ct);

    /// <summary>Runs a step's statements in one transaction of their own, or in the single one.</summary>
    /// <exception cref="Diagnostics.TargetException">A statement failed: the step is undone.</exception>
    Task ExecuteAsync(SqlStep step, CancellationToken ct);

    /// <summary>Runs statements one by one over one connection, each for itself; with <paramref name="apart"/> over another connection.</summary>
    /// <exception cref="Diagnostics.TargetException">A statement failed.</exception>
    Task ExecuteEachAsync(string title, IEnumerable<string> statements, bool apart, CancellationToken ct);

    /// <summary>What keeps the user's triggers and foreign keys from being checked, for each loading transaction.</summary>
    /// <exception cref="Diagnostics.TargetException">The role may not.</exception>
    Task<ImmutableArray<string>> DisableTriggersSqlAsync(CancellationToken ct);

    /// <summary>Prepares the load of one table.</summary>
    /// <exception cref="Diagnostics.TargetException">It cannot be loaded as things are.</exception>
    Task<ITableLoad> OpenTableAsync(TableLoadSettings settings, CancellationToken ct);
}
