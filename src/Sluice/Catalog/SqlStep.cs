using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>SQL that the plan shows and the run executes.</summary>
public sealed record SqlStep
{
    /// <summary>The line in the summary: <c>before load</c>, <c>Truncate</c>, <c>Create Indexes</c>.</summary>
    public required string Title { get; init; }

    public required ImmutableArray<SqlStatement> Statements { get; init; }

    public static SqlStep Of(string title, IEnumerable<string> statements) =>
        new() { Title = title, Statements = [.. statements.Select(sql => new SqlStatement(sql, null))] };
}

/// <summary>One statement without its final semicolon, and where a user wrote it (<c>file:line</c>), if one did.</summary>
public sealed record SqlStatement(string Sql, string? Origin);
