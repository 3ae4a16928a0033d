using RedshiftLocal.Backing;
using RedshiftLocal.Copy;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Unload;

/// <summary>One UNLOAD of one session, with what it may use.</summary>
public sealed record UnloadRequest
{
    public required SqlStatement Statement { get; init; }

    /// <summary>The query in the backing server's words.</summary>
    public required string Query { get; init; }

    /// <summary>The columns of a query, as a RowDescription; in the client's session and transaction.</summary>
    public required Func<string, Task<byte[]?>> DescribeAsync { get; init; }

    /// <summary>Runs a query in the client's session and transaction, its values as text.</summary>
    public required Func<string, IResultSink, Task> QueryAsync { get; init; }

    /// <summary>The number of the client's transaction.</summary>
    public required string TransactionId { get; init; }

    /// <summary>Ends the query that is running.</summary>
    public required Func<Task> CancelQueryAsync { get; init; }

    /// <summary>Opens a superuser's session in the same database, outside the client's transaction. UNLOAD disposes it.</summary>
    public required Func<CancellationToken, Task<IBackingSession>> OpenSuperuserAsync { get; init; }

    /// <summary>The next query id of the database.</summary>
    public required Func<CancellationToken, Task<long>> NextQueryIdAsync { get; init; }

    public required string User { get; init; }

    public required uint UserId { get; init; }

    public required int ProcessId { get; init; }

    public required string Database { get; init; }

    public required CopyCounters Counters { get; init; }

    public required Action<Notice> Notify { get; init; }

    public required IFaultSource Faults { get; init; }

    public required SecretLedger Secrets { get; init; }

    public required CopyOptions Options { get; init; }

    /// <summary>enable_case_sensitive_identifier.</summary>
    public bool CaseSensitiveIdentifiers { get; init; }
}
