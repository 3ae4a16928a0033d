// hot path
using System.Buffers;
using System.Collections.Immutable;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Locations;

namespace Sluice.Sources.Postgres;

/// <summary>Takes lines of COPY text apart and writes their fields through the columns' transforms.</summary>
internal sealed class CopyTextFields
{
    private readonly ImmutableArray<ReadColumn> _columns;
    private readonly Transform?[] _transforms;
    private readonly bool[] _takesBytes;
    private readonly int _input;
    private readonly TextDecoder? _decoder;
    private readonly ArrayBufferWriter<byte> _field = new();
    private readonly ArrayBufferWriter<byte> _raw = new();
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private long _row;

    /// <param name="columns">In the order of their fields.</param>
    /// <param name="input">The number of what is read.</param>
    /// <param name="decoder">Makes UTF-8 of the fields; null: they are.</param>
    public CopyTextFields(ImmutableArray<ReadColumn> columns, int input, TextDecoder? decoder = null)
    {
        _decoder = decoder;
        _columns = columns;
        _takesBytes = [.. columns.Select(column => column.IsBytes)];
        _transforms = [.. columns.Select(column => column.Using?.Invoke(column.IsBytes ? TransformInput.Bytes : TransformInput.Text))];
        _input = input;
    }

    /// <summary>The last line is not all there.</summary>
    public bool HasRest => _end > _start;

    /// <summary>Room for more bytes.</summary>
    public Memory<byte> Space()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        }

        return _buffer.AsMemory(_end);
    }

    public void Advance(int bytes) => _end += bytes;

    /// <summary>Writes the lines that are there; true when a batch is full, and more may be left.</summary>
    public bool WriteRows(RowWriter rows)
    {
        while (_buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = _buffer.AsSpan(_start, length);
            _start += length + 1;
            if (WriteRow(rows, line))
            {
                return true;
            }
        }

        return false;
    }

    private bool WriteRow(RowWriter rows, ReadOnlySpan<byte> line)
    {
        var origin = new RowOrigin(_input, ++_row, -1);
        var rest = line;
        for (var i = 0; i < _columns.Length; i++)
        {
            var tab = rest.IndexOf((byte)'\t');
            var field = tab < 0 ? rest : rest[..tab];
            rest = tab < 0 ? [] : rest[(tab + 1)..];
            try
            {
                if (!Write(rows, i, field))
                {
                    rows.AbandonRow();
                    rows.Reject(new Rejection { Origin = origin, Stage = RejectStage.Encoding, Column = _columns[i].Name, Message = "The text is not valid in the source's encoding" }, line);
                    return false;
                }
            }
            catch (TransformException e)
            {
                rows.AbandonRow();
                rows.Reject(new Rejection { Origin = origin, Stage = RejectStage.Transform, Column = _columns[i].Name, Message = e.Message }, line);
                return false;
            }
        }

        return rows.EndRow(origin);
    }

    // False: the field is no text of the source's encoding.
    private bool Write(RowWriter rows, int column, ReadOnlySpan<byte> field)
    {
        if (field.SequenceEqual("\\N"u8))
        {
            // NULL stays NULL: no transform is asked.
            rows.WriteNull();
            return true;
        }

        var text = Unescape(field);
        if (_decoder is not null && !_decoder.TryDecode(text, out text))
        {
            return false;
        }

        if (_transforms[column] is not { } transform)
        {
            rows.WriteText(text);
            return true;
        }

        _scratch.ResetWrittenCount();
        switch (transform(_takesBytes[column] ? FromHex(text) : text, _scratch))
        {
            case FieldResult.Null:
                rows.WriteNull();
                return true;
            case FieldResult.Replaced:
                rows.WriteText(_scratch.WrittenSpan);
                return true;
            default:
                rows.WriteText(text);
                return true;
        }
    }

    // What COPY TO escapes: \b \f \n \r \t \v \\.
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> field)
    {
        var backslash = field.IndexOf((byte)'\\');
        if (backslash < 0)
        {
            return field;
        }

        _field.ResetWrittenCount();
        var text = _field.GetSpan(field.Length);
        var length = 0;
        while (backslash >= 0 && backslash + 1 < field.Length)
        {
            field[..backslash].CopyTo(text[length..]);
            length += backslash;
            text[length++] = field[backslash + 1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'v' => (byte)'\v',
                var other => other,
            };
            field = field[(backslash + 2)..];
            backslash = field.IndexOf((byte)'\\');
        }

        field.CopyTo(text[length..]);
        _field.Advance(length + field.Length);
        return _field.WrittenSpan;
    }

    private ReadOnlySpan<byte> FromHex(ReadOnlySpan<byte> text)
    {
        _raw.ResetWrittenCount();
        var digits = text.StartsWith("\\x"u8) ? text[2..] : text;
        Convert.FromHexString(digits, _raw.GetSpan(Math.Max(1, digits.Length / 2)), out _, out var written);
        _raw.Advance(written);
        return _raw.WrittenSpan;
    }
}
