using Npgsql;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

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

    /// <summary>Turns the driver's errors into a target's: what was done, where, and what the server said.</summary>
    /// <exception cref="TargetException">The action failed on the server or on the way to it.</exception>
    public static async Task<T> GuardAsync<T>(ConnectionSettings settings, string title, Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException { InnerException: NpgsqlException })
        {
            throw new TargetException($"{title}: {settings}: {Describe(e)}", Hint(e), e);
        }
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
