using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Locations;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>One table's rows over one connection.</summary>
/// <param name="database">The connection.</param>
/// <param name="file">Where it leads.</param>
/// <param name="reading">What is wanted.</param>
/// <param name="rowId">The name of the row's number; null where rows have none.</param>
internal sealed class SqliteTable(sqlite3 database, SqliteFile file, TableReading reading, string? rowId) : ISource
{
#if DEBUG
    private const int LeastRows = 5;
#else
    // A range is worth its own transaction on the target.
    private const int LeastRows = 50_000;
#endif

    private readonly ImmutableArray<string> _targets = [.. reading.Columns.Select(column => column.Target)];

    public ImmutableArray<string> Notices => [];

    /// <summary>Ranges of equal length: numbers that were deleted make some of them emptier than others.</summary>
    public Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct)
    {
        var (first, last) = rowId is null || reading.MaxUnits <= 1 ? (0, 0) : Guard(Ends);
        var span = (UInt128)((Int128)last - first) + 1;
        var count = (int)UInt128.Clamp(span / LeastRows, 1, (UInt128)Math.Max(1, reading.MaxUnits));
        var units = new ReadUnit[count];
        for (var i = 0; i < count; i++)
        {
            units[i] = new SqliteUnit(i, reading.Table.Name, i == 0 ? null : Start(i), i == count - 1 ? null : Start(i + 1) - 1, _targets);
        }

        return Task.FromResult<IReadOnlyList<ReadUnit>>(units);

        long Start(int unit) => (long)(first + (Int128)(span * (UInt128)unit / (UInt128)count));
    }

    public async Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        using var statement = Guard(() => Prepare(Sql((SqliteUnit)unit)));
        var decoder = reading.EncodingName is { } name ? TextDecoder.Of(name) : null;
        var reader = Guard(() => new SqliteRowReader(database, statement.DangerousGetHandle(), reading.Columns, unit.Index, rowId is not null, reading.BytesRead, decoder));
        try
        {
            while (reader.ReadBatch(rows, reading.Drain, ct))
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
            }
        }
        catch (SqliteException e)
        {
            throw Fault(e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // In the order of the table itself: an index that holds all columns may have lost rows. A view cannot be told so.
    private string Sql(SqliteUnit unit)
    {
        var columns = string.Join(", ", reading.Columns.Select(column => Identifier.Quote(column.Name)));
        var conditions = new[] { unit.First is { } first ? $"{rowId} >= {Number(first)}" : null, unit.Last is { } last ? $"{rowId} <= {Number(last)}" : null }
            .OfType<string>().ToArray();
        return $"SELECT {columns}{(rowId is null ? "" : $", {rowId}")} FROM {SqliteSelect.From(reading.Table.Name, reading.Query)}{(rowId is null ? "" : " NOT INDEXED")}"
            + (conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}");
    }

    private (long First, long Last) Ends()
    {
        var table = $"main.{Identifier.Quote(reading.Table.Name)}";
        using var statement = Prepare($"SELECT (SELECT min({rowId}) FROM {table}), (SELECT max({rowId}) FROM {table})");
        var result = raw.sqlite3_step(statement);
        return result == raw.SQLITE_ROW ? (raw.sqlite3_column_int64(statement, 0), raw.sqlite3_column_int64(statement, 1)) : throw new SqliteException("", result);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        return statement;
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw Fault(e);
        }
    }

    private Diagnostics.SourceException Fault(SqliteException e) => file.Fault(e, $"table {Identifier.Display(reading.Table.Name)}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
