using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using RedshiftLocal.Backing;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;

namespace RedshiftLocal.Sessions;

/// <summary>One query that ran, for stl_query and its kin.</summary>
internal sealed record QueryRecord(string Text, string Kind)
{
    public long QueryId { get; init; }

    public required uint UserId { get; init; }

    public required int ProcessId { get; init; }

    public required string Label { get; init; }

    public required string TransactionId { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset Ended { get; init; }

    /// <summary>Rows that went to the client or were changed.</summary>
    public long Rows { get; init; }

    /// <summary>The message of the failure, or null.</summary>
    public string? Error { get; init; }
}

/// <summary>
/// Numbers the queries of each database and keeps what is to be shown of them, until a view that shows it is about to be read. Thread-safe. It
/// holds no connection in between, since that would keep a database from being dropped.
/// </summary>
internal sealed class QueryLog(PrivatePostgres postgres, SecretLedger secrets) : IDisposable
{
    private const int IdsAtATime = 100;
    private const int MostPending = 1_000;
    private const int RowsAStatement = 200;
    private const int LongestText = 1 << 20;

    private readonly ConcurrentDictionary<string, DatabaseLog> _databases = new(StringComparer.Ordinal);

    /// <summary>The statement reads one of the views.</summary>
    public static bool IsRead(string statement) =>
        statement.Contains("stl_query", StringComparison.OrdinalIgnoreCase) || statement.Contains("svl_q", StringComparison.OrdinalIgnoreCase)
        || statement.Contains("sys_query", StringComparison.OrdinalIgnoreCase) || statement.Contains("sys_transaction", StringComparison.OrdinalIgnoreCase)
        || statement.Contains("stl_undone", StringComparison.OrdinalIgnoreCase);

    public async Task<long> NextIdAsync(string database, CancellationToken ct)
    {
        var log = Log(database);
        await log.Gate.WaitAsync(ct);
        try
        {
            if (log.NextId > log.LastId)
            {
                await using var session = await postgres.ConnectAsync(PrivatePostgres.Superuser, database, ct);
                var result = await session.QueryAsync(
                    $"SELECT setval('rs_internal.query_id', nextval('rs_internal.query_id') + {(IdsAtATime - 1).ToString(CultureInfo.InvariantCulture)})", ct);
                // One row, never NULL.
                log.LastId = long.Parse(result.Rows[0][0]!, CultureInfo.InvariantCulture);
                log.NextId = log.LastId - IdsAtATime + 1;
            }

            return log.NextId++;
        }
        finally
        {
            log.Gate.Release();
        }
    }

    public async Task AddAsync(string database, QueryRecord record, CancellationToken ct)
    {
        var log = Log(database);
        log.Pending.Enqueue(record.Text.Length <= LongestText ? record : record with { Text = record.Text[..LongestText] });
        if (log.Pending.Count > MostPending)
        {
            await FlushAsync(database, ct);
        }
    }

    /// <summary>Writes what is pending; a database that is gone has none.</summary>
    public async Task FlushAsync(string database, CancellationToken ct)
    {
        var log = Log(database);
        if (log.Pending.IsEmpty)
        {
            return;
        }

        await log.Gate.WaitAsync(ct);
        try
        {
            await using var session = await postgres.ConnectAsync(PrivatePostgres.Superuser, database, ct);
            while (!log.Pending.IsEmpty)
            {
                await WriteAsync(session, database, log.Pending, ct);
            }
        }
        catch (ServerException exception) when (exception.Error.SqlState == "3D000")
        {
            log.Pending.Clear();
        }
        finally
        {
            log.Gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var log in _databases.Values)
        {
            log.Gate.Dispose();
        }
    }

    private DatabaseLog Log(string database) => _databases.GetOrAdd(database, _ => new DatabaseLog());

    private async Task WriteAsync(BackingConnection session, string database, ConcurrentQueue<QueryRecord> pending, CancellationToken ct)
    {
        var sql = new StringBuilder(
            "INSERT INTO rs_internal.queries (userid, query, label, xid, pid, database_name, kind, querytxt, starttime, endtime, row_count, error) VALUES ");
        var separator = "";
        for (var i = 0; i < RowsAStatement && pending.TryDequeue(out var record); i++)
        {
            sql.Append(separator).Append('(').AppendJoin(',', [
                Number(record.UserId), Number(record.QueryId), Text(record.Label), record.TransactionId, Number(record.ProcessId), Text(database), Text(record.Kind),
                Text(secrets.Mask(record.Text)), Time(record.Started), Time(record.Ended), Number(record.Rows),
                record.Error is null ? "NULL" : Text(secrets.Mask(record.Error)),
            ]).Append(')');
            separator = ",";
        }

        await session.QueryAsync(sql.ToString(), ct);
    }

    private static string Text(string text) => Copy.Loading.SqlText.Literal(text);

    private static string Time(DateTimeOffset time) => Copy.Loading.SqlText.Literal(time);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class DatabaseLog
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public ConcurrentQueue<QueryRecord> Pending { get; } = new();

        public long NextId { get; set; } = 1;

        public long LastId { get; set; }
    }
}
