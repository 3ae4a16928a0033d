// hot path
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Unicode;
using MySqlConnector;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Locations;

namespace Sluice.Sources.MySql;

/// <summary>Reads the rows of one unit, whatever number of queries that takes: bytes go from the driver's buffer into the batch.</summary>
internal sealed partial class MySqlRowReader
{
#if DEBUG
    private const int FirstBuffer = 64;
#else
    private const int FirstBuffer = 64 << 10;
#endif
    private const int MaxNumberBytes = 40;

    private readonly ImmutableArray<ReadColumn> _columns;
    private readonly ReadColumnKind[] _kinds;
    private readonly MySqlForm[] _forms;
    private readonly bool[] _mayBeTooLong;
    private readonly Transform?[] _transforms;
    private readonly TextDecoder?[] _decoders;
    private readonly bool[] _isUtf8;
    private readonly int[] _keyPlace;
    private readonly byte[][] _key;
    private readonly int[] _keyLength;
    private readonly ImmutableArray<string> _keyNames;
    private readonly int _unit;
    private readonly bool _isNumbered;
    private readonly bool _isUtc;
    private readonly ReadBytes _read;
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private byte[] _buffer = new byte[FirstBuffer];
    private long _number;

    /// <param name="columns">What is read.</param>
    /// <param name="fields">How each of them comes.</param>
    /// <param name="keyPlaces">Where the parts of the key stand among the fields, those behind the columns too.</param>
    /// <param name="key">The names of its parts.</param>
    /// <param name="isNumbered">The key is one whole number, by which rows are known.</param>
    /// <param name="unit">0-based.</param>
    /// <param name="isUtc">Instants come in UTC.</param>
    /// <param name="bytesRead">Called with a number of bytes read, now and then.</param>
    public MySqlRowReader(
        ImmutableArray<ReadColumn> columns,
        IReadOnlyList<MySqlField> fields,
        IReadOnlyList<int> keyPlaces,
        ImmutableArray<string> key,
        bool isNumbered,
        int unit,
        bool isUtc,
        Action<long>? bytesRead)
    {
        _columns = columns;
        _kinds = [.. columns.Select(column => column.Kind)];
        _forms = [.. fields.Select(field => field.Form)];
        _mayBeTooLong = [.. fields.Select(field => field.MayBeTooLong)];
        _transforms = [.. columns.Zip(fields, (column, field) => column.Using?.Invoke(field.Form == MySqlForm.Bytes ? TransformInput.Bytes : TransformInput.Text))];
        _decoders = [.. fields.Select(field => field.EncodingName is { } name ? TextDecoder.Of(name) : null)];
        _isUtf8 = [.. fields.Select(field => field.Form == MySqlForm.Text)];
        _keyPlace = [.. Enumerable.Repeat(-1, fields.Count)];
        for (var part = 0; part < keyPlaces.Count; part++)
        {
            _keyPlace[keyPlaces[part]] = part;
        }

        _key = [.. keyPlaces.Select(_ => new byte[32])];
        _keyLength = new int[keyPlaces.Count];
        _keyNames = key;
        _isNumbered = isNumbered;
        _unit = unit;
        _isUtc = isUtc;
        _read = new ReadBytes(bytesRead);
    }

    /// <summary>Rows that were handed on or set aside.</summary>
    public long Rows { get; private set; }

    /// <summary>A part of the last row's key.</summary>
    public ReadOnlySpan<byte> KeyPart(int part) => _key[part].AsSpan(0, _keyLength[part]);

    /// <summary>Reads until a batch is full (true) or nothing is left (false).</summary>
    /// <exception cref="MySqlException">The next row cannot be read.</exception>
    public bool ReadBatch(MySqlDataReader reader, RowWriter rows, CancellationToken drain, CancellationToken ct)
    {
        while (!drain.IsCancellationRequested)
        {
            ct.ThrowIfCancellationRequested();
            if (!reader.Read())
            {
                break;
            }

            var isFull = WriteRow(reader, rows);
            Rows++;
            if (isFull)
            {
                return true;
            }
        }

        _read.Tell();
        return false;
    }

    private bool WriteRow(MySqlDataReader reader, RowWriter rows)
    {
        for (var field = _columns.Length; field < _forms.Length; field++)
        {
            Keep(field, Fetch(reader, field));
        }

        _number++;
        var column = 0;
        var fault = (string?)null;
        var stage = RejectStage.Encoding;
        try
        {
            for (; column < _kinds.Length; column++)
            {
                fault = WriteField(reader, rows, column);
                if (fault is not null)
                {
                    break;
                }
            }
        }
        catch (TransformException e)
        {
            fault = e.Message;
            stage = RejectStage.Transform;
        }

        if (fault is not null)
        {
            Reject(reader, rows, column, stage, fault);
            return false;
        }

        return rows.EndRow(Origin());
    }

    // By its key where that is a number, else by its place in the unit.
    private RowOrigin Origin() => new(_unit, _isNumbered && Utf8Parser.TryParse(KeyPart(0), out long number, out _) && number >= 0 ? number : _number, -1);

    // Why the value cannot be taken; null: it is written.
    private string? WriteField(MySqlDataReader reader, RowWriter rows, int column)
    {
        if (reader.IsDBNull(column))
        {
            rows.WriteNull();
            return null;
        }

        if (_forms[column] == MySqlForm.Integer)
        {
            WriteInteger(reader, rows, column);
            return null;
        }

        var value = Fetch(reader, column);
        _read.Add(value.Length);
        if (_keyPlace[column] >= 0)
        {
            Keep(column, value);
        }

        if (_mayBeTooLong[column] && value.Length == 1 && value[0] == 0xFF)
        {
            return "The value is longer than max_allowed_packet of the server lets it be sent";
        }

        if (_decoders[column] is { } decoder)
        {
            if (!decoder.TryDecode(value, out value))
            {
                return "The text is not valid in the encoding of its column";
            }
        }
        else if (_isUtf8[column] && !Utf8.IsValid(value))
        {
            return "The text is not valid UTF-8";
        }

        return Write(rows, column, value);
    }

    private void WriteInteger(MySqlDataReader reader, RowWriter rows, int column)
    {
        var value = reader.GetInt32(column);
        _read.Add(sizeof(int));
        if (_transforms[column] is null && _keyPlace[column] < 0)
        {
            if (_kinds[column] == ReadColumnKind.Boolean && value is 0 or 1)
            {
                rows.WriteText(value == 1 ? "t"u8 : "f"u8);
                return;
            }

            if (_kinds[column] != ReadColumnKind.Bytes)
            {
                rows.WriteInteger(value);
                return;
            }
        }

        Span<byte> digits = stackalloc byte[MaxNumberBytes];
        Utf8Formatter.TryFormat(value, digits, out var length);
        if (_keyPlace[column] >= 0)
        {
            Keep(column, digits[..length]);
        }

        Write(rows, column, digits[..length]);
    }

    private string? Write(RowWriter rows, int column, ReadOnlySpan<byte> value)
    {
        if (_transforms[column] is { } transform)
        {
            _scratch.ResetWrittenCount();
            switch (transform(value, _scratch))
            {
                case FieldResult.Null:
                    rows.WriteNull();
                    return null;
                case FieldResult.Replaced:
                    value = _scratch.WrittenSpan;
                    break;
                default:
                    if (_kinds[column] == ReadColumnKind.Bytes)
                    {
                        rows.WriteBytes(value);
                        return null;
                    }

                    break;
            }
        }
        else if (_kinds[column] == ReadColumnKind.Bytes)
        {
            rows.WriteBytes(value);
            return null;
        }
        else if (_kinds[column] == ReadColumnKind.Boolean && value.Length == 1 && value[0] is (byte)'0' or (byte)'1')
        {
            rows.WriteText(value[0] == '1' ? "t"u8 : "f"u8);
            return null;
        }

        switch (_forms[column])
        {
            case MySqlForm.Float:
                WriteFloat(rows, value);
                return null;
            case MySqlForm.Instant when _isUtc:
                WriteInstant(rows, value);
                return null;
            case MySqlForm.Bytes when !Utf8.IsValid(value):
                return "The bytes are not text in UTF-8";
            default:
                rows.WriteText(value);
                return null;
        }
    }

    // The shortest spelling that gives the same float again, in a column of either width.
    private static void WriteFloat(RowWriter rows, ReadOnlySpan<byte> value)
    {
        Span<byte> digits = stackalloc byte[MaxNumberBytes];
        if (Utf8Parser.TryParse(value, out double number, out var used) && used == value.Length && Utf8Formatter.TryFormat((float)number, digits, out var length))
        {
            rows.WriteText(digits[..length]);
        }
        else
        {
            rows.WriteText(value);
        }
    }

    private static void WriteInstant(RowWriter rows, ReadOnlySpan<byte> value)
    {
        Span<byte> text = stackalloc byte[MaxNumberBytes];
        if (value.Length + 3 > text.Length || value.Length < 10 || value.EndsWith("Z"u8))
        {
            rows.WriteText(value);
            return;
        }

        value.CopyTo(text);
        "+00"u8.CopyTo(text[value.Length..]);
        rows.WriteText(text[..(value.Length + 3)]);
    }

    private ReadOnlySpan<byte> Fetch(MySqlDataReader reader, int field)
    {
        if (_forms[field] == MySqlForm.Integer)
        {
            Utf8Formatter.TryFormat(reader.GetInt32(field), _buffer, out var written);
            return _buffer.AsSpan(0, written);
        }

        var length = (int)reader.GetBytes(field, 0, _buffer, 0, _buffer.Length);
        if (length == _buffer.Length)
        {
            length = (int)reader.GetBytes(field, 0, null, 0, 0);
            if (length > _buffer.Length)
            {
                _buffer = new byte[Math.Max(length, 2 * Math.Min(_buffer.Length, 1 << 20))];
            }

            reader.GetBytes(field, 0, _buffer, 0, length);
        }

        return _buffer.AsSpan(0, length);
    }

    private void Keep(int field, ReadOnlySpan<byte> value)
    {
        var part = _keyPlace[field];
        if (_key[part].Length < value.Length)
        {
            _key[part] = new byte[2 * value.Length];
        }

        value.CopyTo(_key[part]);
        _keyLength[part] = value.Length;
    }
}
