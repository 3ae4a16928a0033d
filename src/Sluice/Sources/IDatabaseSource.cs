using System.Collections.Immutable;
using Sluice.Casts;
using Sluice.Catalog;

namespace Sluice.Sources;

/// <summary>A database that is read, opened at one point in time.</summary>
public interface IDatabaseSource : IAsyncDisposable
{
    /// <summary>What a user knows it by.</summary>
    string Label { get; }

    /// <summary>The rules for columns that no rule of the user is about.</summary>
    ImmutableArray<CastRule> DefaultCasts { get; }

    /// <summary>How many tables can be read side by side.</summary>
    int Readers { get; }

    /// <summary>The rows of each part of a table are counted for themselves: a reject needs the part to be found.</summary>
    bool CountsRowsByPart => false;

    /// <summary>What can be said about the point in time, as a sentence without its period.</summary>
    string Consistency { get; }

    /// <summary>All rows are of one point in time.</summary>
    bool IsConsistent => true;

    /// <summary>The keys of the options for servers that it understands: <see cref="SourceDescriptor.ServerOptions"/>.</summary>
    ImmutableArray<string> Options => [];

    /// <summary>From here on nothing may be read of another point in time, whatever happens.</summary>
    void RequireConsistent()
    {
    }

    /// <summary>What sessions on a PostgreSQL target are set to while they take its rows as text.</summary>
    ImmutableArray<string> TargetSettings => [];

    /// <exception cref="Diagnostics.SourceException">The catalog cannot be read.</exception>
    Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct);

    /// <summary>What a query gives, as a view of that name would.</summary>
    /// <exception cref="Diagnostics.SourceException">It is no query that the source understands.</exception>
    Task<TableModel> DescribeAsync(QualifiedName name, string query, CancellationToken ct);

    /// <summary>
    /// A look at some rows of a table, for sources whose columns hold values of any kind: what kinds there are. Empty where a column holds
    /// what its type says.
    /// </summary>
    /// <exception cref="Diagnostics.SourceException">The table cannot be read.</exception>
    Task<ImmutableArray<ColumnSample>> SampleAsync(TableModel table, int rows, CancellationToken ct) => Task.FromResult<ImmutableArray<ColumnSample>>([]);

    /// <summary>Reads all values of some columns of a table; empty where that would not be worth it. A reader serves one table at a time.</summary>
    /// <exception cref="Diagnostics.SourceException">The table cannot be read to its end.</exception>
    Task<ImmutableArray<ColumnMeasure>> MeasureAsync(QualifiedName table, ImmutableArray<string> columns, int reader, CancellationToken ct) =>
        Task.FromResult<ImmutableArray<ColumnMeasure>>([]);

    /// <summary>The rows of one table. A reader, 0-based, serves one table at a time.</summary>
    ISource OpenTable(TableReading table, int reader);
}
