using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Diagnostics;

namespace Sluice.Sources;

/// <summary>Text files as a source: one unit for each input.</summary>
internal sealed class TextSource(TextSourceSettings settings, ITextFormat format) : ISource
{
    // Inputs that can be read only once are opened when the units are made and kept until their unit is read.
    private readonly ConcurrentDictionary<int, ITextInput> _opened = new();

    /// <summary>What a user should know at the end. Grows while units are read.</summary>
    public TextNotices Notices { get; } = new();

    ImmutableArray<string> ISource.Notices => Notices.Texts;

    /// <summary>
    /// Opens what can be read only once, so that a download that fails does so before anything is written, and looks at the beginning of
    /// the files where their format wants it. The units are <see cref="TextUnit"/>s.
    /// </summary>
    public async Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct)
    {
        var units = new List<TextUnit>();
        var recordless = new List<int>();
        for (var i = 0; i < settings.Inputs.Count; i++)
        {
            var file = settings.Inputs[i];
            var bytes = file.Bytes;
            ImmutableArray<Commands.FieldSpec>? header = null;
            if (!file.CanReopen)
            {
                var input = await format.OpenAsync(file, i, Notices, settings.BytesRead, ct).ConfigureAwait(false);
                _opened[i] = input;
                header = input.Header;
                bytes ??= input.Bytes;
            }
            else if (format.LooksFirst)
            {
                var input = await format.OpenAsync(file, i, notices: null, bytesRead: null, ct).ConfigureAwait(false);
                await using var closing = input.ConfigureAwait(false);
                header = input.Header;
            }

            if (format.HasHeader && header is null)
            {
                recordless.Add(i);
            }

            var layout = FieldLayout.Build(settings, header, file.Label, Notices);
            units.Add(new TextUnit(i, file.Label, bytes, [.. layout.Columns.Select(c => c.Name)]));
        }

        // A file without any record says nothing about columns: it must not look different from the others.
        var named = units.FirstOrDefault(u => !recordless.Contains(u.Index));
        return [.. units.Select(u => named is not null && recordless.Contains(u.Index) ? u with { Columns = named.Columns } : u)];
    }

    public async Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        var input = _opened.TryRemove(unit.Index, out var kept) ? kept : await TryOpenAsync(unit.Index, ct).ConfigureAwait(false);
        if (input is null)
        {
            return;
        }

        await using (input.ConfigureAwait(false))
        {
            var layout = FieldLayout.Build(settings, input.Header, input.Label, notices: null);
            if ((input.Header is not null || !format.HasHeader) && !unit.Columns.SequenceEqual(layout.Columns.Select(c => c.Name), StringComparer.Ordinal))
            {
                throw new SourceException($"The header of {Printable.Escape(input.Label)} changed while the load was being prepared");
            }

            await input.ReadAsync(layout, rows, Notices, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened.Keys)
        {
            if (_opened.TryRemove(index, out var input))
            {
                await input.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // Null: drained before there was a first record.
    private async Task<ITextInput?> TryOpenAsync(int index, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, settings.Drain);
        try
        {
            return await format.OpenAsync(settings.Inputs[index], index, Notices, settings.BytesRead, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
