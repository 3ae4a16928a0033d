namespace Sluice.Targets;

/// <summary>Why a loader's call failed, in the terms that recovery needs. Never reaches a user.</summary>
public abstract class LoaderException(string message, Exception inner) : Exception(message, inner);

/// <summary>The data is at fault, not the link: SQLSTATE classes 22, 23, 44 and P0001.</summary>
public sealed class RowsRefusedException(ServerRefusal refusal, Exception inner) : LoaderException(refusal.Message, inner)
{
    public ServerRefusal Refusal { get; } = refusal;
}

/// <summary>The transaction can be tried again as it is: class 40.</summary>
public sealed class BatchRetryException(string message, Exception inner) : LoaderException(message, inner);

/// <summary>The connection is gone; what became of the transaction is not known yet.</summary>
public sealed class ConnectionLostException(string message, Exception inner) : LoaderException(message, inner);

/// <summary>What the server said of rows it refused.</summary>
public sealed record ServerRefusal
{
    /// <summary>0-based row within the rows of that COPY, or null when the server did not say.</summary>
    public required int? Row { get; init; }

    public required string SqlState { get; init; }

    public required string Message { get; init; }

    public string? Detail { get; init; }

    public string? Column { get; init; }
}
