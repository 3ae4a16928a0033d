using RedshiftLocal.Backing;
using RedshiftLocal.Faults;
using RedshiftLocal.Protocol;
using RedshiftLocal.Secrecy;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Copy;

/// <summary>One COPY … FROM of one session, with what it may use.</summary>
public sealed record CopyRequest
{
    public required SqlStatement Statement { get; init; }

    /// <summary>The client's backing session, inside a transaction that the caller ends: commit after a return, roll back after an exception.</summary>
    public required IBackingSession Session { get; init; }

    /// <summary>Opens a superuser's session in the same database, outside the client's transaction. COPY disposes it.</summary>
    public required Func<CancellationToken, Task<IBackingSession>> OpenSuperuserAsync { get; init; }

    /// <summary>The next query id of the database.</summary>
    public required Func<CancellationToken, Task<long>> NextQueryIdAsync { get; init; }

    public required string User { get; init; }

    public required uint UserId { get; init; }

    public required bool IsSuperuser { get; init; }

    /// <summary>The process id that the client was told in BackendKeyData.</summary>
    public required int ProcessId { get; init; }

    public required string Database { get; init; }

    public required CopyCounters Counters { get; init; }

    /// <summary>Receives notices in the order they are to be sent.</summary>
    public required Action<Notice> Notify { get; init; }

    public required IFaultSource Faults { get; init; }

    public required SecretLedger Secrets { get; init; }

    public required CopyOptions Options { get; init; }

    /// <summary>enable_case_sensitive_identifier.</summary>
    public bool CaseSensitiveIdentifiers { get; init; }
}
