// hot path
using System.Buffers.Binary;
using Npgsql;
using Sluice.Batches;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Sources.Postgres;

/// <summary>Reads one COPY TO STDOUT to its end.</summary>
internal sealed class CopyOut(NpgsqlConnection connection, string sql, RowEncoding encoding, TableReading reading)
{
    private readonly ReadBytes _read = new(reading.BytesRead);

    /// <summary>Hands rows on as they come.</summary>
    public async Task RelayAsync(ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        var (stream, closing) = await OpenAsync(ct).ConfigureAwait(false);
        await using var ending = closing.ConfigureAwait(false);
        using var cancelling = ct.Register(() => _ = CancelAsync(stream));
        if (encoding == RowEncoding.CopyBinary)
        {
            await SkipHeaderAsync(stream, ct).ConfigureAwait(false);
        }

        await rows.BeginEncodedAsync(encoding, new RowOrigin(unit.Index, 1, -1), ct).ConfigureAwait(false);
        while (true)
        {
            // A read gives one row: cancelling is asked for once, not with each.
            var pending = stream.ReadAsync(rows.EncodedSpace(), CancellationToken.None);
            var read = pending.IsCompletedSuccessfully ? pending.Result : await pending.ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            _read.Add(read);
            if (rows.AdvanceEncoded(read))
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
                if (reading.Drain.IsCancellationRequested)
                {
                    await CancelAsync(stream).ConfigureAwait(false);
                    rows.EndEncoded();
                    return;
                }
            }
        }

        if (!rows.EndEncoded())
        {
            throw new SourceException($"The server ended the rows of {unit.Label} in the middle of one");
        }

        _read.Tell();
    }

    /// <summary>Takes rows apart: some columns are transformed.</summary>
    public async Task ReadFieldsAsync(ReadUnit unit, RowWriter rows, CancellationToken ct)
    {
        var (stream, closing) = await OpenAsync(ct).ConfigureAwait(false);
        await using var ending = closing.ConfigureAwait(false);
        using var cancelling = ct.Register(() => _ = CancelAsync(stream));
        var fields = new CopyTextFields(reading.Columns, unit.Index, reading.EncodingName is { } name ? TextDecoder.Of(name) : null);
        while (true)
        {
            var read = await stream.ReadAsync(fields.Space(), CancellationToken.None).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            _read.Add(read);
            fields.Advance(read);
            while (fields.WriteRows(rows))
            {
                await rows.FlushAsync(ct).ConfigureAwait(false);
                if (reading.Drain.IsCancellationRequested)
                {
                    await CancelAsync(stream).ConfigureAwait(false);
                    return;
                }
            }
        }

        if (fields.HasRest)
        {
            throw new SourceException($"The server ended the rows of {unit.Label} in the middle of one");
        }

        _read.Tell();
    }

    private async Task<(Stream Stream, IAsyncDisposable Closing)> OpenAsync(CancellationToken ct)
    {
        if (encoding == RowEncoding.CopyBinary)
        {
            var stream = await connection.BeginRawBinaryCopyAsync(sql, ct).ConfigureAwait(false);
            return (stream, new Ending(stream, stream));
        }

        var reader = (StreamReader)await connection.BeginTextExportAsync(sql, ct).ConfigureAwait(false);
        return (reader.BaseStream, new Ending((NpgsqlRawCopyStream)reader.BaseStream, reader));
    }

    // Signature, flags, and the extension that they announce.
    private static async Task SkipHeaderAsync(Stream stream, CancellationToken ct)
    {
        var header = new byte[CopyBinaryFormat.Header.Length];
        await stream.ReadExactlyAsync(header, ct).ConfigureAwait(false);
        var extension = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(^sizeof(int)))];
        await stream.ReadExactlyAsync(extension, ct).ConfigureAwait(false);
    }

    private static async Task CancelAsync(Stream stream)
    {
        try
        {
            await ((NpgsqlRawCopyStream)stream).CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Its answer, that it was cancelled, or a connection that is gone.
        }
    }

    // Npgsql's dispose would read all the rows that are left: what was not read to its end is cancelled first.
    private sealed class Ending(NpgsqlRawCopyStream stream, IDisposable owner) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await CancelAsync(stream).ConfigureAwait(false);
            try
            {
                owner.Dispose();
            }
            catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // As above.
            }
        }
    }
}
