using System.Collections.Immutable;

namespace Sluice.Targets;

/// <summary>A target that takes a whole database, its schema too.</summary>
public interface IDatabaseTarget : ITarget
{
    /// <summary>The same server over a connection of its own, opened when first needed; may be used beside this one, which has to outlive it.</summary>
    IDatabaseTarget OpenSession();

    /// <summary>The rows of a query, as text.</summary>
    /// <exception cref="Diagnostics.TargetException">The query failed.</exception>
    Task<IReadOnlyList<ImmutableArray<string?>>> QueryAsync(string title, string sql, CancellationToken ct);

    /// <summary>What stands in the way of tables that are to be created, and what would go with those that are to be dropped.</summary>
    /// <exception cref="Diagnostics.TargetException">The catalog cannot be read.</exception>
    Task<TargetSurvey> SurveyAsync(SurveyRequest request, CancellationToken ct) => Task.FromResult(new TargetSurvey());
}
