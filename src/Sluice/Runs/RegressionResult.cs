using Sluice.Catalog;

namespace Sluice.Runs;

/// <summary>How a loaded table differs from what was expected.</summary>
/// <param name="Table">The loaded table.</param>
/// <param name="Missing">Expected rows that were not loaded.</param>
/// <param name="Unexpected">Loaded rows that were not expected.</param>
/// <param name="MissingRows">The first of the missing rows, as PostgreSQL prints a record.</param>
/// <param name="UnexpectedRows">The first of the unexpected rows.</param>
public sealed record RegressionResult(
    QualifiedName Table, long Missing, long Unexpected, IReadOnlyList<string> MissingRows, IReadOnlyList<string> UnexpectedRows)
{
    public bool IsSame => Missing == 0 && Unexpected == 0;
}
