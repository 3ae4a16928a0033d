// hot path
using System.Buffers;
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
    private const int MaxNumberBytes = 40;

    private readonly sqlite3 _database;
    private readonly nint _statement;
    private readonly ImmutableArray<ReadColumn> _columns;
    private readonly ReadColumnKind[] _kinds;
    private readonly Transform?[] _ofText;
    private readonly Transform?[] _ofBytes;
    private readonly int _unit;
    private readonly bool _hasRowId;
    private readonly bool _isUtf8;
    private readonly ReadBytes _read;
    private readonly TextDecoder? _decoder;
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private long _row;

    /// <param name="database">Says what went wrong.</param>
    /// <param name="statement">Kept alive by the caller.</param>
    /// <param name="columns">Those of the statement, without the row's number.</param>
    /// <param name="unit">Which piece of the table it is, 0-based.</param>
    /// <param name="hasRowId">The row's number comes after them.</param>
    /// <param name="bytesRead">Called with a number of bytes read, now and then.</param>
    /// <param name="decoder">Of texts; null: they are UTF-8.</param>
    public SqliteRowReader(sqlite3 database, nint statement, ImmutableArray<ReadColumn> columns, int unit, bool hasRowId, Action<long>? bytesRead, TextDecoder? decoder = null)
    {
        _database = database;
        _statement = statement;
        _columns = columns;
        _kinds = [.. columns.Select(column => column.Kind)];
        _ofText = [.. columns.Select(column => column.Using?.Invoke(TransformInput.Text))];
        _ofBytes = [.. columns.Select(column => column.Using?.Invoke(TransformInput.Bytes))];
        _unit = unit;
        _hasRowId = hasRowId;
        _isUtf8 = IsUtf8(database);
        _read = new ReadBytes(bytesRead);
        _decoder = decoder;
    }

    /// <summary>Reads until a batch is full (true) or nothing is left (false).</summary>
    /// <exception cref="SqliteException">The next row cannot be read.</exception>
    public bool ReadBatch(RowWriter rows, CancellationToken drain, CancellationToken ct)
    {
        while (!drain.IsCancellationRequested)
        {
            ct.ThrowIfCancellationRequested();
            var result = SqliteNative.Step(_statement);
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

        _read.Tell();
        return false;
    }

    private static bool IsUtf8(sqlite3 database)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, "PRAGMA main.encoding", out var statement), database);
        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW && raw.sqlite3_column_text(statement, 0).utf8_to_string() == "UTF-8";
        }
    }

    private bool WriteRow(RowWriter rows)
    {
        _row++;
        var origin = new RowOrigin(_unit, _hasRowId ? SqliteNative.Integer(SqliteNative.Value(_statement, _kinds.Length)) : _row, -1);
        var column = 0;
        try
        {
            for (; column < _kinds.Length; column++)
            {
                if (!WriteField(rows, column))
                {
                    Reject(rows, origin, column, RejectStage.Encoding, _decoder is null ? "The text is not valid UTF-8" : "The text is not valid in the source's encoding");
                    return false;
                }
            }
        }
        catch (TransformException e)
        {
            Reject(rows, origin, column, RejectStage.Transform, e.Message);
            return false;
        }

        return rows.EndRow(origin);
    }

    // False: bytes that are no text where text is wanted.
    private bool WriteField(RowWriter rows, int column)
    {
        var value = SqliteNative.Value(_statement, column);
        switch (SqliteNative.Type(value))
        {
            case raw.SQLITE_NULL:
                rows.WriteNull();
                return true;
            case raw.SQLITE_INTEGER:
                WriteInteger(rows, column, SqliteNative.Integer(value));
                return true;
            case raw.SQLITE_FLOAT:
                WriteDouble(rows, column, SqliteNative.Double(value));
                return true;
            case raw.SQLITE_TEXT:
                var text = SqliteNative.Bytes(value, _isUtf8);
                _read.Add(text.Length);
                return (_decoder is null ? Utf8.IsValid(text) : _decoder.TryDecode(text, out text)) && Write(rows, column, _ofText[column], text, isText: true);
            default:
                var bytes = SqliteNative.Bytes(value, _isUtf8);
                _read.Add(bytes.Length);
                return Write(rows, column, _ofBytes[column], bytes, isText: false);
        }
    }

    private void WriteInteger(RowWriter rows, int column, long value)
    {
        if (_ofText[column] is { } transform)
        {
            Span<byte> digits = stackalloc byte[MaxNumberBytes];
            System.Buffers.Text.Utf8Formatter.TryFormat(value, digits, out var length);
            Write(rows, column, transform, digits[..length], isText: true);
        }
        else if (_kinds[column] == ReadColumnKind.Boolean && value is 0 or 1)
        {
            rows.WriteText(value == 1 ? "t"u8 : "f"u8);
        }
        else if (_kinds[column] == ReadColumnKind.Bytes)
        {
            Span<byte> digits = stackalloc byte[MaxNumberBytes];
            System.Buffers.Text.Utf8Formatter.TryFormat(value, digits, out var length);
            rows.WriteBytes(digits[..length]);
        }
        else
        {
            rows.WriteInteger(value);
        }
    }

    // The shortest spelling that gives the same number again; SQLite's own stops at 15 digits.
    private void WriteDouble(RowWriter rows, int column, double value)
    {
        if (_ofText[column] is null && _kinds[column] != ReadColumnKind.Bytes)
        {
            rows.WriteDouble(value);
            return;
        }

        Span<byte> digits = stackalloc byte[MaxNumberBytes];
        System.Buffers.Text.Utf8Formatter.TryFormat(value, digits, out var length);
        Write(rows, column, _ofText[column], digits[..length], isText: true);
    }

    // A blob in a column of another type is the text that its bytes spell, if they do.
    private bool Write(RowWriter rows, int column, Transform? transform, ReadOnlySpan<byte> value, bool isText)
    {
        if (transform is not null)
        {
            _scratch.ResetWrittenCount();
            switch (transform(value, _scratch))
            {
                case FieldResult.Null:
                    rows.WriteNull();
                    return true;
                case FieldResult.Replaced:
                    rows.WriteText(_scratch.WrittenSpan);
                    return true;
            }
        }

        if (_kinds[column] == ReadColumnKind.Bytes)
        {
            rows.WriteBytes(value);
            return true;
        }

        if (!isText && !Utf8.IsValid(value))
        {
            return false;
        }

        rows.WriteText(value);
        return true;
    }

    private void Reject(RowWriter rows, RowOrigin origin, int column, RejectStage stage, string message)
    {
        var source = SqliteNative.Bytes(SqliteNative.Value(_statement, column), _isUtf8);
        rows.AbandonRow();
        rows.Reject(new Rejection { Origin = origin, Stage = stage, Column = _columns[column].Name, Message = message }, source);
    }
}
