namespace RedshiftLocal.Protocol;

/// <summary>An ErrorResponse to be sent: severity ERROR unless said otherwise, the five-letter SQLSTATE, the primary message.</summary>
public sealed record ServerError(string SqlState, string Message)
{
    public string Severity { get; init; } = "ERROR";

    public string? Detail { get; init; }

    public string? Hint { get; init; }
}
