namespace RedshiftLocal.Faults;

/// <summary>The places where a fault can be ordered.</summary>
public enum FaultPoint
{
    /// <summary>A connection is accepted; the subject is the user.</summary>
    Connect,

    /// <summary>A statement is about to run; the subject is its text.</summary>
    Statement,

    /// <summary>A COPY is about to read its files; the subject is its text.</summary>
    Copy,

    /// <summary>An UNLOAD is about to write its files; the subject is its text.</summary>
    Unload,

    /// <summary>Rows of a COPY are in, the commit is not sent; the subject is the COPY's text.</summary>
    BeforeCommit,

    /// <summary>The commit is done, the client not told; the subject is the COMMIT's or the COPY's text.</summary>
    AfterCommit,

    /// <summary>Error rows are written; the subject is the view's base table. A delay keeps them unseen for that long.</summary>
    ErrorRows,

    /// <summary>A request reaches the store; the subject is METHOD /bucket/key.</summary>
    StoreRequest,
}

public enum FaultKind
{
    /// <summary>Wait <see cref="Fault.Delay"/>, then go on.</summary>
    Delay,

    /// <summary>Close the connection without a word.</summary>
    Drop,

    /// <summary>Answer with <see cref="Fault.Code"/> (an SQLSTATE, or an S3 error code) and <see cref="Fault.Message"/>.</summary>
    Error,

    /// <summary>Send the first <see cref="Fault.Bytes"/> bytes of the body, then close.</summary>
    Truncate,

    /// <summary>Send a checksum that is not the body's.</summary>
    WrongChecksum,
}

/// <summary>A fault that is due now.</summary>
public sealed record Fault(FaultKind Kind)
{
    public TimeSpan Delay { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public long Bytes { get; init; }
}

/// <summary>Hands out the faults that were ordered. Thread-safe.</summary>
public interface IFaultSource
{
    /// <summary>The fault due at this point, or null. Asking counts as one passage.</summary>
    Fault? Take(FaultPoint point, string subject);
}
