using System.Globalization;
using Npgsql;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>
/// What became of a COPY whose connection was lost while it was being committed, by what Redshift wrote down of its transaction. A table's number
/// of rows proves nothing: others may have written to it.
/// </summary>
internal sealed class RedshiftOutcome(RedshiftTarget target)
{
    private static readonly TimeSpan LookUpLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Asks until the end of the transaction is there, for as long as the limit allows. Null: it cannot be known.</summary>
    /// <param name="copyId">From pg_last_copy_id(); -1 when it is not known.</param>
    /// <param name="source">The address that the COPY read.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<bool?> FindAsync(long copyId, string source, CancellationToken ct)
    {
        var started = target.Time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(100);
        while (copyId > 0)
        {
            var (isRefused, outcome) = await AskAsync(copyId, source, ct).ConfigureAwait(false);
            if (isRefused || outcome is not null || target.Time.GetElapsedTime(started) >= LookUpLimit)
            {
                return outcome;
            }

            await Task.Delay(pause, target.Time, ct).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return null;
    }

    /// <summary>How people can know it.</summary>
    public static string Advice(long copyId, string source) =>
        "before you load again, ask as a superuser: SELECT t.status FROM sys_load_history l JOIN sys_transaction_history t ON t.transaction_id = l.transaction_id WHERE "
        + (copyId > 0 ? $"l.query_id = {copyId.ToString(CultureInfo.InvariantCulture)} AND " : "")
        + $"strpos(l.data_source, {RedshiftSql.Literal(source)}) > 0; committed: the rows are there; rolledback: none is; nothing found: ask again in some minutes";

    private async Task<(bool IsRefused, bool? Outcome)> AskAsync(long copyId, string source, CancellationToken ct)
    {
        var load = await TryReadAsync("redshift_load_transaction.sql", [("copy", copyId.ToString(CultureInfo.InvariantCulture)), ("source", source)], ct).ConfigureAwait(false);
        if (load.Value is not { } transaction)
        {
            return (load.IsRefused, null);
        }

        var status = await TryReadAsync("redshift_transaction_status.sql", [("transaction", transaction)], ct).ConfigureAwait(false);
        switch (status.Value)
        {
            case "committed":
                return (false, true);
            case "rolledback":
                return (false, false);
        }

        var undone = await TryReadAsync("redshift_transaction_undone.sql", [("transaction", transaction)], ct).ConfigureAwait(false);
        return (status.IsRefused && undone.IsRefused, undone.Value is null ? null : false);
    }

    // No answer is no outcome: another round may bring one.
    private async Task<(bool IsRefused, string? Value)> TryReadAsync(string file, (string Name, string Value)[] values, CancellationToken ct)
    {
        try
        {
            var connection = await target.LookUpConnectionAsync(ct).ConfigureAwait(false);
            var rows = await TextRows.ReadAsync(connection, RedshiftSql.Read(file, values), ct).ConfigureAwait(false);
            return (false, rows is [[{ } value]] ? value : null);
        }
        catch (PostgresException e)
        {
            return (RedshiftFault.Of(e, []).Kind != ServerErrorKind.ConnectionLost, null);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TargetException)
        {
            return (false, null);
        }
    }
}
