using System.Diagnostics;
using Npgsql;
using Sluice.Batches;
using Sluice.Catalog;

namespace Sluice.Postgres;

/// <summary>
/// Rows on their way into a table: <see cref="CompleteAsync"/> keeps them, dispose without it abandons them. (Npgsql's own
/// text writer keeps what was sent when it is disposed, after an exception too.)
/// </summary>
#pragma warning disable CA1711 // not a System.IO.Stream, but the word is the protocol's
public sealed class CopyStream : IAsyncDisposable
#pragma warning restore CA1711
{
    private const int MessageBytes = 128 << 10;

    private readonly IAsyncDisposable _writer;
    private readonly NpgsqlRawCopyStream _stream;
    private readonly RowEncoding _encoding;
    private State _state;

    private CopyStream(IAsyncDisposable writer, NpgsqlRawCopyStream stream, RowEncoding encoding)
    {
        _writer = writer;
        _stream = stream;
        _encoding = encoding;
    }

    private enum State
    {
        Open,
        Ended,
    }

    /// <summary>The statement that <see cref="BeginAsync"/> sends, for plans and logs.</summary>
    public static string Sql(QualifiedName table, IReadOnlyList<string> columns, RowEncoding encoding)
    {
        var list = columns.Count == 0 ? "" : $" ({string.Join(", ", columns.Select(Identifier.Quote))})";
        return $"COPY {Identifier.Quote(table)}{list} FROM STDIN WITH (FORMAT {(encoding == RowEncoding.CopyBinary ? "binary" : "text")})";
    }

    /// <summary>Starts COPY FROM STDIN. The connection is busy until the stream is completed or disposed.</summary>
    /// <exception cref="PostgresException">The server refuses the statement.</exception>
    public static async Task<CopyStream> BeginAsync(
        NpgsqlConnection connection, QualifiedName table, IReadOnlyList<string> columns, RowEncoding encoding, CancellationToken ct)
    {
        var sql = Sql(table, columns, encoding);
        if (encoding == RowEncoding.CopyText)
        {
            var writer = await connection.BeginTextImportAsync(sql, ct).ConfigureAwait(false);
            return new CopyStream(writer, (NpgsqlRawCopyStream)writer.BaseStream, encoding);
        }

        var stream = await connection.BeginRawBinaryCopyAsync(sql, ct).ConfigureAwait(false);
        var result = new CopyStream(stream, stream, encoding);
        try
        {
            await stream.WriteAsync(CopyBinaryFormat.Header, ct).ConfigureAwait(false);
            return result;
        }
        catch
        {
            await result.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends whole or partial rows. Errors of the server mostly show at <see cref="CompleteAsync"/>.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> rows, CancellationToken ct)
    {
        Debug.Assert(_state == State.Open, "nothing is written after the end");
        // The server works on a message once it has all of it: in pieces it works while the next ones are on their way.
        for (var start = 0; start < rows.Length; start += MessageBytes)
        {
            await _stream.WriteAsync(rows.Slice(start, Math.Min(MessageBytes, rows.Length - start)), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the COPY and waits for the server's verdict on all rows.</summary>
    /// <exception cref="PostgresException">The server refused a row, or failed: no row of this COPY is kept. The connection stays usable.</exception>
    public async Task CompleteAsync(CancellationToken ct)
    {
        Debug.Assert(_state == State.Open, "completed once");
        if (_encoding == RowEncoding.CopyBinary)
        {
            await _stream.WriteAsync(CopyBinaryFormat.Trailer, ct).ConfigureAwait(false);
        }

        // The last moment to be cancelled: from here on only the server knows the outcome.
        ct.ThrowIfCancellationRequested();
        _state = State.Ended;
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Abandons the rows unless completed. Never throws: a connection that broke on the way is seen at its next use.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_state == State.Ended)
        {
            return;
        }

        _state = State.Ended;
        try
        {
            await _stream.CancelAsync().ConfigureAwait(false);
            await _writer.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException
            or OperationCanceledException or NullReferenceException)
        {
            // The server had refused the COPY already, or the connection is gone: both mean that no row was kept.
            // NullReferenceException: Npgsql 10.0.3's CancelAsync throws it when the session was ended by the server (57P01).
        }
    }
}
