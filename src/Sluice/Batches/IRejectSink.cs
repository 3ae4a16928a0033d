namespace Sluice.Batches;

/// <summary>
/// Takes what could not be loaded. Thread-safe. Each call throws LoadStoppedException when the rules of the load
/// (on error stop, max errors) say that this reject is one too many.
/// </summary>
public interface IRejectSink
{
    /// <summary>A record that never became a row; <paramref name="source"/> holds its bytes as they were in the source.</summary>
    void RejectRecord(Rejection rejection, ReadOnlySpan<byte> source);

    /// <summary>A row the server refused; <paramref name="copyText"/> is its COPY text, with the final newline.</summary>
    void RejectRow(Rejection rejection, ReadOnlySpan<byte> copyText);
}
