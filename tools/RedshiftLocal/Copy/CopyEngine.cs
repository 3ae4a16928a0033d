using RedshiftLocal.Protocol;

namespace RedshiftLocal.Copy;

/// <summary>Runs COPY … FROM 's3://…' of any number of sessions.</summary>
public sealed class CopyEngine(HttpClient http, TimeProvider clock)
{
    /// <summary>
    /// Loads the files. Throws <see cref="ServerException"/> with what the client is told, or <see cref="CopyDroppedException"/>.
    /// Takes the fault points Copy and ErrorRows; BeforeCommit and AfterCommit are the caller's.
    /// </summary>
    public Task<CopyOutcome> RunAsync(CopyRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(clock);
        throw new ServerException("0A000", "COPY is not covered by this stand-in");
    }
}
