using System.Text;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Protocol;
using RedshiftLocal.Unload.Commands;
using RedshiftLocal.Unload.Files;
using SqlText = RedshiftLocal.Copy.Loading.SqlText;

namespace RedshiftLocal.Unload;

/// <summary>Writes the rows behind stl_unload_log, sys_unload_history and sys_unload_detail, through a session of its own.</summary>
internal sealed class UnloadHistory(UnloadRequest request, UnloadPlan plan, IBackingSession superuser, TimeProvider clock) : IAsyncDisposable
{
    private const int RowsAStatement = 200;
    private const int LongestPath = 1280;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public long QueryId { get; private set; }

    public async Task BeginAsync(CancellationToken ct)
    {
        QueryId = await request.NextQueryIdAsync(ct);
    }

    /// <summary>Outlives the client's cancellation; an UNLOAD that failed does not fail for another reason.</summary>
    public async Task CompleteAsync(IReadOnlyList<UnloadedFile> files, long rows, string? problem)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await WriteAsync(files, rows, problem, patience.Token);
        }
        catch (Exception exception) when (problem is not null && exception is ServerException or IOException or OperationCanceledException)
        {
            // The client is told of the first failure.
        }
    }

    public ValueTask DisposeAsync() => superuser.DisposeAsync();

    private async Task WriteAsync(IReadOnlyList<UnloadedFile> files, long rows, string? problem, CancellationToken ct)
    {
        var command = plan.Command;
        var ended = clock.GetUtcNow();
        await InsertAsync(
            "unloads",
            "user_id, query_id, transaction_id, session_id, database_name, status, start_time, end_time, duration, file_format, compression_type, unloaded_location, "
            + "unloaded_rows, unloaded_files_count, unloaded_files_size, error_message",
            [
                string.Join(',', [
                    Number(request.UserId), Number(QueryId), request.TransactionId, Number(request.ProcessId), SqlText.Literal(request.Database),
                    problem is null ? "'completed'" : "'aborted'", SqlText.Literal(_started), SqlText.Literal(ended),
                    Number((long)(ended - _started).TotalMicroseconds), SqlText.Literal(Format(command.Format)),
                    SqlText.Literal(command.Compression == CopyCompression.None ? "" : command.Compression.ToString().ToUpperInvariant()),
                    SqlText.Literal(command.Target.ToString()), Number(rows), Number(files.Count), Number(files.Sum(file => file.Bytes)),
                    SqlText.Literal(request.Secrets.Mask(problem ?? "")),
                ]),
            ],
            ct);
        await InsertAsync(
            "unload_files",
            "user_id, query_id, slice, session_id, file_name, start_time, end_time, line_count, transfer_size, file_format",
            [
                .. files.Select(file => string.Join(',', [
                    Number(request.UserId), Number(QueryId), Number(file.Slice), Number(request.ProcessId), SqlText.Literal(Cut(file.Place.ToString())),
                    SqlText.Literal(file.Started), SqlText.Literal(file.Ended), Number(file.Lines), Number(file.Bytes),
                    SqlText.Literal(Format(command.Format)),
                ])),
            ],
            ct);
    }

    private async Task InsertAsync(string table, string columns, List<string> rows, CancellationToken ct)
    {
        foreach (var batch in rows.Chunk(RowsAStatement))
        {
            var sql = new StringBuilder($"INSERT INTO rs_internal.{table} ({columns}) VALUES ").AppendJoin(',', batch.Select(row => $"({row})"));
            await superuser.QueryAsync(sql.ToString(), ct);
        }
    }

    private static string Format(UnloadFormat format) => format switch
    {
        UnloadFormat.Csv => "CSV",
        UnloadFormat.Json => "JSON",
        _ => "TEXT",
    };

    private static string Cut(string path) => path.Length <= LongestPath ? path : path[..LongestPath];

    private static string Number(long value) => SqlText.Literal(value);
}
