using System.Globalization;
using System.Text;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Faults;

namespace RedshiftLocal.Copy.Loading;

/// <summary>
/// Writes the rows behind the error and history views through a session of its own, so that they outlive the client's transaction.
/// Thread-safe. Errors are held back until there are enough for one statement.
/// </summary>
internal sealed class LoadHistory(CopyRequest request, IBackingSession superuser, TimeProvider clock) : IAsyncDisposable
{
    private const int RowsAStatement = 200;
    private const int ShownText = 1024;
    private const int ShownName = 256;
    private const int DetailedErrorsASlice = 20;
    private const int ReplacementsASlice = 100;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, TimeSpan> _delays = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _detailed = [];
    private readonly Dictionary<int, int> _replaced = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _fields = [];
    private readonly List<string> _replacements = [];

    public required TargetTable Table { get; init; }

    public long QueryId { get; private set; }

    public DateTimeOffset Started { get; } = clock.GetUtcNow();

    /// <summary>Takes the number under which all rows of this COPY are found.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        QueryId = await request.NextQueryIdAsync(ct);
    }

    /// <summary>Ends what a session of the backing server is doing.</summary>
    public async Task CancelBackendAsync(int process, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            await superuser.QueryAsync($"SELECT pg_cancel_backend({Number(process)})", ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Adds a row of stl_load_errors, and those of stl_loaderror_detail for the first errors of a slice.</summary>
    public async Task AddAsync(LoadError error, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var file = error.File;
            var name = SqlText.Literal(Cut(file.Url, ShownName));
            _errors.Add(string.Join(',', [
                Number(request.UserId), Number(file.Slice), Number(Table.Oid), SqlText.Literal(Started), Number(request.ProcessId), Number(QueryId),
                Number(Table.TransactionId), SqlText.Literal(request.Database), name, Number(error.Line), SqlText.Literal(error.Column?.Name ?? ""),
                SqlText.Literal(error.Column?.ShownType ?? ""), SqlText.Literal(error.Column?.ShownLength ?? ""), Number(error.Position),
                SqlText.Literal(error.RawLine), SqlText.Literal(error.RawField), Number(error.Code), SqlText.Literal(Cut(error.Reason, ShownText)), "0", "0",
            ]));
            if (CountUpTo(_detailed, file.Slice, DetailedErrorsASlice))
            {
                for (var i = 0; i < error.Fields.Length; i++)
                {
                    var (column, value, isNull) = error.Fields[i];
                    _fields.Add(string.Join(',', [
                        Number(request.UserId), Number(file.Slice), Number(request.ProcessId), Number(QueryId), name, Number(error.Line), Number(i),
                        SqlText.Literal(column.Name), SqlText.Literal(value), isNull ? "1" : "0", SqlText.Literal(column.ShownType),
                        SqlText.Literal(column.ShownLength),
                    ]));
                }
            }

            if (_errors.Count >= RowsAStatement)
            {
                await FlushAsync(ct);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Adds a row of stl_replacements, up to a number a slice.</summary>
    public async Task AddAsync(Replacement replacement, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (!CountUpTo(_replaced, replacement.File.Slice, ReplacementsASlice))
            {
                return;
            }

            _replacements.Add(string.Join(',', [
                Number(request.UserId), Number(QueryId), Number(replacement.File.Slice), Number(Table.Oid), SqlText.Literal(Started),
                Number(request.ProcessId), SqlText.Literal(Cut(replacement.File.Url, ShownName)), Number(replacement.Line),
                SqlText.Literal(replacement.Column), SqlText.Literal(replacement.RawLine),
            ]));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes what is held back, and the rows of the files and of the whole load.</summary>
    public async Task CompleteAsync(CopyCommand command, IReadOnlyList<LoadFile> files, long rows, bool completed, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            await FlushAsync(ct);
            var user = Number(request.UserId);
            var query = Number(QueryId);
            var ended = clock.GetUtcNow();
            var read = files.Where(file => file.Started != default).ToList();
            await InsertAsync(
                "load_commits",
                "userid, query, slice, name, filename, byte_offset, lines_scanned, errors, curtime, status, file_format, is_partial, start_offset",
                [
                    .. read.Where(file => file.Complete).Select(file => string.Join(',', [
                        user, query, Number(file.Slice), SqlText.Literal(Cut(file.Url, ShownName)), SqlText.Literal(Cut(file.Url, ShownName)), "0",
                        Number(file.Records), Number(file.Errors), SqlText.Literal(file.Ended), completed ? "1" : "0", command.Records.Json is not null ? "'JSON'" : "'Text'", "0", "0",
                    ])),
                ],
                ct);
            await InsertAsync(
                "load_files",
                "user_id, query_id, file_name, bytes_scanned, lines_scanned, record_time, splits_scanned, start_time, end_time",
                [
                    .. read.Select(file => string.Join(',', [
                        user, query, SqlText.Literal(Cut(file.Url, ShownName)), Number(file.BytesRead), Number(file.Records), SqlText.Literal(ended), "1",
                        SqlText.Literal(file.Started), SqlText.Literal(file.Ended == default ? ended : file.Ended),
                    ])),
                ],
                ct);
            await InsertAsync(
                "loads",
                "user_id, query_id, transaction_id, session_id, database_name, status, table_name, start_time, end_time, duration, data_source, file_format, "
                + "loaded_rows, loaded_bytes, source_file_count, source_file_bytes, file_count_scanned, file_bytes_scanned, error_count",
                [
                    string.Join(',', [
                        user, query, Number(Table.TransactionId), Number(request.ProcessId), SqlText.Literal(request.Database),
                        completed ? "'completed'" : "'aborted'", SqlText.Literal(Table.Name), SqlText.Literal(Started), SqlText.Literal(ended),
                        Number((long)(ended - Started).TotalMicroseconds), SqlText.Literal(command.Source.ToString()),
                        command.Records.Json is not null ? "'json'" : command.Records.Csv ? "'csv'" : "'text'", Number(rows), Number(completed ? read.Sum(file => file.BytesRead) : 0), Number(files.Count),
                        Number(files.Sum(file => file.Size)), Number(read.Count), Number(read.Sum(file => file.BytesRead)),
                        Number(files.Sum(file => file.Errors)),
                    ]),
                ],
                ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await superuser.DisposeAsync();
        _gate.Dispose();
    }

    private static bool CountUpTo(Dictionary<int, int> counts, int slice, int limit)
    {
        var count = counts.GetValueOrDefault(slice);
        counts[slice] = Math.Min(count + 1, limit);
        return count < limit;
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest];

    private static string Number(long value) => SqlText.Literal(value);

    private async Task FlushAsync(CancellationToken ct)
    {
        await InsertAsync(
            "load_errors",
            "userid, slice, tbl, starttime, session, query, transaction_id, database_name, filename, line_number, colname, type, col_length, position, "
            + "raw_line, raw_field_value, err_code, err_reason, is_partial, start_offset",
            _errors,
            ct);
        await InsertAsync(
            "load_error_fields", "userid, slice, session, query, filename, line_number, field, colname, value, is_null, type, col_length", _fields, ct);
        await InsertAsync(
            "replacements", "userid, query, slice, tbl, starttime, session, filename, line_number, colname, raw_line", _replacements, ct);
        _errors.Clear();
        _fields.Clear();
        _replacements.Clear();
    }

    private async Task InsertAsync(string table, string columns, List<string> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var visible = string.Create(
            CultureInfo.InvariantCulture, $"clock_timestamp() + interval '{(long)Delay("rs_internal." + table).TotalMicroseconds} microseconds'");
        for (var first = 0; first < rows.Count; first += RowsAStatement)
        {
            var sql = new StringBuilder($"INSERT INTO rs_internal.{table} ({columns}, visible_at) VALUES ");
            for (var i = first; i < Math.Min(first + RowsAStatement, rows.Count); i++)
            {
                sql.Append(i > first ? "," : "").Append('(').Append(rows[i]).Append(',').Append(visible).Append(')');
            }

            await superuser.QueryAsync(sql.ToString(), ct);
        }
    }

    /// <summary>How long a table's rows of this COPY stay unseen, asked once.</summary>
    private TimeSpan Delay(string table)
    {
        if (!_delays.TryGetValue(table, out var delay))
        {
            var fault = request.Faults.Take(FaultPoint.ErrorRows, table);
            delay = fault is { Kind: FaultKind.Delay } ? fault.Delay : TimeSpan.Zero;
            _delays[table] = delay;
        }

        return delay;
    }
}
