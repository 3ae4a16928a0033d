using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Sources.Sqlite;

/// <summary>A SQLite database file: a connection for each reader, all at the same point in time.</summary>
public sealed class SqliteSource : IDatabaseSource
{
    private const int GuardSeconds = 2;

    private readonly SqliteFile _file;
    private readonly List<SqliteConnection> _readers;

    private SqliteSource(SqliteFile file, List<SqliteConnection> readers, string consistency)
    {
        _file = file;
        _readers = readers;
        Consistency = consistency;
    }

    public string Label => _file.Path;

    public ImmutableArray<CastRule> DefaultCasts => SqliteCasts.Rules;

    public int Readers => _readers.Count;

    public string Consistency { get; }

    /// <param name="path">Absolute.</param>
    /// <param name="readers">How many are wanted; there may be fewer.</param>
    /// <param name="ct">Stops before the next connection.</param>
    /// <exception cref="SourceException">It is not there, no database, or locked.</exception>
    public static Task<SqliteSource> OpenAsync(string path, int readers, CancellationToken ct) => Task.Run(() => Open(path, readers, ct), ct);

    public Task<DatabaseCatalog> ReadCatalogAsync(CancellationToken ct) => Task.Run(
        () =>
        {
            try
            {
                return new SqliteCatalogReader(_readers[0]).Read(ct);
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
                return new SqliteCatalogReader(_readers[0]).Query(name.Name, query);
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
                return new SqliteSampler(_readers[0], table).Read(rows, ct);
            }
            catch (SqliteException e)
            {
                throw _file.Fault(e, $"table {Identifier.Display(table.Name.Name)}");
            }
        },
        ct);

    public ISource OpenTable(TableReading table, int reader) => new SqliteTable(_readers[reader], _file, table);

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Nobody can write while the readers begin: they all see the same.
    private static SqliteSource Open(string path, int count, CancellationToken ct)
    {
        var file = new SqliteFile(path);
        file.Check();
        var readers = new List<SqliteConnection>();
        SqliteConnection? guard = null;
        try
        {
            guard = count > 1 ? TryLock(file) : null;
            var wanted = guard is null ? 1 : count;
            for (var i = 0; i < wanted; i++)
            {
                ct.ThrowIfCancellationRequested();
                var reader = file.Open();
                readers.Add(reader);
                Execute(reader, "BEGIN");
                Execute(reader, "SELECT count(*) FROM main.sqlite_schema");
            }

            return new SqliteSource(file, readers, wanted > 1
                ? "one point in time: the readers began while no one could write"
                : "one point in time: one reader, one transaction" + (count > 1 ? " (the database cannot be locked for more)" : ""));
        }
        catch (SqliteException e)
        {
            readers.ForEach(reader => reader.Dispose());
            throw file.Fault(e);
        }
        catch
        {
            readers.ForEach(reader => reader.Dispose());
            throw;
        }
        finally
        {
            guard?.Dispose();
        }
    }

    // Null: a write-protected file or folder, or a writer that does not let go.
    private static SqliteConnection? TryLock(SqliteFile file)
    {
        var guard = file.Open(GuardSeconds);
        try
        {
            Execute(guard, "BEGIN IMMEDIATE");
            return guard;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_BUSY)
        {
            guard.Dispose();
            return null;
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
