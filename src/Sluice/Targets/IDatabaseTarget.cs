using System.Collections.Immutable;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Targets;

/// <summary>A target that takes a whole database, its schema too.</summary>
public interface IDatabaseTarget : ITarget
{
    /// <summary>The same server over a connection of its own, opened when first needed; may be used beside this one, which has to outlive it.</summary>
    IDatabaseTarget OpenSession();

    /// <summary>What a user should know of the session: ends in the summary and the plan.</summary>
    ImmutableArray<string> SessionNotices => [];

    /// <summary>How the rows of tables travel, for the plan; empty where they go through COPY FROM STDIN.</summary>
    ImmutableArray<string> DescribeLoads() => [];

    /// <summary>The rows of a query, as text.</summary>
    /// <exception cref="Diagnostics.TargetException">The query failed.</exception>
    Task<IReadOnlyList<ImmutableArray<string?>>> QueryAsync(string title, string sql, CancellationToken ct);

    /// <summary>Many tables at once, by the names that were asked for. What cannot be read is left out: read for itself it says why.</summary>
    Task<IReadOnlyDictionary<QualifiedName, PostgresTable>> ReadTablesAsync(IEnumerable<QualifiedName> names, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<QualifiedName, PostgresTable>>(ImmutableDictionary<QualifiedName, PostgresTable>.Empty);

    /// <summary>Runs statements in one transaction of their own, without waiting for each answer where the server allows it.</summary>
    /// <exception cref="Diagnostics.TargetException">A statement failed: nothing of them is done.</exception>
    Task ExecuteTogetherAsync(string title, IEnumerable<string> statements, CancellationToken ct) => ExecuteAsync(SqlStep.Of(title, statements), ct);

    /// <summary>What stands in the way of tables that are to be created, and what would go with those that are to be dropped.</summary>
    /// <exception cref="Diagnostics.TargetException">The catalog cannot be read.</exception>
    Task<TargetSurvey> SurveyAsync(SurveyRequest request, CancellationToken ct) => Task.FromResult(new TargetSurvey());
}
