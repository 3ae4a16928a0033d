using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;
using BufferSizes = Sluice.Locations.BufferSizes;

namespace Sluice.Sources.Csv;

/// <summary>One opened file, read up to its first record: lines skipped, separator known, header read.</summary>
internal sealed class CsvInput : ITextInput
{
    private const int MaxHeaderFields = 16384;

    private readonly CsvSourceSettings _settings;

    private CsvInput(TextInput text, CsvSourceSettings settings)
    {
        Text = text;
        _settings = settings;
        Dialect = new CsvDialect("\t", "\"", "\"\"", escapeFollowing: false, "\n", trim: true);
    }

    public TextInput Text { get; }

    public string Label => Text.Label;

    public long? Bytes => Text.Bytes;

    public CsvDialect Dialect { get; private set; }

    /// <summary>Names from the header; null without <c>csv header</c>, and for an input without any record.</summary>
    public ImmutableArray<FieldSpec>? Header { get; private set; }

    /// <summary>Empty lines that were passed on the way to the header.</summary>
    public long EmptyLines { get; private set; }

    private RefillBuffer Buffer => Text.Buffer;

    /// <exception cref="SourceException">The input cannot be opened, or its header cannot be read.</exception>
    public static Task<CsvInput> OpenAsync(
        InputFile file, int index, CsvSourceSettings settings, TextNotices? notices, Action<long>? bytesRead, CancellationToken ct) =>
        TextInput.OpenAsync(file, index, settings, bytesRead, async (text, token) =>
        {
            var input = new CsvInput(text, settings);
            await input.PrepareAsync(settings, notices, token).ConfigureAwait(false);
            return input;
        }, ct);

    public async Task ReadAsync(FieldLayout layout, RowWriter rows, TextNotices notices, CancellationToken ct)
    {
        for (var i = 0L; i < EmptyLines; i++)
        {
            rows.Skip();
        }

        await new CsvReader(this, layout, _settings).ReadAsync(rows, notices, _settings.Drain, ct).ConfigureAwait(false);
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

    public ValueTask DisposeAsync() => Text.DisposeAsync();

    private async Task PrepareAsync(CsvSourceSettings settings, TextNotices? notices, CancellationToken ct)
    {
        var options = settings.Options;
        if (!options.IsLineTerminatorWritten)
        {
            await Text.RefuseBareReturnsAsync(
                options.Quote is { Length: 1 } quote ? (byte)quote[0] : (byte)0, "Write WITH lines terminated by '\\r'", ct).ConfigureAwait(false);
        }

        await Text.SkipLinesAsync(options.SkipLines, Encoding.UTF8.GetBytes(options.LineTerminator), ct).ConfigureAwait(false);
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

    private async Task ReadHeaderAsync(long maxRowBytes, CancellationToken ct)
    {
        var parser = new CsvParser(Dialect, MaxHeaderFields);
        while (true)
        {
            if (Buffer.Length > 0)
            {
                var status = parser.Parse(Text.Window, Buffer.IsFinal);
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
                    throw HeaderError($"it is longer than max row size ({RecordMessages.Size(maxRowBytes)})");
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
            if (!Text.Charset.IsValid(record))
            {
                throw HeaderError($"it is not valid {Text.Charset.Name}");
            }

            if (parser.FieldCount > MaxHeaderFields)
            {
                throw HeaderError($"it has {parser.FieldCount} fields, more than {MaxHeaderFields}");
            }

            Header = [.. Names(parser, Dialect, record).Select(name => new FieldSpec { Name = name })];
        }

        Buffer.Start += record.Length;
        Text.Line += parser.HasQuotes ? record.Count(Dialect.Terminator) : 1;
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
            if (field.Kind == TextFieldKind.Escaped)
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

    private SourceException HeaderError(string what) => Text.HeaderError(what, "Check the separator, the quote and the encoding of the file");
}
