// hot path
using System.Buffers;

namespace RedshiftLocal.Copy.Records;

internal enum ReadState
{
    /// <summary>A record is there, good or with a <see cref="RecordSource.Problem"/>.</summary>
    Record,

    /// <summary><see cref="RecordSource.FillAsync"/> must be called.</summary>
    NeedsData,
    End,
}

/// <summary>
/// Cuts a stream of bytes into records and fields. Holds one buffer, never more than one record long. Spans are valid until the next call of
/// <see cref="Next"/> or <see cref="FillAsync"/>, a field's until the next field is taken.
/// </summary>
internal abstract class RecordSource(Stream stream, int firstBuffer) : IDisposable
{
    public const int LongestRecord = 4 << 20;

    protected const int FirstBuffer = 512 << 10;
    protected const byte LineFeed = (byte)'\n';
    protected const byte CarriageReturn = (byte)'\r';

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(firstBuffer);

    /// <summary>The physical line, 1-based, at which the record starts.</summary>
    public long Line { get; protected set; }

    /// <summary>The number, 1-based, of the record in its file; header lines count as one each.</summary>
    public long RecordNumber { get; protected set; }

    /// <summary>Where the record starts in the stream.</summary>
    public long Offset { get; protected set; }

    /// <summary>The number of fields found, which may be more than can be taken.</summary>
    public abstract int FieldCount { get; }

    public LoadProblem? Problem { get; protected set; }

    /// <summary>The record as it stands in the file, without its line end; cut off where it is too long.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(Start, RecordLength);

    public bool IsBlank => RecordLength == 0;

    protected byte[] Buffer => _buffer;

    /// <summary>Where the record starts in the buffer.</summary>
    protected int Start { get; set; }

    /// <summary>Where the next one starts.</summary>
    protected int NextStart { get; set; }

    /// <summary>Where the buffer's data end.</summary>
    protected int End { get; private set; }

    /// <summary>There is no more data in the stream.</summary>
    protected bool AtEnd { get; private set; }

    protected int RecordLength { get; set; }

    /// <summary>The field's bytes with quoting and escapes undone.</summary>
    public abstract ReadOnlySpan<byte> Field(int index);

    /// <summary>The field stood in quotation marks.</summary>
    public abstract bool IsQuoted(int index);

    /// <summary>The field stands for NULL, being the marker or the format's own null.</summary>
    public abstract bool IsNull(int index, ReadOnlySpan<byte> marker);

    /// <summary>Finds the next record in the data at hand.</summary>
    public abstract ReadState Next();

    /// <summary>Reads more of the stream after <see cref="ReadState.NeedsData"/>.</summary>
    public async ValueTask FillAsync(CancellationToken ct)
    {
        var kept = End - Start;
        if (kept == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(Start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (Start > 0)
        {
            _buffer.AsSpan(Start, kept).CopyTo(_buffer);
        }

        Start = 0;
        NextStart = 0;
        End = kept;
        while (End < _buffer.Length)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(End), ct);
            if (read == 0)
            {
                AtEnd = true;
                return;
            }

            End += read;
            if (End - kept >= _buffer.Length / 4)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
