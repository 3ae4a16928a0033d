using System.Collections.Immutable;
using System.Globalization;
using MySqlConnector;
using Sluice.Batches;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Sources.MySql;

/// <summary>One table's rows over one session.</summary>
/// <param name="sessions">All of them.</param>
/// <param name="reader">Which one.</param>
/// <param name="info">The table.</param>
/// <param name="reading">What is wanted.</param>
/// <param name="decoding">The encoding that the command says its texts have.</param>
/// <param name="rowsPerRange">Of a piece; null: as many as fit into a fair number of bytes.</param>
internal sealed class MySqlTable(MySqlSessions sessions, int reader, MySqlTableInfo info, TableReading reading, string? decoding, long? rowsPerRange) : ISource
{
#if DEBUG
    private const long LeastBytes = 8 << 10;
#else
    // A piece is worth its own query and its own transaction on the target.
    private const long LeastBytes = 8 << 20;
#endif

    private readonly ImmutableArray<string> _targets = [.. reading.Columns.Select(column => column.Target)];
    private readonly List<string> _notices = [];

    public ImmutableArray<string> Notices => [.. _notices];

    private string Doing => $"table {Printable.Escape(Identifier.Display(reading.Table.Name))}";

    // A query's rows have no key; those of a table that lies in another order would have to be sorted.
    private bool IsOrdered => reading.Query is null && info.IsOrdered;

    public async Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct)
    {
        var pieces = reading.MaxUnits <= 1 || reading.Query is not null || info.Key.IsEmpty ? 1
            : Math.Clamp(rowsPerRange is { } rows ? (info.Rows ?? 0) / Math.Max(1, rows) : (info.Bytes ?? 0) / LeastBytes, 1, reading.MaxUnits);
        var places = pieces < 2 ? []
            : await sessions.GuardAsync(Doing, () => info.Key.Length == 1 && info.Columns[info.Key[0]].IsInteger ? EvenPlacesAsync(pieces, ct) : SampledPlacesAsync(pieces, ct)).ConfigureAwait(false);
        return
        [
            .. Enumerable.Range(0, places.Count + 1).Select(i => new MySqlUnit(
                i,
                reading.Table.Name,
                string.Join(" AND ", new[]
                {
                    i == 0 ? null : MySqlKeys.After(info.Key, places[i - 1], includesPlace: true),
                    i == places.Count ? null : MySqlKeys.Before(info.Key, places[i]),
                }.OfType<string>()) is { Length: > 0 } where ? where : null,
                _targets)),
        ];
    }

    public async Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        var fields = reading.Columns.Select(column => Field(column.Name, column)).ToList();
        var key = IsOrdered ? info.Key : [];
        var places = key.Select(part => Place(part, fields)).ToArray();
        var isNumbered = key is [var only] && info.Columns[only].IsInteger;
        var read = new MySqlRowReader(reading.Columns, fields, places, key, isNumbered, unit.Index, sessions.IsUtc, reading.BytesRead);
        while (true)
        {
            try
            {
                await QueryAsync(Sql((MySqlUnit)unit, fields, key, places, read), read, rows, ct).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is MySqlException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                ct.ThrowIfCancellationRequested();
                await GoOnAsync(e, read, key, ct).ConfigureAwait(false);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A text that is fetched in its own encoding is decoded here.
    private MySqlField Field(string name, ReadColumn column) => MySqlField.Of(name, info.Columns[name], column, decoding, sessions.Server);

    private int Place(string part, List<MySqlField> fields)
    {
        var place = reading.Columns.ToList().FindIndex(column => column.Name.Equals(part, StringComparison.OrdinalIgnoreCase));
        if (place < 0 || fields[place].Form is MySqlForm.Float)
        {
            place = fields.Count;
            fields.Add(Field(part, new ReadColumn(part, part, ReadColumnKind.Text, null)));
        }

        return place;
    }

    private string Sql(MySqlUnit unit, List<MySqlField> fields, ImmutableArray<string> key, int[] places, MySqlRowReader read)
    {
        var behind = read.Rows == 0 || key.IsEmpty
            ? null
            : MySqlKeys.After(key, [.. key.Select((part, i) => MySqlKeys.Literal(info.Columns[part], read.KeyPart(i), fields[places[i]].Charset))], includesPlace: false);
        var where = string.Join(" AND ", new[] { unit.Where, behind }.OfType<string>().Select(condition => $"({condition})"));
        var list = fields.Count == 0 ? "NULL" : string.Join(", ", fields.Select(field => field.Sql));
        return $"SELECT {list} FROM {MySqlNames.From(reading.Table.Name, reading.Query)}{(where.Length == 0 ? "" : $" WHERE {where}")}"
            + (key.IsEmpty ? "" : $" ORDER BY {string.Join(", ", key.Select(MySqlNames.Quote))}");
    }

    private async Task QueryAsync(string sql, MySqlRowReader read, RowWriter rows, CancellationToken ct)
    {
        using var command = sessions.Reader(reader).CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        using var stopping = ct.Register(command.Cancel);
        var result = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var isAtEnd = false;
        try
        {
            while (read.ReadBatch(result, rows, reading.Drain, ct))
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
            }

            isAtEnd = !reading.Drain.IsCancellationRequested;
        }
        finally
        {
            if (!isAtEnd)
            {
                // Else the rest of the rows would be read to be thrown away.
                command.Cancel();
            }

            await CloseAsync(result).ConfigureAwait(false);
        }
    }

    // What ends a query early is known by then.
    private static async Task CloseAsync(MySqlDataReader result)
    {
        try
        {
            await result.DisposeAsync().ConfigureAwait(false);
        }
        catch (MySqlException)
        {
            // The query was cancelled, or the connection is gone: its next use says so.
        }
    }

    // Only a lost connection is worth another one; it goes on behind the last row that was handed on.
    private async Task GoOnAsync(Exception failure, MySqlRowReader read, ImmutableArray<string> key, CancellationToken ct)
    {
        var fault = MySqlFailure.OfReading(sessions.Settings, Doing, failure);
        if (!MySqlFailure.IsConnectionLost(failure))
        {
            throw fault;
        }

        if (key.IsEmpty && read.Rows > 0)
        {
            // For the tables that this session has yet to read.
            await sessions.ReopenAsync(reader, ct).ConfigureAwait(false);
            throw new SourceException(
                string.Create(CultureInfo.InvariantCulture, $"{fault.Message}; {read.Rows} rows were read by then, and the table has no key to go on by"), "load the table again", failure);
        }

        if (await sessions.ReopenAsync(reader, ct).ConfigureAwait(false) is not { } isSamePoint)
        {
            throw fault;
        }

        _notices.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"the connection that read {Doing} was lost; another one went on behind row {read.Rows} of the piece{(isSamePoint ? "" : ", which may be at a later point in time than the rest")}"));
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> EvenPlacesAsync(long pieces, CancellationToken ct)
    {
        var name = MySqlNames.Quote(info.Key[0]);
        var ends = await AskAsync($"SELECT CAST(MIN({name}) AS CHAR), CAST(MAX({name}) AS CHAR) FROM {MySqlNames.Quote(reading.Table.Name)}", ct).ConfigureAwait(false);
        if (ends is not [{ } least, { } most])
        {
            return [];
        }

        var first = Int128.Parse(least, CultureInfo.InvariantCulture);
        var span = Int128.Parse(most, CultureInfo.InvariantCulture) - first + 1;
        var count = (int)Int128.Min(pieces, span);
        return [.. Enumerable.Range(1, Math.Max(0, count - 1)).Select(i => new[] { (first + (span * i / count)).ToString(CultureInfo.InvariantCulture) })];
    }

    // Along the key, a step at a time: only the key is read.
    private async Task<IReadOnlyList<IReadOnlyList<string>>> SampledPlacesAsync(long pieces, CancellationToken ct)
    {
        var step = Math.Max(1, (info.Rows ?? 0) / pieces);
        var names = string.Join(", ", info.Key.Select(MySqlNames.Quote));
        var parts = info.Key.Select(part => (Info: info.Columns[part], Field: Field(part, new ReadColumn(part, part, ReadColumnKind.Text, null)))).ToArray();
        var places = new List<IReadOnlyList<string>>();
        while (places.Count < pieces - 1)
        {
            var where = places.Count == 0 ? "" : $" WHERE {MySqlKeys.After(info.Key, places[^1], includesPlace: false)}";
            var sql = string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT {string.Join(", ", parts.Select(part => part.Field.Form == MySqlForm.Integer ? $"CAST({part.Field.Sql} AS BINARY)" : part.Field.Sql))} FROM {MySqlNames.Quote(reading.Table.Name)}{where} ORDER BY {names} LIMIT 1 OFFSET {step}");
            using var command = sessions.Reader(reader).CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            var row = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
            await using var closing = row.ConfigureAwait(false);
            if (!await row.ReadAsync(ct).ConfigureAwait(false))
            {
                break;
            }

            places.Add([.. parts.Select((part, i) => MySqlKeys.Literal(part.Info, row.GetFieldValue<byte[]>(i), part.Field.Charset))]);
        }

        return places;
    }

    private async Task<string?[]> AskAsync(string sql, CancellationToken ct)
    {
        using var command = sessions.Reader(reader).CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        var row = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = row.ConfigureAwait(false);
        return await row.ReadAsync(ct).ConfigureAwait(false) ? [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? null : row.GetString(i))] : [];
    }
}
