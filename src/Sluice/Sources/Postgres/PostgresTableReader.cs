using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Sluice.Batches;
using Sluice.Catalog;

namespace Sluice.Sources.Postgres;

/// <summary>One table's rows over one session: relayed as they come where nothing is done to them, else field by field.</summary>
internal sealed class PostgresTableReader(SourceSessions sessions, int reader, SourceTable table, TableReading reading) : ISource
{
    private const int FirstMajorWithPageRanges = 14;

    public ImmutableArray<string> Notices => [];

    private string Doing => $"table {table.Name}";

    // Of all columns the same type on both sides, and of those whose receive functions check what their input functions do.
    private RowEncoding Encoding => reading.TakesBinary && !sessions.KeepsBytes && !reading.Columns.IsEmpty && reading.Columns.All(column => Agree(table.Types.GetValueOrDefault(column.Name), column.Type))
        ? RowEncoding.CopyBinary
        : RowEncoding.CopyText;

    private bool IsRelayed => reading.EncodingName is null && reading.Columns.All(column => column.Using is null);

    public async Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct)
    {
        var columns = reading.Columns.Select(column => column.Target).ToImmutableArray();
        var pieces = sessions.Count == 1 || reading.Query is not null || reading.MaxUnits <= 1 ? 1 : table.Bytes / Math.Clamp(table.Bytes / (sessions.Count * ChunkSizes.PerReader), ChunkSizes.MinBytes, ChunkSizes.MaxBytes);
        var ranges = pieces < 2 ? [null]
            : table.IsHeap && sessions.MajorVersion >= FirstMajorWithPageRanges ? PageRanges(pieces)
            : table.IntegerKey is { } key ? await KeyRangesAsync(key, pieces, ct).ConfigureAwait(false)
            : [null];
        return [.. ranges.Select((where, i) => new PostgresUnit(i, where is null ? table.Name.ToString() : $"{table.Name}, {where}", where, columns))];
    }

    public Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct) => sessions.GuardAsync(Doing, async () =>
    {
        var connection = sessions.Reader(reader);
        await SourceSessions.ExecuteAsync(connection, "SAVEPOINT sluice_unit", ct).ConfigureAwait(false);
        try
        {
            await OwnNamesAsync(connection, PostgresCatalogReader.BeginOwnNames, ct).ConfigureAwait(false);
            var copy = new CopyOut(connection, Sql((PostgresUnit)unit), IsRelayed ? Encoding : RowEncoding.CopyText, reading);
            await (IsRelayed ? copy.RelayAsync(unit, rows, ct) : copy.ReadFieldsAsync(unit, rows, ct)).ConfigureAwait(false);
            await OwnNamesAsync(connection, PostgresCatalogReader.EndOwnNames, ct).ConfigureAwait(false);
            await SourceSessions.ExecuteAsync(connection, "RELEASE SAVEPOINT sluice_unit", ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PostgresException or Diagnostics.SluiceException or OperationCanceledException)
        {
            // The snapshot outlives the failure of one table.
            await RollbackAsync(connection).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            throw;
        }

        return true;
    });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool Agree(BinaryType source, BinaryType target) => target != BinaryType.None
        && (source == target || (source is BinaryType.Text or BinaryType.VarChar && target is BinaryType.Text or BinaryType.VarChar));

    // A query is the user's: it finds what the user's own sessions find.
    private Task OwnNamesAsync(NpgsqlConnection connection, string sql, CancellationToken ct) =>
        reading.Query is null ? Task.CompletedTask : SourceSessions.ExecuteAsync(connection, sql, ct);

    private static async Task RollbackAsync(NpgsqlConnection connection)
    {
        try
        {
            await SourceSessions.ExecuteAsync(connection, "ROLLBACK TO SAVEPOINT sluice_unit", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // The connection is gone: its next use says so.
        }
    }

    // The last range has no end: pages may have come since they were counted.
    private List<string?> PageRanges(long pieces)
    {
        var pages = table.Bytes / table.BlockBytes;
        var step = Math.Max(1, pages / pieces);
        var ranges = new List<string?>();
        for (long first = 0, i = 0; i < pieces; i++, first += step)
        {
            ranges.Add(FormattableString.Invariant($"ctid >= '({first},0)'::tid") + (i == pieces - 1 ? "" : FormattableString.Invariant($" AND ctid < '({first + step},0)'::tid")));
        }

        return ranges;
    }

    private Task<List<string?>> KeyRangesAsync(string key, long pieces, CancellationToken ct) => sessions.GuardAsync(Doing, async () =>
    {
        var name = Identifier.Quote(key);
        using var command = new NpgsqlCommand($"SELECT min({name})::numeric::text, max({name})::numeric::text FROM ONLY {Identifier.Quote(table.Name)}", sessions.Reader(reader));
        var row = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        await using var closing = row.ConfigureAwait(false);
        var ranges = new List<string?>();
        if (!await row.ReadAsync(ct).ConfigureAwait(false) || await row.IsDBNullAsync(0, ct).ConfigureAwait(false))
        {
            return [null];
        }

        var least = Int128.Parse(row.GetString(0), CultureInfo.InvariantCulture);
        var step = (Int128.Parse(row.GetString(1), CultureInfo.InvariantCulture) - least) / pieces;
        if (step < 1)
        {
            return [null];
        }

        for (var i = 0; i < pieces; i++)
        {
            var first = least + (step * i);
            var from = i == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{name} >= {first}");
            var to = i == pieces - 1 ? null : string.Create(CultureInfo.InvariantCulture, $"{name} < {first + step}");
            ranges.Add(string.Join(" AND ", new[] { from, to }.OfType<string>()));
        }

        return ranges;
    });

    private string Sql(PostgresUnit unit)
    {
        var names = string.Join(", ", reading.Columns.Select(column => Identifier.Quote(column.Name)));
        // Bytes that the server does not know the meaning of are not its to check.
        var format = IsRelayed && Encoding == RowEncoding.CopyBinary ? " WITH (FORMAT binary)" : sessions.KeepsBytes ? " WITH (ENCODING 'SQL_ASCII')" : "";
        if (reading.Query is { } query)
        {
            return $"COPY (SELECT {names} FROM {PostgresCatalogReader.AsTable(query)}) TO STDOUT{format}";
        }

        var isPlain = unit.Where is null && !table.IsView && names.Length > 0 && !reading.Columns.Any(column => table.Generated.Contains(column.Name));
        return isPlain
            ? $"COPY {Identifier.Quote(table.Name)} ({names}) TO STDOUT{format}"
            : $"COPY (SELECT {names} FROM {(table.IsView ? "" : "ONLY ")}{Identifier.Quote(table.Name)}{(unit.Where is null ? "" : $" WHERE {unit.Where}")}) TO STDOUT{format}";
    }
}
