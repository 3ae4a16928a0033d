using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Diagnostics;

namespace Sluice.Sources.Csv;

/// <summary>CSV files as a source: one unit for each input.</summary>
public sealed class CsvSource(CsvSourceSettings settings) : ISource
{
    // Inputs that can be read only once are opened when the units are made and kept until their unit is read.
    private readonly ConcurrentDictionary<int, CsvInput> _opened = new();

    /// <summary>What a user should know at the end. Grows while units are read.</summary>
    public CsvNotices Notices { get; } = new();

    ImmutableArray<string> ISource.Notices => Notices.Texts;

    private bool NamesComeFromHeader => settings.Options.HasHeader && settings.Fields.IsEmpty;

    /// <summary>
    /// Opens what can be read only once, so that a download that fails does so before anything is written, and looks at the beginning of
    /// every file for its header and its line ends.
    /// The units are <see cref="CsvUnit"/>s.
    /// </summary>
    public async Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct)
    {
        var units = new List<CsvUnit>();
        var recordless = new List<int>();
        for (var i = 0; i < settings.Inputs.Count; i++)
        {
            var file = settings.Inputs[i];
            var bytes = file.Bytes;
            IReadOnlyList<string>? header = null;
            if (!file.CanReopen)
            {
                var input = await CsvInput.OpenAsync(file, i, settings, Notices, ct).ConfigureAwait(false);
                _opened[i] = input;
                header = input.Header;
                bytes ??= input.Bytes;
            }
            else if (NamesComeFromHeader || !settings.Options.IsLineTerminatorWritten)
            {
                header = await PeekHeaderAsync(i, ct).ConfigureAwait(false);
            }

            if (NamesComeFromHeader && header is null)
            {
                recordless.Add(i);
            }

            var layout = CsvLayout.Build(settings, header, file.Label, Notices);
            units.Add(new CsvUnit(i, file.Label, bytes, [.. layout.Columns.Select(c => c.Name)]));
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
            var layout = CsvLayout.Build(settings, input.Header, input.Label, notices: null);
            if ((input.Header is not null || !NamesComeFromHeader) && unit is CsvUnit csv
                && !csv.Columns.SequenceEqual(layout.Columns.Select(c => c.Name), StringComparer.Ordinal))
            {
                throw new SourceException($"The header of {Printable.Escape(input.Label)} changed while the load was being prepared");
            }

            for (var i = 0L; i < input.EmptyLines; i++)
            {
                rows.Skip();
            }

            await new CsvReader(input, layout, settings).ReadAsync(rows, Notices, settings.Drain, ct).ConfigureAwait(false);
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
    private async Task<CsvInput?> TryOpenAsync(int index, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, settings.Drain);
        try
        {
            return await CsvInput.OpenAsync(settings.Inputs[index], index, settings, Notices, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<ImmutableArray<string>?> PeekHeaderAsync(int index, CancellationToken ct)
    {
        var quiet = settings with { BytesRead = null };
        var input = await CsvInput.OpenAsync(settings.Inputs[index], index, quiet, notices: null, ct).ConfigureAwait(false);
        await using (input.ConfigureAwait(false))
        {
            return input.Header;
        }
    }
}
