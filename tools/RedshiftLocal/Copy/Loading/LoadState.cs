using System.Threading.Channels;
using RedshiftLocal.Copy.Records;
using RedshiftLocal.Copy.Values;

namespace RedshiftLocal.Copy.Loading;

/// <summary>What the workers of one COPY share. Thread-safe.</summary>
internal sealed class LoadState(LoadPlan plan, LoadHistory history, CopyOptions options, JsonFields? jsonFields)
{
    private const int BufferBytes = 256 << 10;

    private long _errors;
    private long _quotedMarkers;
    private long _replacedRows;
    private long _rows;

    public LoadPlan Plan { get; } = plan;

    /// <summary>Where values of JSON go; null for the other formats.</summary>
    public JsonFields? JsonFields { get; } = jsonFields;

    public LoadHistory History { get; } = history;

    public CopyOptions Options { get; } = options;

    /// <summary>Full buffers on their way to the backing server.</summary>
    public Channel<RowBuffer> Full { get; } = Channel.CreateBounded<RowBuffer>(new BoundedChannelOptions(4) { SingleReader = true });

    /// <summary>Empty ones on their way back.</summary>
    public Channel<RowBuffer> Free { get; } = Channel.CreateUnbounded<RowBuffer>();

    public long Errors => Interlocked.Read(ref _errors);

    public long QuotedMarkers => Interlocked.Read(ref _quotedMarkers);

    public long ReplacedRows => Interlocked.Read(ref _replacedRows);

    /// <summary>Good rows parsed.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Counts a bad record; false when it is one too many.</summary>
    public bool CountError() => Interlocked.Increment(ref _errors) < Plan.Command.MaxErrors;

    public void AddReplacedRow() => Interlocked.Increment(ref _replacedRows);

    public void AddQuotedMarkers(long count) => Interlocked.Add(ref _quotedMarkers, count);

    public RowBuffer Rent() => Free.Reader.TryRead(out var buffer) ? buffer : new RowBuffer(BufferBytes + (64 << 10));

    public static bool IsFull(RowBuffer buffer) => buffer.Length >= BufferBytes;

    /// <summary>Hands a buffer over to the writer.</summary>
    public ValueTask SendAsync(RowBuffer buffer, CancellationToken ct)
    {
        Interlocked.Add(ref _rows, buffer.Rows);
        return Full.Writer.WriteAsync(buffer, ct);
    }
}

/// <summary>More bad records than MAXERROR allows.</summary>
internal sealed class TooManyErrorsException() : Exception("Too many bad records");

/// <summary>A file that is not what the options say: not in the named compression, or damaged.</summary>
internal sealed class UnreadableFileException(string text, string context, Exception? inner) : Exception(text, inner)
{
    public string Context { get; } = context;
}
