using System.Globalization;
using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>Runs COPY FROM inside a transaction, and shows its counters to the session's functions.</summary>
internal sealed class CopyRunner(SessionState state)
{
    private readonly FaultRunner _faults = new(state.Context.Faults);
    private readonly QueryRecorder _recorder = new(state);

    /// <param name="statement">The COPY.</param>
    /// <param name="isOneOfMany">Its transaction goes on with the rest of the query string.</param>
    /// <param name="canceled">The client asks for the statement to end.</param>
    /// <param name="stopping">The session ends.</param>
    public async Task RunAsync(SqlStatement statement, bool isOneOfMany, CancellationToken canceled, CancellationToken stopping)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(canceled);
        await LimitAsync(timeout, stopping);
        var opens = !state.InBlock && !state.HasImplicitBlock;
        if (opens)
        {
            // What the query string did before is part of the block, as BEGIN takes over the pipeline's transaction.
            await state.Pipeline.RunInternalAsync("BEGIN", stopping);
            state.HasImplicitBlock = true;
        }

        var record = await _recorder.BeginAsync(statement.Text, "COPY", stopping);
        await state.Pipeline.SyncAsync(stopping);
        var before = state.Counters.LastQueryId;
        try
        {
            var outcome = await state.Context.Copy.RunAsync(Request(statement), timeout.Token);
            await _recorder.CompleteAsync(record, outcome.QueryId, outcome.Rows, null, stopping);
        }
        catch (CopyDroppedException)
        {
            throw new FaultDropException();
        }
        catch (ServerException exception) when (state.Counters.LastQueryId != before)
        {
            await _recorder.CompleteAsync(record, state.Counters.LastQueryId, 0, exception.Error, stopping);
            throw;
        }

        await _faults.TakeAsync(FaultPoint.BeforeCommit, statement.Text, stopping);
        if (opens && !isOneOfMany)
        {
            await state.Backing.QueryAsync("COMMIT", stopping);
            state.HasImplicitBlock = false;
            await _faults.TakeAsync(FaultPoint.AfterCommit, statement.Text, stopping);
        }

        state.WriteComplete("COPY");
    }

    /// <summary>The functions that tell about the last COPY read settings; a rollback takes these back, so they are set when they are asked for.</summary>
    public async Task PublishCountersAsync(PreparedStatement statement, CancellationToken ct)
    {
        if (!statement.Text.Contains("pg_last_", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var counters = state.Counters;
        await state.Pipeline.RunInternalAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                select pg_catalog.set_config('redshift_local.last_copy_count', '{counters.LastCopyCount}', false),
                       pg_catalog.set_config('redshift_local.last_copy_id', '{counters.LastCopyId}', false),
                       pg_catalog.set_config('redshift_local.last_query_id', '{counters.LastQueryId}', false),
                       pg_catalog.set_config('redshift_local.last_unload_count', '{counters.LastUnloadCount}', false),
                       pg_catalog.set_config('redshift_local.last_unload_id', '{counters.LastUnloadId}', false)
                """),
            ct);
    }

    private async Task LimitAsync(CancellationTokenSource timeout, CancellationToken ct)
    {
        var limit = await new SettingRunner(state).StatementTimeoutAsync(ct);
        if (limit > TimeSpan.Zero)
        {
            timeout.CancelAfter(limit);
        }
    }

    private CopyRequest Request(SqlStatement statement) => new()
    {
        Statement = statement,
        Session = state.Backing,
        OpenSuperuserAsync = async ct => await state.Context.Postgres.ConnectAsync(PrivatePostgres.Superuser, state.Database, ct),
        NextQueryIdAsync = ct => state.Context.Queries.NextIdAsync(state.Database, ct),
        User = state.User.Name,
        UserId = state.User.Id,
        IsSuperuser = state.User.IsSuperuser,
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
