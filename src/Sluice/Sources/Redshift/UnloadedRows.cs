// hot path
using System.Buffers;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;

namespace Sluice.Sources.Redshift;

/// <summary>Takes the lines of an UNLOAD with ESCAPE apart: a backslash makes the next byte part of the value, a line feed too.</summary>
internal sealed class UnloadedRows(RedshiftFields fields, string nullMarker, int input)
{
    private static readonly SearchValues<byte> RowEnds = SearchValues.Create("\n\\"u8);
    private static readonly SearchValues<byte> FieldEnds = SearchValues.Create([UnloadStatement.Delimiter, (byte)'\\']);

    private readonly byte[] _null = Encoding.ASCII.GetBytes(nullMarker);
    private readonly ArrayBufferWriter<byte> _value = new();
    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _searched;
    private int _end;

#if DEBUG
    private const int BufferBytes = 16;
#else
    private const int BufferBytes = 256 << 10;
#endif

    /// <summary>Rows that ended.</summary>
    public long Rows { get; private set; }

    /// <summary>The last line has no end.</summary>
    public bool HasRest => _end > _start;

    /// <summary>Room for more bytes.</summary>
    public Memory<byte> Space()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _searched -= _start;
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
    /// <exception cref="FormatException">A line has another number of fields than the query has columns.</exception>
    public bool WriteRows(RowWriter rows)
    {
        while (LineLength() is >= 0 and var length)
        {
            var line = _buffer.AsSpan(_start, length);
            _start += length + 1;
            _searched = _start;
            if (WriteRow(rows, line))
            {
                return true;
            }
        }

        return false;
    }

    // -1: its end is not there yet.
    private int LineLength()
    {
        while (_buffer.AsSpan(_searched, _end - _searched).IndexOfAny(RowEnds) is >= 0 and var found)
        {
            if (_buffer[_searched + found] == '\n')
            {
                return _searched + found - _start;
            }

            if (_searched + found + 1 >= _end)
            {
                _searched += found;
                return -1;
            }

            _searched += found + 2;
        }

        _searched = _end;
        return -1;
    }

    private bool WriteRow(RowWriter rows, ReadOnlySpan<byte> line)
    {
        var origin = new RowOrigin(input, ++Rows, -1);
        var rest = line;
        for (var column = 0; column < fields.Count; column++)
        {
            var (length, isEscaped) = FieldLength(rest);
            var field = rest[..length];
            if (length < rest.Length == (column == fields.Count - 1))
            {
                rows.AbandonRow();
                throw new FormatException();
            }

            rest = column == fields.Count - 1 ? [] : rest[(length + 1)..];
            try
            {
                if (field.SequenceEqual(_null))
                {
                    rows.WriteNull();
                }
                else
                {
                    fields.Write(rows, column, isEscaped ? Unescaped(field) : field);
                }
            }
            catch (TransformException e)
            {
                fields.Reject(rows, origin, column, e, line);
                return false;
            }
        }

        return rows.EndRow(origin);
    }

    private static (int Length, bool IsEscaped) FieldLength(ReadOnlySpan<byte> rest)
    {
        var position = 0;
        var isEscaped = false;
        while (position < rest.Length && rest[position..].IndexOfAny(FieldEnds) is >= 0 and var found)
        {
            position += found;
            if (rest[position] != '\\')
            {
                return (position, isEscaped);
            }

            isEscaped = true;
            position += 2;
        }

        return (rest.Length, isEscaped);
    }

    private ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> field)
    {
        _value.ResetWrittenCount();
        var text = _value.GetSpan(field.Length);
        var length = 0;
        while (field.IndexOf((byte)'\\') is >= 0 and var backslash && backslash + 1 < field.Length)
        {
            field[..backslash].CopyTo(text[length..]);
            text[length + backslash] = field[backslash + 1];
            length += backslash + 1;
            field = field[(backslash + 2)..];
        }

        field.CopyTo(text[length..]);
        _value.Advance(length + field.Length);
        return _value.WrittenSpan;
    }
}
