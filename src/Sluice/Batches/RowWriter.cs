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

    /// <summary>Rows come ready-made from here on, through <see cref="EncodedSpace"/>. Binary only where every column has a binary type.</summary>
    /// <param name="encoding">Theirs.</param>
    /// <param name="first">The origin of the first one; the line counts up from there.</param>
    /// <param name="ct">Ends the wait for an empty batch.</param>
    /// <exception cref="NotSupportedException">This writer takes fields only.</exception>
    public virtual ValueTask BeginEncodedAsync(RowEncoding encoding, RowOrigin first, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Room for the next bytes of ready-made rows, wherever rows begin and end.</summary>
    public virtual Memory<byte> EncodedSpace() => throw new NotSupportedException();

    /// <summary>Takes bytes that were put there. When it returns true a batch is full: await <see cref="FlushAsync"/> before more.</summary>
    public virtual bool AdvanceEncoded(int bytes) => throw new NotSupportedException();

    /// <summary>No more ready-made rows; false when the last one is cut off.</summary>
    public virtual bool EndEncoded() => throw new NotSupportedException();
}
