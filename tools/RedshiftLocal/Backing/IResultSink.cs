namespace RedshiftLocal.Backing;

/// <summary>Takes the rows of a statement as the private PostgreSQL sends them. The payloads are valid during the call.</summary>
public interface IResultSink
{
    void RowDescription(ReadOnlySpan<byte> payload);

    ValueTask DataRowAsync(ReadOnlyMemory<byte> payload, CancellationToken ct);
}
