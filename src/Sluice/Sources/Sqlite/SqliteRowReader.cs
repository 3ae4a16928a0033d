// hot path
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Unicode;
using Microsoft.Data.Sqlite;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Locations;
using SQLitePCL;

namespace Sluice.Sources.Sqlite;

/// <summary>Steps through a statement and writes its values as they lie in SQLite's memory.</summary>
internal sealed class SqliteRowReader
{
    private const int ReportBytes = 1 << 20;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly ImmutableArray<ReadColumn> _columns;
    private readonly Transform?[] _ofText;
    private readonly Transform?[] _ofBytes;
    private readonly bool _hasRowId;
    private readonly Action<long>? _bytesRead;
    private readonly TextDecoder? _decoder;
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly ArrayBufferWriter<byte> _hex = new();
    private readonly byte[] _number = new byte[64];
    private long _row;
    private long _bytes;

    public SqliteRowReader(sqlite3 database, sqlite3_stmt statement, ImmutableArray<ReadColumn> columns, bool hasRowId, Action<long>? bytesRead, TextDecoder? decoder = null)
    {
        _database = database;
        _statement = statement;
        _columns = columns;
        _ofText = [.. columns.Select(column => column.Using?.Invoke(TransformInput.Text))];
        _ofBytes = [.. columns.Select(column => column.Using?.Invoke(TransformInput.Bytes))];
        _hasRowId = hasRowId;
        _bytesRead = bytesRead;
        _decoder = decoder;
    }

    /// <summary>Reads until a batch is full (true) or nothing is left (false).</summary>
    /// <exception cref="SqliteException">The next row cannot be read.</exception>
    public bool ReadBatch(RowWriter rows, CancellationToken drain, CancellationToken ct)
    {
        while (!drain.IsCancellationRequested)
        {
            ct.ThrowIfCancellationRequested();
            var result = raw.sqlite3_step(_statement);
            if (result != raw.SQLITE_ROW)
            {
                SqliteException.ThrowExceptionForRC(result, _database);
                break;
            }

            if (WriteRow(rows))
            {
                return true;
            }
        }

        Report(0);
        return false;
    }

    private bool WriteRow(RowWriter rows)
    {
        _row++;
        var origin = new RowOrigin(0, _hasRowId ? raw.sqlite3_column_int64(_statement, _columns.Length) : _row, -1);
        for (var i = 0; i < _columns.Length; i++)
        {
            try
            {
                if (!WriteField(rows, i))
                {
                    Reject(rows, origin, i, RejectStage.Encoding, _decoder is null ? "The text is not valid UTF-8" : "The text is not valid in the source's encoding");
                    return false;
                }
            }
            catch (TransformException e)
            {
                Reject(rows, origin, i, RejectStage.Transform, e.Message);
                return false;
            }
        }

        return rows.EndRow(origin);
    }

    // False: bytes that are no text where text is wanted.
    private bool WriteField(RowWriter rows, int column)
    {
        switch (raw.sqlite3_column_type(_statement, column))
        {
            case raw.SQLITE_NULL:
                rows.WriteNull();
                return true;
            case raw.SQLITE_INTEGER:
                var integer = raw.sqlite3_column_int64(_statement, column);
                if (_columns[column].Kind == ReadColumnKind.Boolean && _ofText[column] is null && integer is 0 or 1)
                {
                    rows.WriteText(integer == 1 ? "t"u8 : "f"u8);
                    return true;
                }

                Utf8Formatter.TryFormat(integer, _number, out var digits);
                return WriteText(rows, column, _number.AsSpan(0, digits));
            case raw.SQLITE_FLOAT:
                // The shortest spelling that gives the same number again; SQLite's own stops at 15 digits.
                Utf8Formatter.TryFormat(raw.sqlite3_column_double(_statement, column), _number, out var length);
                return WriteText(rows, column, _number.AsSpan(0, length));
            case raw.SQLITE_TEXT:
                var text = Text(column);
                Report(text.Length);
                return (_decoder is null ? Utf8.IsValid(text) : _decoder.TryDecode(text, out text)) && WriteText(rows, column, text);
            default:
                var bytes = raw.sqlite3_column_blob(_statement, column);
                Report(bytes.Length);
                return WriteBytes(rows, column, bytes);
        }
    }

    // Asking for text turns a UTF-16 value into UTF-8; asking for bytes then gives all of it, zero bytes too.
    private ReadOnlySpan<byte> Text(int column)
    {
        _ = raw.sqlite3_column_bytes(_statement, column);
        return raw.sqlite3_column_blob(_statement, column);
    }

    private bool WriteText(RowWriter rows, int column, ReadOnlySpan<byte> text)
    {
        if (_ofText[column] is { } transform)
        {
            _scratch.ResetWrittenCount();
            switch (transform(text, _scratch))
            {
                case FieldResult.Null:
                    rows.WriteNull();
                    return true;
                case FieldResult.Replaced:
                    rows.WriteText(_scratch.WrittenSpan);
                    return true;
            }
        }

        if (_columns[column].Kind == ReadColumnKind.Bytes)
        {
            WriteHex(rows, text);
        }
        else
        {
            rows.WriteText(text);
        }

        return true;
    }

    private bool WriteBytes(RowWriter rows, int column, ReadOnlySpan<byte> bytes)
    {
        if (_ofBytes[column] is { } transform)
        {
            _scratch.ResetWrittenCount();
            switch (transform(bytes, _scratch))
            {
                case FieldResult.Null:
                    rows.WriteNull();
                    return true;
                case FieldResult.Replaced:
                    rows.WriteText(_scratch.WrittenSpan);
                    return true;
            }
        }

        if (_columns[column].Kind == ReadColumnKind.Bytes)
        {
            WriteHex(rows, bytes);
            return true;
        }

        // A blob in a column of another type is the text that its bytes spell, if they do.
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        rows.WriteText(bytes);
        return true;
    }

    private void WriteHex(RowWriter rows, ReadOnlySpan<byte> bytes)
    {
        _hex.ResetWrittenCount();
        var text = _hex.GetSpan(2 + (2 * bytes.Length));
        "\\x"u8.CopyTo(text);
        Convert.TryToHexStringLower(bytes, text[2..], out var written);
        _hex.Advance(2 + written);
        rows.WriteText(_hex.WrittenSpan);
    }

    private void Reject(RowWriter rows, RowOrigin origin, int column, RejectStage stage, string message)
    {
        var source = raw.sqlite3_column_blob(_statement, column);
        rows.AbandonRow();
        rows.Reject(new Rejection { Origin = origin, Stage = stage, Column = _columns[column].Name, Message = message }, source);
    }

    private void Report(int bytes)
    {
        _bytes += bytes;
        if (_bytes >= ReportBytes || bytes == 0)
        {
            _bytesRead?.Invoke(_bytes);
            _bytes = 0;
        }
    }
}
