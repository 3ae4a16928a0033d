using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Locations;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>One table's rows over one connection.</summary>
internal sealed class SqliteTable(SqliteConnection connection, SqliteFile file, TableReading reading) : ISource
{
    public ImmutableArray<string> Notices => [];

    public Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<ReadUnit>>(
        [new SqliteUnit(reading.Table.Name, [.. reading.Columns.Select(column => column.Target)])]);

    public async Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        var statement = Prepare(out var hasRowId);
        try
        {
            var reader = new SqliteRowReader(connection.Handle!, statement, reading.Columns, hasRowId, reading.BytesRead, reading.EncodingName is { } name ? TextDecoder.Of(name) : null); // open
            while (reader.ReadBatch(rows, reading.Drain, ct))
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
            }
        }
        catch (SqliteException e)
        {
            throw file.Fault(e, $"table {Identifier.Display(reading.Table.Name)}");
        }
        finally
        {
            raw.sqlite3_finalize(statement);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // With the row's number as the last column where it has one: it names rows that are set aside.
    private sqlite3_stmt Prepare(out bool hasRowId)
    {
        var columns = string.Join(", ", reading.Columns.Select(column => Identifier.Quote(column.Name)));
        var from = $" FROM {SqliteSelect.From(reading.Table.Name, reading.Query)}";
        var rowId = reading.Query is null ? SqliteRowId.Name([.. reading.Columns.Select(column => column.Name)]) : null;
        if (rowId is not null && raw.sqlite3_prepare_v2(connection.Handle, $"SELECT {columns}, {rowId}{from}", out var numbered) == raw.SQLITE_OK)
        {
            hasRowId = true;
            return numbered;
        }

        hasRowId = false;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, $"SELECT {columns}{from}", out var plain), connection.Handle);
        return plain;
    }
}
