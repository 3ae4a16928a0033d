using Npgsql;
using Sluice.Diagnostics;
using Sluice.Postgres;

namespace Sluice.Targets.Postgres;

/// <summary>What a server or the driver said, for a user: message, detail and code in one line.</summary>
internal static class ServerText
{
    public static string Describe(Exception error)
    {
        if (error is not PostgresException refused)
        {
            return Printable.Escape(error.InnerException is { } inner && error is NpgsqlException ? $"{error.Message}: {inner.Message}" : error.Message);
        }

        var detail = refused.Detail is { Length: > 0 } text ? $" ({Printable.Escape(text)})" : "";
        return $"{Printable.Escape(refused.MessageText)}{detail} [{refused.SqlState}]";
    }

    public static string? Hint(Exception error) => error is not PostgresException refused ? null
        : refused.Hint is { Length: > 0 } hint ? Printable.Escape(hint)
        : refused.SqlState switch
        {
            SqlStates.QueryCanceled => "A time limit of the role, the database or the server ended it, or someone cancelled it: "
                + "SET statement_timeout to '0' in the command lifts the limit",
            SqlStates.LockNotAvailable => "Another session holds the table: end it, or SET lock_timeout to '0' in the command to wait for it",
            SqlStates.ReadOnlyTransaction => "The session is read-only: connect to the primary server, or SET default_transaction_read_only to 'off' in the command",
            SqlStates.DiskFull => "Make room on the server; the batches that are committed stay",
            _ => null,
        };
}
