using System.Globalization;
using RedshiftLocal.Protocol;

namespace RedshiftLocal.Sessions;

/// <summary>Gives the queries of one session their ids and writes down what became of them.</summary>
internal sealed class QueryRecorder(SessionState state)
{
    private readonly TimeProvider _clock = TimeProvider.System;

    /// <summary>What is known before the query runs; it must be called where the transaction is open or may be opened.</summary>
    public async Task<QueryRecord> BeginAsync(string text, string kind, CancellationToken ct)
    {
        var facts = await state.Pipeline.RunInternalAsync(
            "select pg_catalog.txid_current() || ' ' || coalesce(pg_catalog.current_setting('redshift_local.query_group', true), '')", ct) ?? "0 ";
        var blank = facts.IndexOf(' ', StringComparison.Ordinal);
        return new QueryRecord(text, kind)
        {
            UserId = state.User.Id,
            ProcessId = state.Backing.ProcessId,
            Label = facts[(blank + 1)..] is { Length: > 0 } label ? label : "default",
            TransactionId = facts[..blank],
            Started = _clock.GetUtcNow(),
        };
    }

    public async Task CompleteAsync(QueryRecord record, long queryId, long rows, ServerError? error, CancellationToken ct)
    {
        await state.Context.Queries.AddAsync(
            state.Database,
            record with { QueryId = queryId, Rows = rows, Error = error is null ? null : error.Message, Ended = _clock.GetUtcNow() },
            ct);
    }

    /// <summary>The count of a command tag.</summary>
    public static long Rows(string? tag) =>
        tag is not null && long.TryParse(tag.AsSpan(tag.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : 0;
}
