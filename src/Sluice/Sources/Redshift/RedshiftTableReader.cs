using System.Collections.Immutable;
using System.IO.Compression;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Locations.S3;

namespace Sluice.Sources.Redshift;

/// <summary>One table's rows: streamed over the session, or from the files of an UNLOAD.</summary>
internal sealed class RedshiftTableReader(RedshiftSession session, RedshiftTable table, TableReading reading, RedshiftUnloads? unloads) : ISource
{
    private const int ReportBytes = 1 << 20;

    public ImmutableArray<string> Notices => [];

    private ImmutableArray<string> Targets => [.. reading.Columns.Select(column => column.Target)];

    public async Task<IReadOnlyList<ReadUnit>> SplitAsync(CancellationToken ct)
    {
        if (unloads is null)
        {
            return [new RedshiftUnit(0, table.Name.ToString(), null, Targets)];
        }

        var unloaded = await unloads.UnloadAsync(table, reading, ct).ConfigureAwait(false);
        return [.. unloaded.Files.Select((file, i) => new RedshiftUnit(i, file.Url, file, Targets))];
    }

    public Task ReadAsync(ReadUnit unit, RowWriter rows, CancellationToken ct) => unit is RedshiftUnit { File: { } file } && unloads is not null
        ? ReadFileAsync(unloads, file, unit, rows, ct)
        : session.UseAsync($"table {table.Name}", [], async connection =>
        {
            await new RedshiftSelect(table, reading).ReadAsync(connection, RedshiftQuery.Select(table, reading.Columns), unit, rows, ct).ConfigureAwait(false);
            return true;
        }, ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ReadFileAsync(RedshiftUnloads all, UnloadedFile file, ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        var parser = new UnloadedRows(new RedshiftFields(reading.Columns, table), all.NullMarker, unit.Index);
        try
        {
            var download = all.Download(file);
            await using var closing = download.ConfigureAwait(false);
            var content = Unpacked(download, all.Compression);
            await using var unpacking = content.ConfigureAwait(false);
            if (!await ReadAsync(download, content, parser, rows, ct).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (TargetException e)
        {
            throw new SourceException($"The source, table {table.Name}: {e.Message}", e.Hint, e);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or IOException or ZstdSharp.ZstdException)
        {
            throw new SourceException($"The file {file.Url} of table {table.Name} is damaged behind row {parser.Rows}", "load again; WITH no unload reads the table without S3", e);
        }

        if (parser.HasRest || parser.Rows != file.Rows)
        {
            throw new SourceException(
                FormattableString.Invariant($"The file {file.Url} of table {table.Name} ends after {parser.Rows} of its {file.Rows} rows"), "load again; WITH no unload reads the table without S3");
        }

        await all.DeleteAsync(file, ct).ConfigureAwait(false);
    }

    // False: reading was to stop.
    private async Task<bool> ReadAsync(Stream download, Stream content, UnloadedRows parser, RowWriter rows, CancellationToken ct)
    {
        long reported = 0;
        while (await content.ReadAsync(parser.Space(), ct).ConfigureAwait(false) is > 0 and var read)
        {
            parser.Advance(read);
            while (parser.WriteRows(rows))
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
                if (reading.Drain.IsCancellationRequested)
                {
                    return false;
                }
            }

            if (download.Position - reported >= ReportBytes)
            {
                reading.BytesRead?.Invoke(download.Position - reported);
                reported = download.Position;
            }
        }

        reading.BytesRead?.Invoke(download.Position - reported);
        return true;
    }

    private static Stream Unpacked(Stream download, Compression compression) => compression switch
    {
        Compression.Gzip => new GZipStream(download, CompressionMode.Decompress, leaveOpen: true),
        Compression.Zstd => new ZstdSharp.DecompressionStream(download, leaveOpen: true),
        _ => new BufferedStream(download),
    };
}

/// <summary>A table that is streamed, or a file of it.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Label">For messages.</param>
/// <param name="File">Null: the table is streamed.</param>
/// <param name="Columns">Target columns.</param>
internal sealed record RedshiftUnit(int Index, string Label, UnloadedFile? File, ImmutableArray<string> Columns) : ReadUnit(Index, Label, File?.Bytes)
{
    public override ImmutableArray<string> Columns { get; init; } = Columns;
}
