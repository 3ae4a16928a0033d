using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Sources.Fixed;

/// <summary>One opened file, read up to its first line of data.</summary>
internal sealed class FixedInput : ITextInput
{
    private const int MaxHeaderFields = 16384;

    private readonly TextInput _text;
    private readonly FixedSourceSettings _settings;

    private FixedInput(TextInput text, FixedSourceSettings settings)
    {
        _text = text;
        _settings = settings;
    }

    public string Label => _text.Label;

    public long? Bytes => _text.Bytes;

    /// <summary>Null without <c>fixed header</c>, and for an input without any line.</summary>
    public ImmutableArray<FieldSpec>? Header { get; private set; }

    /// <exception cref="SourceException">The input cannot be opened, or its header cannot be read.</exception>
    public static Task<FixedInput> OpenAsync(InputFile file, int index, FixedSourceSettings settings, Action<long>? bytesRead, CancellationToken ct) =>
        TextInput.OpenAsync(file, index, settings, bytesRead, async (text, token) =>
        {
            await text.RefuseBareReturnsAsync(0, "Turn them into newlines first, for example: tr '\\r' '\\n'", token).ConfigureAwait(false);
            await text.SkipLinesAsync(settings.Options.SkipLines, "\n"u8.ToArray(), token).ConfigureAwait(false);
            var input = new FixedInput(text, settings);
            if (settings.Options.HasHeader)
            {
                await input.ReadHeaderAsync(token).ConfigureAwait(false);
            }

            return input;
        }, ct);

    public Task ReadAsync(FieldLayout layout, RowWriter rows, TextNotices notices, CancellationToken ct) =>
        new FixedReader(_text, layout, _settings).ReadAsync(rows, notices, _settings.Drain, ct);

    public ValueTask DisposeAsync() => _text.DisposeAsync();

    private async Task ReadHeaderAsync(CancellationToken ct)
    {
        var buffer = _text.Buffer;
        int end;
        while ((end = _text.Window.IndexOf((byte)'\n')) < 0 && !buffer.IsFinal && buffer.Length <= _settings.MaxRowBytes)
        {
            await buffer.FillAsync(ct).ConfigureAwait(false);
        }

        if ((end < 0 ? buffer.Length : end) > _settings.MaxRowBytes)
        {
            throw HeaderError($"it is longer than max row size ({RecordMessages.Size(_settings.MaxRowBytes)})");
        }

        if (buffer.Length > 0)
        {
            TakeHeader(end < 0 ? buffer.Length : end + 1);
        }
    }

    private void TakeHeader(int length)
    {
        var line = _text.Window[..length];
        if (!_text.Charset.IsValid(line))
        {
            throw HeaderError($"it is not valid {_text.Charset.Name}");
        }

        Header = FixedHeader.Fields(Encoding.UTF8.GetString(line).TrimEnd('\n').TrimEnd('\r'));
        if (_settings.Fields.IsEmpty && Header is { Length: 0 or > MaxHeaderFields } fields)
        {
            throw HeaderError(fields.IsEmpty ? "it names no field" : $"it has {fields.Length} fields, more than {MaxHeaderFields}");
        }

        _text.Buffer.Start += length;
        _text.Line++;
    }

    private SourceException HeaderError(string what) =>
        _text.HeaderError(what, "Check skip header and the encoding of the file, or write a field list: (name from 0 for 10, …)");
}
