using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;
using RedshiftLocal.Unload;

namespace RedshiftLocal.Sessions;

/// <summary>Runs UNLOAD; its query is one of the session's own statements.</summary>
internal sealed class UnloadRunner(SessionState state)
{
    /// <param name="unload">The statement.</param>
    /// <param name="canceled">The client asks for the statement to end.</param>
    /// <param name="stopping">The session ends.</param>
    public async Task RunAsync(UnloadTo unload, CancellationToken canceled, CancellationToken stopping)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(canceled);
        var limit = await new SettingRunner(state).StatementTimeoutAsync(stopping);
        if (limit > TimeSpan.Zero)
        {
            timeout.CancelAfter(limit);
        }

        var recorder = new QueryRecorder(state);
        var record = await recorder.BeginAsync(unload.Statement.Text, "UNLOAD", stopping);
        var before = state.Counters.LastQueryId;
        try
        {
            await state.Context.Unload.RunAsync(Request(unload, record.TransactionId, stopping), timeout.Token);
            await recorder.CompleteAsync(record, state.Counters.LastQueryId, state.Counters.LastUnloadCount, null, stopping);
        }
        catch (CopyDroppedException)
        {
            throw new FaultDropException();
        }
        catch (ServerException exception) when (state.Counters.LastQueryId != before)
        {
            await recorder.CompleteAsync(record, state.Counters.LastQueryId, 0, exception.Error, stopping);
            throw;
        }

        state.WriteComplete("UNLOAD");
    }

    private UnloadRequest Request(UnloadTo unload, string transaction, CancellationToken stopping) => new()
    {
        Statement = unload.Statement,
        Query = unload.Query,
        DescribeAsync = async sql =>
        {
            await state.Pipeline.ParseAsync("", sql, [], stopping);
            return (await state.Pipeline.DescribeStatementAsync("", stopping)).Columns;
        },
        QueryAsync = (sql, sink) => state.Pipeline.RunAsync(sql, sink, stopping),
        TransactionId = transaction,
        CancelQueryAsync = state.Backing.CancelAsync,
        OpenSuperuserAsync = async ct => await state.Context.Postgres.ConnectAsync(PrivatePostgres.Superuser, state.Database, ct),
        NextQueryIdAsync = ct => state.Context.Queries.NextIdAsync(state.Database, ct),
        User = state.User.Name,
        UserId = state.User.Id,
        ProcessId = state.Backing.ProcessId,
        Database = state.Database,
        Counters = state.Counters,
        Notify = state.WriteNotice,
        Faults = state.Context.Faults,
        Secrets = state.Context.Secrets,
        Options = state.Context.CopyOptions,
        CaseSensitiveIdentifiers = state.CaseSensitive,
    };
}
