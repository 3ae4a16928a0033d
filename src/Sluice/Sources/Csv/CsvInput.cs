using System.Collections.Immutable;
using System.Text;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Sources.Csv;

/// <summary>One opened file, read up to its first record: lines skipped, separator known, header read.</summary>
internal sealed class CsvInput : IAsyncDisposable
{
    private const int MaxHeaderFields = 16384;

    private readonly Stream _stream;

    private CsvInput(int index, string label, long? bytes, DecodedInput decoded, long maxRowBytes)
    {
        Bytes = bytes;
        Index = index;
        Label = label;
        _stream = decoded.Stream;
        Charset = decoded.Charset;
        Buffer = new RefillBuffer(decoded.Stream, decoded.Charset, decoded.FirstOffset, Math.Max(maxRowBytes, BufferSizes.Sample));
        Line = decoded.FirstLine;
        Dialect = new CsvDialect("\t", "\"", "\"\"", escapeFollowing: false, "\n", trim: true);
    }

    /// <summary>0-based, among the inputs of the load.</summary>
    public int Index { get; }

    public string Label { get; }

    /// <summary>Source bytes in all, when known.</summary>
    public long? Bytes { get; }

    public RefillBuffer Buffer { get; }

    public SourceCharset Charset { get; }

    public CsvDialect Dialect { get; private set; }

    /// <summary>1-based line at which the buffer stands.</summary>
    public long Line { get; private set; }

    /// <summary>Names from the header; null without <c>csv header</c>, and for an input without any record.</summary>
    public ImmutableArray<string>? Header { get; private set; }

    /// <summary>Empty lines that were passed on the way to the header.</summary>
    public long EmptyLines { get; private set; }

    /// <exception cref="SourceException">The input cannot be opened, or its header cannot be read.</exception>
    public static async Task<CsvInput> OpenAsync(
        InputFile file, int index, CsvSourceSettings settings, CsvNotices? notices, CancellationToken ct)
    {
        var opened = await file.OpenAsync(ct).ConfigureAwait(false);
        CsvInput? input = null;
        try
        {
            var decoded = await CharsetDecoder.OpenAsync(opened, settings.EncodingName, settings.BytesRead, ct).ConfigureAwait(false);
            input = new CsvInput(index, file.Label, opened.Bytes, decoded, settings.MaxRowBytes);
            await input.PrepareAsync(settings, notices, ct).ConfigureAwait(false);
            return input;
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

    /// <summary>The names that the first record of a sample would give; empty when it cannot be read.</summary>
    public static ImmutableArray<string> HeaderOf(ReadOnlySpan<byte> sample, bool isWhole, CsvDialect dialect)
    {
        var parser = new CsvParser(dialect, MaxHeaderFields);
        while (sample.Length > 0 && parser.Parse(sample, isWhole) == CsvStatus.Record)
        {
            if (!parser.IsEmptyLine)
            {
                return Names(parser, dialect, sample);
            }

            sample = sample[parser.Position..];
        }

        return [];
    }

    public static SourceException ReadError(string label, Exception failure) =>
        new($"{Printable.Escape(label)} cannot be read any further: {Printable.Escape(failure.Message)}", null, failure);

    public async ValueTask DisposeAsync()
    {
        Buffer.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task PrepareAsync(CsvSourceSettings settings, CsvNotices? notices, CancellationToken ct)
    {
        var options = settings.Options;
        if (!options.IsLineTerminatorWritten)
        {
            await RefuseBareReturnsAsync(options.Quote, ct).ConfigureAwait(false);
        }

        await SkipLinesAsync(options.SkipLines, Encoding.UTF8.GetBytes(options.LineTerminator), ct).ConfigureAwait(false);
        if (options.Separator is null)
        {
            await Buffer.EnsureAsync(BufferSizes.Sample, ct).ConfigureAwait(false);
            var sample = Buffer.Bytes.AsMemory(Buffer.Start, Buffer.Length);
            var guess = CsvGuess.Guess(sample.Span, Buffer.IsFinal, settings);
            Dialect = guess.Dialect;
            if (Buffer.Length > 0)
            {
                notices?.Add(guess.Describe(Label));
            }
        }
        else
        {
            Dialect = CsvDialect.From(options, options.Separator);
        }

        if (options.HasHeader)
        {
            await ReadHeaderAsync(settings.MaxRowBytes, ct).ConfigureAwait(false);
        }
    }

    // Lines that end in CR alone would all be one record, of which the first fields are loaded.
    private async Task RefuseBareReturnsAsync(string? quote, CancellationToken ct)
    {
        while (Buffer.Length < BufferSizes.Sample && !Buffer.IsFinal && !Buffer.Bytes.AsSpan(Buffer.Start, Buffer.Length).Contains((byte)'\n'))
        {
            await Buffer.FillAsync(ct).ConfigureAwait(false);
        }

        if (HasBareReturnsOnly(Buffer.Bytes.AsSpan(Buffer.Start, Buffer.Length), quote is { Length: 1 } ? (byte)quote[0] : (byte)0))
        {
            throw new SourceException(
                $"The lines of {Printable.Escape(Label)} end in a carriage return (CR) without a newline, as on old Macintosh systems",
                "Write WITH lines terminated by '\\r'");
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

    private async Task SkipLinesAsync(long lines, byte[] terminator, CancellationToken ct)
    {
        for (var skipped = 0L; skipped < lines;)
        {
            var at = Buffer.Bytes.AsSpan(Buffer.Start, Buffer.Length).IndexOf(terminator);
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

    private async Task ReadHeaderAsync(long maxRowBytes, CancellationToken ct)
    {
        var parser = new CsvParser(Dialect, MaxHeaderFields);
        while (true)
        {
            if (Buffer.Length > 0)
            {
                var status = parser.Parse(Buffer.Bytes.AsSpan(Buffer.Start, Buffer.Length), Buffer.IsFinal);
                if (status is CsvStatus.StrayQuote or CsvStatus.OpenQuote)
                {
                    throw HeaderError(status == CsvStatus.OpenQuote ? "a quote that opens in it never ends" : "text follows a closing quote");
                }

                if (status == CsvStatus.Record)
                {
                    if (TakeHeader(parser))
                    {
                        return;
                    }

                    continue;
                }

                if (Buffer.Length > maxRowBytes)
                {
                    throw HeaderError($"it is longer than max row size ({CsvMessages.Size(maxRowBytes)})");
                }
            }

            if (Buffer.IsFinal)
            {
                return;
            }

            await Buffer.FillAsync(ct).ConfigureAwait(false);
        }
    }

    // False: an empty line, the header is still to come.
    private bool TakeHeader(CsvParser parser)
    {
        var record = Buffer.Bytes.AsSpan(Buffer.Start, parser.Position);
        if (!parser.IsEmptyLine)
        {
            if (!Charset.IsValid(record))
            {
                throw HeaderError($"it is not valid {Charset.Name}");
            }

            if (parser.FieldCount > MaxHeaderFields)
            {
                throw HeaderError($"it has {parser.FieldCount} fields, more than {MaxHeaderFields}");
            }

            Header = Names(parser, Dialect, record);
        }

        Buffer.Start += record.Length;
        Line += parser.HasQuotes ? record.Count(Dialect.Terminator) : 1;
        EmptyLines += parser.IsEmptyLine ? 1 : 0;
        return !parser.IsEmptyLine;
    }

    private static ImmutableArray<string> Names(CsvParser parser, CsvDialect dialect, ReadOnlySpan<byte> record)
    {
        var unescape = new CsvUnescape(dialect, parser);
        var names = ImmutableArray.CreateBuilder<string>(parser.FieldCount);
        foreach (var field in parser.Fields)
        {
            var text = record.Slice(field.Start, field.Length);
            if (field.Kind == CsvFieldKind.Escaped)
            {
                var value = new System.Buffers.ArrayBufferWriter<byte>();
                unescape.Write(text, value);
                names.Add(Encoding.UTF8.GetString(value.WrittenSpan));
            }
            else
            {
                names.Add(Encoding.UTF8.GetString(text));
            }
        }

        return names.DrainToImmutable();
    }

    private SourceException HeaderError(string what) =>
        new($"The header in line {Line} of {Printable.Escape(Label)} cannot be read: {what}",
            "Check the separator, the quote and the encoding of the file");
}
