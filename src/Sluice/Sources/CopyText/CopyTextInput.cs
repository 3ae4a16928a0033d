using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Sources.CopyText;

/// <summary>One opened file, read up to its first record.</summary>
internal sealed class CopyTextInput : ITextInput
{
    private const int SignatureBytes = 16;

    private readonly TextInput _text;
    private readonly CopyTextSettings _settings;

    private CopyTextInput(TextInput text, CopyTextSettings settings)
    {
        _text = text;
        _settings = settings;
    }

    public string Label => _text.Label;

    public long? Bytes => _text.Bytes;

    public ImmutableArray<FieldSpec>? Header => null;

    /// <exception cref="SourceException">The input cannot be opened, or is in another format of COPY.</exception>
    public static Task<CopyTextInput> OpenAsync(InputFile file, int index, CopyTextSettings settings, Action<long>? bytesRead, CancellationToken ct) =>
        TextInput.OpenAsync(file, index, settings, bytesRead, async (text, token) =>
        {
            await text.Buffer.EnsureAsync(SignatureBytes, token).ConfigureAwait(false);
            RefuseBinary(text);
            await text.RefuseBareReturnsAsync(0, "Turn them into newlines first, for example: tr '\\r' '\\n'", token).ConfigureAwait(false);
            await text.SkipLinesAsync(settings.Options.SkipLines, "\n"u8.ToArray(), token).ConfigureAwait(false);
            return new CopyTextInput(text, settings);
        }, ct);

    public Task ReadAsync(FieldLayout layout, RowWriter rows, TextNotices notices, CancellationToken ct) =>
        new CopyTextReader(_text, layout, _settings).ReadAsync(rows, notices, ct);

    public ValueTask DisposeAsync() => _text.DisposeAsync();

    // https://www.postgresql.org/docs/current/sql-copy.html, file header of the binary format: between these two stands a byte 0xFF.
    private static void RefuseBinary(TextInput text)
    {
        if (text.Window.StartsWith("PGCOPY\n"u8) && text.Window[..Math.Min(SignatureBytes, text.Window.Length)].IndexOf("\r\n\0"u8) > 0)
        {
            throw new SourceException($"{Printable.Escape(text.Label)} is in COPY's binary format, which is not read; text was expected",
                "Write it again with COPY … TO … (FORMAT text), or load it with psql: \\copy table FROM file (FORMAT binary)");
        }
    }
}
