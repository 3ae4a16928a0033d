using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Locations;
using BufferSizes = Sluice.Locations.BufferSizes;

namespace Sluice.Sources;

/// <summary>An opened text file as UTF-8 in a window, and the line at which it stands.</summary>
internal sealed class TextInput : IAsyncDisposable
{
    private readonly Stream _stream;

    private TextInput(int index, string label, long? bytes, DecodedInput decoded, long maxRowBytes)
    {
        Index = index;
        Label = label;
        Bytes = bytes;
        _stream = decoded.Stream;
        Charset = decoded.Charset;
        Buffer = new RefillBuffer(decoded.Stream, decoded.Charset, decoded.FirstOffset, Math.Max(maxRowBytes, BufferSizes.Sample));
        Line = decoded.FirstLine;
    }

    /// <summary>0-based, among the inputs of the load.</summary>
    public int Index { get; }

    public string Label { get; }

    /// <summary>Source bytes in all, when known.</summary>
    public long? Bytes { get; }

    public RefillBuffer Buffer { get; }

    public SourceCharset Charset { get; }

    /// <summary>1-based line at which the buffer stands.</summary>
    public long Line { get; set; }

    /// <summary>What is in the window.</summary>
    public ReadOnlySpan<byte> Window => Buffer.Bytes.AsSpan(Buffer.Start, Buffer.Length);

    /// <summary>The place at which the buffer stands.</summary>
    public RowOrigin Origin => new(Index, Line, Charset.IsTranscoded ? -1 : Buffer.Offset + Buffer.Start);

    /// <summary>Opens a file and prepares it; when that fails it is closed again.</summary>
    /// <exception cref="SourceException">It cannot be opened or prepared.</exception>
    public static async Task<T> OpenAsync<T>(
        InputFile file, int index, TextSourceSettings settings, Action<long>? bytesRead, Func<TextInput, CancellationToken, Task<T>> prepare, CancellationToken ct)
    {
        var opened = await file.OpenAsync(ct).ConfigureAwait(false);
        TextInput? input = null;
        try
        {
            var decoded = await CharsetDecoder.OpenAsync(opened, settings.EncodingName, bytesRead, ct).ConfigureAwait(false);
            input = new TextInput(index, file.Label, opened.Bytes, decoded, settings.MaxRowBytes);
            return await prepare(input, ct).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            input?.Buffer.Dispose();
            await opened.Stream.DisposeAsync().ConfigureAwait(false);
            if (failure is IOException)
            {
                throw ReadError(file.Label, failure);
            }

            throw;
        }
    }

    /// <summary>
    /// Lets a reader work on what is there, reads more and makes room, until the reader is at the end or <paramref name="drain"/> is cancelled.
    /// </summary>
    public async Task ReadAllAsync(RowWriter rows, Func<RowWriter, CancellationToken, ValueTask<ReadStep>> readAvailable, CancellationToken drain, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, drain);
        while (!drain.IsCancellationRequested)
        {
            var step = await readAvailable(rows, ct).ConfigureAwait(false);
            if (step == ReadStep.End)
            {
                return;
            }

            if (step == ReadStep.Flush)
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
            }
            else if (!await FillAsync(drain, either.Token).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Passes over physical lines, of any length.</summary>
    public async Task SkipLinesAsync(long lines, byte[] terminator, CancellationToken ct)
    {
        for (var skipped = 0L; skipped < lines;)
        {
            var at = Window.IndexOf(terminator);
            if (at >= 0)
            {
                Buffer.Start += at + terminator.Length;
                Line++;
                skipped++;
                continue;
            }

            Buffer.Start = Buffer.IsFinal ? Buffer.End : Math.Max(Buffer.Start, Buffer.End - terminator.Length + 1);
            if (Buffer.IsFinal)
            {
                return;
            }

            await Buffer.FillAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Lines that end in CR alone would all be one record, of which the first fields are loaded.</summary>
    /// <param name="quote">Between two of these a CR ends no line; 0 for none.</param>
    /// <param name="hint">What to do.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SourceException">They do.</exception>
    public async Task RefuseBareReturnsAsync(byte quote, string hint, CancellationToken ct)
    {
        await EnsureLineAsync(ct).ConfigureAwait(false);
        if (HasBareReturnsOnly(Window, quote))
        {
            throw new SourceException(
                $"The lines of {Printable.Escape(Label)} end in a carriage return (CR) without a newline, as on old Macintosh systems", hint);
        }
    }

    /// <summary>What is thrown where the header cannot be read.</summary>
    public SourceException HeaderError(string what, string hint) =>
        new($"The header in line {Line} of {Printable.Escape(Label)} cannot be read: {what}", hint);

    public async ValueTask DisposeAsync()
    {
        Buffer.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private static SourceException ReadError(string label, Exception failure) =>
        new($"{Printable.Escape(label)} cannot be read any further: {Printable.Escape(failure.Message)}", null, failure);

    // Reads on until a sample or a whole line is there.
    private async Task EnsureLineAsync(CancellationToken ct)
    {
        while (Buffer.Length < BufferSizes.Sample && !Buffer.IsFinal && !Window.Contains((byte)'\n'))
        {
            await Buffer.FillAsync(ct).ConfigureAwait(false);
        }
    }

    private static bool HasBareReturnsOnly(ReadOnlySpan<byte> text, byte quote)
    {
        var isQuoted = false;
        var returns = 0;
        foreach (var b in text.Contains((byte)'\n') ? default : text.TrimEnd((byte)'\r'))
        {
            isQuoted ^= b == quote && quote != 0;
            returns += b == '\r' && !isQuoted ? 1 : 0;
        }

        return returns > 0;
    }

    // False: drained while waiting for bytes.
    private async ValueTask<bool> FillAsync(CancellationToken drain, CancellationToken either)
    {
        try
        {
            await Buffer.FillAsync(either).ConfigureAwait(false);
            return true;
        }
        catch (IOException failure)
        {
            throw ReadError(Label, failure);
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>What a reader needs before it can go on.</summary>
internal enum ReadStep
{
    /// <summary>More bytes.</summary>
    Fill,

    /// <summary>Room in the writer.</summary>
    Flush,

    /// <summary>Nothing: the input is read.</summary>
    End,
}
