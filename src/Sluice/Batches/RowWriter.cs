namespace Sluice.Batches;

/// <summary>
/// What a source writes rows into: fields in the order of the target columns, then <see cref="EndRow"/>. Not thread-safe: one
/// writer per reader. Field calls never wait and never throw for the data's sake; they do not allocate after warm-up.
/// </summary>
public abstract class RowWriter
{
    /// <summary>The next field is NULL.</summary>
    public abstract void WriteNull();

    /// <summary>The next field, as valid UTF-8 text in the spelling that COPY text takes before escaping.</summary>
    public abstract void WriteText(ReadOnlySpan<byte> utf8);

    /// <summary>Ends the row. When it returns true a batch is full: await <see cref="FlushAsync"/> before the next field.</summary>
    public abstract bool EndRow(in RowOrigin origin);

    /// <summary>Forgets the fields written since the last <see cref="EndRow"/>: the record turned out to be bad.</summary>
    public abstract void AbandonRow();

    /// <summary>Hands full batches on and waits for empty ones.</summary>
    public abstract ValueTask FlushAsync(CancellationToken ct);

    /// <summary>Hands on what is left, at the end of the input.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken ct);

    /// <summary>A record that is set aside before it became a row. Counts it as read.</summary>
    public abstract void Reject(Rejection rejection, ReadOnlySpan<byte> source);

    /// <summary>A record that is left out on purpose (an empty line). Counts it as read.</summary>
    public abstract void Skip();
}
