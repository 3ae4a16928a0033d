using System.Net.Sockets;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>What a failed batch means for the load.</summary>
public enum ServerErrorKind
{
    /// <summary>The whole load has to stop: disk full, no privilege, cancelled, an internal error, a mistake in the statement.</summary>
    Fatal,

    /// <summary>A row's data is at fault: isolate it.</summary>
    RowRefused,

    /// <summary>The same batch may succeed when sent again: deadlock, serialization failure.</summary>
    RetryBatch,

    /// <summary>The session is gone: connect again and look up what became of the transaction.</summary>
    ConnectionLost,
}

/// <summary>Sorts what Npgsql throws by SQLSTATE and transport, never by message text.</summary>
public static class ServerError
{
    public static ServerErrorKind Classify(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case PostgresException refused:
                    return Classify(refused.SqlState);
                case OperationCanceledException:
                    return ServerErrorKind.Fatal;
                case IOException or SocketException or TimeoutException or ObjectDisposedException:
                    return ServerErrorKind.ConnectionLost;
            }
        }

        return ServerErrorKind.Fatal;
    }

    public static ServerErrorKind Classify(string sqlState) => sqlState switch
    {
        [_, _, ..] when sqlState.StartsWith(SqlStates.PlPgSqlError, StringComparison.Ordinal) => ServerErrorKind.RowRefused,
        [_, _, ..] when sqlState.StartsWith(SqlStates.OperatorShutdown, StringComparison.Ordinal) => ServerErrorKind.ConnectionLost,
        [_, _, ..] => sqlState[..2] switch
        {
            SqlStates.DataException or SqlStates.IntegrityConstraintViolation or SqlStates.WithCheckOptionViolation => ServerErrorKind.RowRefused,
            SqlStates.TransactionRollback => ServerErrorKind.RetryBatch,
            SqlStates.ConnectionException => ServerErrorKind.ConnectionLost,
            _ => ServerErrorKind.Fatal,
        },
        _ => ServerErrorKind.Fatal,
    };
}
