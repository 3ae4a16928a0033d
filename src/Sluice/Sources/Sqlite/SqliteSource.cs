using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Sources.Sqlite;

/// <summary>A SQLite database file: a connection for each reader, all at the same point in time.</summary>
public sealed class SqliteSource : IDatabaseSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly IDisposable? _temporary;

    // The name of the row's number, of each table that has one.
    private IReadOnlyDictionary<string, string> _rowIds = ImmutableDictionary<string, string>.Empty;

    private SqliteSource(SqliteFile file, SqliteReaders readers, IDisposable? temporary)
    {
        _file = file;
        _readers = readers;
        _temporary = temporary;
    }

    public string Label => _file.Label;

    public ImmutableArray<CastRule> DefaultCasts => SqliteCasts.Rules;

    public int Readers => _readers.Rows.Count;

    public string Consistency => _readers.Consistency;

    /// <param name="path">Absolute.</param>
    /// <param name="readers">How many are wanted; there may be fewer.</param>
    /// <param name="ct">Gives up waiting for others.</param>
    /// <exception cref="SourceException">It is not there, no database, or locked.</exception>
    public static Task<SqliteSource> OpenAsync(string path, int readers, CancellationToken ct) => OpenAsync(path, readers, Patience, ct);

    /// <summary>The same, with a word on how long others may keep the database locked.</summary>
    internal static Task<SqliteSource> OpenAsync(string path, int readers, TimeSpan patience, CancellationToken ct) =>
        Task.Run(() => Open(new SqliteFile(path, path, patience), readers, null, ct), ct);

    /// <summary>The same for a file that may have to be downloaded or unpacked first.</summary>
    public static async Task<SqliteSource> OpenAsync(FileLocation location, int readers, CancellationToken ct)
    {
        var file = await WholeFile.FetchAsync(location, null, ct).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Open(new SqliteFile(file.Path, file.Label, Patience), readers, file.Temporary, ct), ct).ConfigureAwait(false);
        }
        catch
        {
            file.Temporary?.Dispose();
            throw;
        }
    }

    public Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct) => Task.Run(
        () =>
        {
            try
            {
                var reader = new SqliteCatalogReader(_readers.Schema);
                var catalog = reader.Read(ct);
                _rowIds = reader.RowIds;
                return catalog;
            }
            catch (SqliteException e)
            {
                throw _file.Fault(e, "its schema");
            }
        },
        ct);

    public Task<TableModel> DescribeAsync(QualifiedName name, string query, CancellationToken ct) => Task.Run(
        () =>
        {
            try
            {
                return new SqliteCatalogReader(_readers.Schema).Query(name.Name, query);
            }
            catch (SqliteException e)
            {
                throw _file.Fault(e, $"MATERIALIZE VIEWS {Identifier.Display(name.Name)}");
            }
        },
        ct);

    public Task<ImmutableArray<ColumnSample>> SampleAsync(TableModel table, int rows, CancellationToken ct) => Task.Run(
        () =>
        {
            try
            {
                return new SqliteSampler(_readers.Schema, table).Read(rows, ct);
            }
            catch (SqliteException e)
            {
                throw _file.Fault(e, $"table {Identifier.Display(table.Name.Name)}");
            }
        },
        ct);

    public Task<ImmutableArray<ColumnMeasure>> MeasureAsync(QualifiedName table, ImmutableArray<string> columns, int reader, CancellationToken ct) =>
        Task.Run(
            () =>
            {
                try
                {
                    return SqliteMeasuring.Read(_readers.Rows[reader], table.Name, columns, ct);
                }
                catch (SqliteException e)
                {
                    throw _file.Fault(e, $"table {Identifier.Display(table.Name)}");
                }
            },
            ct);

    public ISource OpenTable(TableReading table, int reader) =>
        new SqliteTable(_readers.Rows[reader], _file, table, table.Query is null ? _rowIds.GetValueOrDefault(table.Table.Name) : null);

    public ValueTask DisposeAsync()
    {
        _readers.Dispose();
        _temporary?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteSource Open(SqliteFile file, int readers, IDisposable? temporary, CancellationToken ct)
    {
        file.Check();
        try
        {
            return new SqliteSource(file, SqliteReaders.Open(file, readers, ct), temporary);
        }
        catch (SqliteException e)
        {
            throw file.Fault(e);
        }
    }
}
