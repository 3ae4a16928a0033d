// hot path
using System.Buffers;
using System.Buffers.Text;

namespace Sluice.Batches;

/// <summary>
/// What a source writes rows into: fields in the order of the target columns, then <see cref="EndRow"/>. Not thread-safe: one
/// writer per reader. Field calls never wait and never throw for the data's sake; they do not allocate after warm-up.
/// </summary>
public abstract class RowWriter
{
    private const int MaxNumberBytes = 40;

    private ArrayBufferWriter<byte>? _hex;

    /// <summary>The next field is NULL.</summary>
    public abstract void WriteNull();

    /// <summary>The next field, as valid UTF-8 text in the spelling that COPY text takes before escaping.</summary>
    public abstract void WriteText(ReadOnlySpan<byte> utf8);

    /// <summary>The next field is a whole number: the same as its digits.</summary>
    public virtual void WriteInteger(long value)
    {
        Span<byte> digits = stackalloc byte[MaxNumberBytes];
        Utf8Formatter.TryFormat(value, digits, out var length);
        WriteText(digits[..length]);
    }

    /// <summary>The next field is a number: the same as its shortest spelling that gives it again.</summary>
    public virtual void WriteDouble(double value)
    {
        Span<byte> digits = stackalloc byte[MaxNumberBytes];
        Utf8Formatter.TryFormat(value, digits, out var length);
        WriteText(digits[..length]);
    }

    /// <summary>The next field is bytes: the same as their hexadecimal digits after <c>\x</c>.</summary>
    public virtual void WriteBytes(ReadOnlySpan<byte> value)
    {
        _hex ??= new ArrayBufferWriter<byte>();
        _hex.ResetWrittenCount();
        var text = _hex.GetSpan(2 + (2 * value.Length));
        "\\x"u8.CopyTo(text);
        Convert.TryToHexStringLower(value, text[2..], out var written);
        _hex.Advance(2 + written);
        WriteText(_hex.WrittenSpan);
    }

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
