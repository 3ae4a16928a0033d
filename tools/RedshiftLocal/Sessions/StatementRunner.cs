using System.Net.Sockets;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Sessions;

/// <summary>Runs one translated statement, for the simple and the extended protocol alike.</summary>
internal sealed class StatementRunner(SessionState state)
{
    private readonly FaultRunner _faults = new(state.Context.Faults);
    private readonly SettingRunner _settings = new(state);
    private readonly CopyRunner _copy = new(state);
    private readonly UnloadRunner _unload = new(state);
    private readonly QueryRecorder _recorder = new(state);

    /// <summary>Runs an action; an error is told to the client, and the transaction is made to fail with it. False after an error.</summary>
    public async Task<bool> GuardAsync(Func<Task> action, CancellationToken stopping)
    {
        ServerError error;
        try
        {
            await action();
            return true;
        }
        catch (ServerException exception)
        {
            error = exception.Error;
            foreach (var notice in exception.Notices)
            {
                state.WriteNotice(notice);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            error = state.Canceled();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException or SocketException or ObjectDisposedException
            or WireException or FaultDropException))
        {
            // A fault of ours must not look like a lost connection.
            error = new ServerError("XX000", $"internal error of redshift-local: {exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            state.EndStatement();
        }

        if (error.Severity is "FATAL" or "PANIC")
        {
            throw new ServerException(error);
        }

        await FailAsync(stopping);
        ErrorFields.Write(state.Writer, error);
        return false;
    }

    /// <summary>Ends a query string, or what came before a Sync: commits what no block of the client's holds open.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        await state.Pipeline.SyncAsync(ct);
        if (state.HasImplicitBlock)
        {
            await state.Backing.QueryAsync("COMMIT", ct);
            state.HasImplicitBlock = false;
        }
    }

    /// <summary>What is known of queries is written down before a statement that may read it, and before its snapshot is taken.</summary>
    public Task ShowQueriesAsync(string text, CancellationToken ct) =>
        QueryLog.IsRead(text) ? state.Context.Queries.FlushAsync(state.Database, ct) : Task.CompletedTask;

    /// <param name="statement">What to run.</param>
    /// <param name="portal">Null for the simple protocol, where columns are described too.</param>
    /// <param name="isOneOfMany">The query string holds further statements.</param>
    /// <param name="stopping">Ends the session.</param>
    public async Task RunAsync(PreparedStatement statement, Portal? portal, bool isOneOfMany, CancellationToken stopping)
    {
        var ct = state.BeginStatement(stopping);
        state.Enter(statement.Text);
        await _faults.TakeAsync(FaultPoint.Statement, statement.Text, ct);
        foreach (var notice in statement.Translation.Notices)
        {
            state.WriteNotice(notice);
        }

        switch (statement.Translation)
        {
            case EmptyStatement:
                state.Writer.Message('I');
                break;
            case Forwarded forwarded:
                await ForwardAsync(statement, forwarded, portal, isOneOfMany, stopping);
                break;
            case TransactionControl control:
                await ControlAsync(statement, control, stopping);
                break;
            case Setting setting:
                await _settings.RunAsync(setting, describe: portal is null, stopping);
                break;
            case CopyFrom copy:
                await _copy.RunAsync(copy.Statement, isOneOfMany, ct, stopping);
                break;
            case UnloadTo unload:
                await _unload.RunAsync(unload, ct, stopping);
                break;
        }

        state.EndStatement();
    }

    private async Task ForwardAsync(PreparedStatement statement, Forwarded forwarded, Portal? portal, bool isOneOfMany, CancellationToken ct)
    {
        CheckBlock(statement, forwarded, isOneOfMany);
        CheckCursor(statement);
        await _copy.PublishCountersAsync(statement, ct);
        foreach (var sql in forwarded.Before)
        {
            await state.Pipeline.RunInternalAsync(sql, ct);
        }

        var tag = forwarded.QueryKind is null
            ? await SendAsync(forwarded, portal, ct)
            : await RecordAsync(statement.Text, forwarded.QueryKind, () => SendAsync(forwarded, portal, ct), ct);

        foreach (var sql in forwarded.After)
        {
            await state.Pipeline.RunInternalAsync(sql, ct);
        }

        NoteCursor(statement);
        if (forwarded.Block == BlockRule.Commits && (state.InBlock || state.HasImplicitBlock))
        {
            await CommitAsync(ct);
        }

        if (tag is null)
        {
            state.Writer.Message('I');
        }
        else
        {
            state.WriteComplete(forwarded.Tag ?? Tags.WithoutCount(tag));
        }
    }

    private async Task<string?> SendAsync(Forwarded forwarded, Portal? portal, CancellationToken ct)
    {
        var relay = new ResultRelay(state.Writer, state.Types, describe: portal is null);
        if (portal is null)
        {
            return await state.Pipeline.RunAsync(forwarded.Sql, relay, ct);
        }

        if (portal.Columns is not null)
        {
            relay.Note(portal.Columns);
        }

        return await state.Pipeline.ExecuteAsync(portal.Name, relay, ct);
    }

    /// <summary>Queries that fail before they are planned have no id.</summary>
    private async Task<string?> RecordAsync(string text, string kind, Func<Task<string?>> sendAsync, CancellationToken ct)
    {
        var record = await _recorder.BeginAsync(text, kind, ct);
        try
        {
            var tag = await sendAsync();
            state.Counters.LastQueryId = await state.Context.Queries.NextIdAsync(state.Database, ct);
            await _recorder.CompleteAsync(record, state.Counters.LastQueryId, QueryRecorder.Rows(tag), null, ct);
            return tag;
        }
        catch (ServerException exception) when (exception.Error.Severity == "ERROR" && !exception.Error.SqlState.StartsWith("42", StringComparison.Ordinal))
        {
            await _recorder.CompleteAsync(record, await state.Context.Queries.NextIdAsync(state.Database, ct), 0, exception.Error, ct);
            throw;
        }
    }

    private async Task CommitAsync(CancellationToken ct)
    {
        await state.Pipeline.SyncAsync(ct);
        await state.Pipeline.RunInternalAsync("COMMIT", ct);
        await state.Pipeline.SyncAsync(ct);
        state.HasImplicitBlock = false;
        state.Cursor = null;
    }

    private async Task ControlAsync(PreparedStatement statement, TransactionControl control, CancellationToken ct)
    {
        if (control.Verb == TransactionVerb.Commit)
        {
            await _faults.TakeAsync(FaultPoint.BeforeCommit, statement.Text, ct);
        }

        var tag = await state.Pipeline.RunInternalTagAsync(control.Sql, ct);
        await state.Pipeline.SyncAsync(ct);
        state.HasImplicitBlock = false;
        if (control.Verb != TransactionVerb.Begin)
        {
            state.Cursor = null;
            await _settings.RestoreAsync(ct);
        }

        if (control.Verb == TransactionVerb.Commit)
        {
            await _faults.TakeAsync(FaultPoint.AfterCommit, statement.Text, ct);
        }

        state.WriteComplete(control.Verb == TransactionVerb.Commit && tag == "ROLLBACK" ? tag : control.Tag);
    }

    private void CheckBlock(PreparedStatement statement, Forwarded forwarded, bool isOneOfMany)
    {
        switch (forwarded.Block)
        {
            case BlockRule.OutsideOnly when state.InBlock:
                throw new ServerException("25001", $"{Tags.NameOf(statement.Text)} cannot run inside a transaction block");
            case BlockRule.OutsideOnly when isOneOfMany:
                throw new ServerException("25001", $"{Tags.NameOf(statement.Text)} cannot be executed from a function or multi-command string");
            case BlockRule.InsideOnly when !state.InBlock:
                throw new ServerException("25P01", $"{Tags.NameOf(statement.Text)} may only be used in transaction blocks");
        }
    }

    private void CheckCursor(PreparedStatement statement)
    {
        if (state.Cursor is not null && statement.Tokens is [{ Kind: TokenKind.Word, Value: "declare" }, ..])
        {
            throw new ServerException("0A000", "only one cursor can be open in a session");
        }
    }

    private void NoteCursor(PreparedStatement statement)
    {
        if (statement.Tokens is [{ Kind: TokenKind.Word, Value: "declare" or "close" } verb, { } name, ..])
        {
            state.Cursor = verb.Value == "declare" ? name.Value : null;
        }
    }

    private async Task FailAsync(CancellationToken ct)
    {
        await state.Pipeline.FailAsync(ct);
        if (state.HasImplicitBlock)
        {
            await state.Backing.QueryAsync("ROLLBACK", ct);
            state.HasImplicitBlock = false;
        }

        if (state.Backing.TransactionStatus == 'I')
        {
            state.Cursor = null;
            await _settings.RestoreAsync(ct);
        }
    }
}
