using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Sources.Redshift;

/// <summary>What reading the rows of a table needs to know.</summary>
internal sealed record RedshiftTable
{
    public required QualifiedName Name { get; init; }

    public required ImmutableDictionary<string, RedshiftType> Types { get; init; }

    /// <summary>Null: the user may not know.</summary>
    public long? Megabytes { get; init; }

    public long? Rows { get; init; }
}
