// hot path
using System.Buffers;
using Sluice.Batches;
using Sluice.Casts;

namespace Sluice.Sources;

/// <summary>Writes rows from the fields that one parser finds. Where nothing has to be done fields go on as they lie in the buffer.</summary>
internal sealed class FieldProjection
{
    private const int KeptScratchBytes = 1 << 20;

    private readonly TextField[] _slots;
    private readonly IFieldUnescape? _unescape;
    private readonly RowFields? _fields;
    private readonly FieldLayout _layout;
    private readonly int[] _direct;
    private ArrayBufferWriter<byte> _scratch = new();

    /// <param name="layout">Which field goes where.</param>
    /// <param name="slots">Where the parser puts the fields of each record.</param>
    /// <param name="unescape">Null where no field is escaped.</param>
    public FieldProjection(FieldLayout layout, TextField[] slots, IFieldUnescape? unescape)
    {
        _layout = layout;
        _slots = slots;
        _unescape = unescape;
        _fields = layout.IsDirect ? null : new RowFields(slots, unescape, [.. layout.Rules]);
        _direct = [.. layout.Columns.Select(c => c.Field)];
    }

    /// <summary>Writes the record that begins at <paramref name="start"/> in <paramref name="bytes"/> and fills so many slots.</summary>
    /// <returns>Whether the writer has to be flushed.</returns>
    /// <exception cref="ColumnException">A column could not be computed; the row is not abandoned yet.</exception>
    public bool Write(byte[] bytes, int start, int count, RowWriter rows, in RowOrigin origin)
    {
        if (_fields is not null)
        {
            return WriteComputed(_fields, bytes, start, count, rows, origin);
        }

        var fields = _slots.AsSpan(0, count);
        foreach (var index in _direct)
        {
            if ((uint)index >= (uint)fields.Length || fields[index].Kind == TextFieldKind.Null)
            {
                rows.WriteNull();
                continue;
            }

            var field = fields[index];
            var text = bytes.AsSpan(start + field.Start, field.Length);
            if (field.Kind == TextFieldKind.Escaped)
            {
                var scratch = Scratch();
                _unescape!.Write(text, scratch); // who finds escapes can undo them
                rows.WriteText(scratch.WrittenSpan);
            }
            else
            {
                rows.WriteText(text);
            }
        }

        return rows.EndRow(origin);
    }

    private bool WriteComputed(RowFields fields, byte[] bytes, int start, int count, RowWriter rows, in RowOrigin origin)
    {
        fields.Load(bytes, start, count);
        foreach (var column in _layout.Columns)
        {
            try
            {
                WriteColumn(column, fields, rows);
            }
            catch (TransformException failure)
            {
                var name = fields.Current >= 0 ? _layout.FieldName(fields.Current) : column.Name;
                throw new ColumnException(name, failure.Message);
            }
        }

        return rows.EndRow(origin);
    }

    private void WriteColumn(LayoutColumn column, RowFields fields, RowWriter rows)
    {
        if (column.Expression is null)
        {
            if (fields.IsNull(column.Field))
            {
                rows.WriteNull();
            }
            else
            {
                rows.WriteText(fields.Text(column.Field));
            }

            return;
        }

        var scratch = Scratch();
        if (column.Expression(fields, scratch) == FieldResult.Null)
        {
            rows.WriteNull();
        }
        else
        {
            rows.WriteText(scratch.WrittenSpan);
        }
    }

    private ArrayBufferWriter<byte> Scratch()
    {
        if (_scratch.Capacity > KeptScratchBytes)
        {
            _scratch = new ArrayBufferWriter<byte>();
        }

        _scratch.ResetWrittenCount();
        return _scratch;
    }
}

/// <summary>How one column gets its value: from a field (0-based), or from an expression.</summary>
internal sealed record LayoutColumn(string Name, int Field, RowExpression? Expression = null);

/// <summary>A record whose column cannot be computed; never leaves the reader.</summary>
internal sealed class ColumnException(string column, string message) : Exception(message)
{
    public string Column { get; } = column;
}
