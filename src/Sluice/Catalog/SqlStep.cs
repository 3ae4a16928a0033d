using System.Collections.Immutable;

namespace Sluice.Catalog;

/// <summary>SQL that the plan shows and the run executes.</summary>
/// <param name="Title">The line in the summary: <c>before load</c>, <c>Truncate</c>, <c>Create Indexes</c>.</param>
/// <param name="Statements">Each without its final semicolon.</param>
public sealed record SqlStep(string Title, ImmutableArray<string> Statements);
