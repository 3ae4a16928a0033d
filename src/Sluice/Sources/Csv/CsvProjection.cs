// hot path
using System.Buffers;
using Sluice.Batches;
using Sluice.Casts;

namespace Sluice.Sources.Csv;

/// <summary>Writes one row from the fields of a record, for one parser. Where nothing has to be done fields go on as they lie in the buffer.</summary>
internal sealed class CsvProjection
{
    private const int KeptScratchBytes = 1 << 20;

    private readonly CsvParser _parser;
    private readonly CsvUnescape _unescape;
    private readonly CsvRowFields? _fields;
    private readonly CsvLayout _layout;
    private readonly int[] _direct;
    private ArrayBufferWriter<byte> _scratch = new();

    public CsvProjection(CsvLayout layout, CsvDialect dialect, CsvParser parser)
    {
        _layout = layout;
        _parser = parser;
        _unescape = new CsvUnescape(dialect, parser);
        _fields = layout.IsDirect ? null : new CsvRowFields(parser, _unescape, [.. layout.Rules]);
        _direct = [.. layout.Columns.Select(c => c.Field)];
    }

    /// <summary>Writes the parser's record, which begins at <paramref name="start"/> in <paramref name="bytes"/>.</summary>
    /// <returns>Whether the writer has to be flushed.</returns>
    /// <exception cref="CsvColumnException">A column could not be computed; the row is not abandoned yet.</exception>
    public bool Write(byte[] bytes, int start, RowWriter rows, in RowOrigin origin)
    {
        if (_fields is not null)
        {
            return WriteComputed(_fields, bytes, start, rows, origin);
        }

        var fields = _parser.Fields;
        foreach (var index in _direct)
        {
            if ((uint)index >= (uint)fields.Length || fields[index].Kind == CsvFieldKind.Null)
            {
                rows.WriteNull();
                continue;
            }

            var field = fields[index];
            var text = bytes.AsSpan(start + field.Start, field.Length);
            if (field.Kind == CsvFieldKind.Escaped)
            {
                var scratch = Scratch();
                _unescape.Write(text, scratch);
                rows.WriteText(scratch.WrittenSpan);
            }
            else
            {
                rows.WriteText(text);
            }
        }

        return rows.EndRow(origin);
    }

    private bool WriteComputed(CsvRowFields fields, byte[] bytes, int start, RowWriter rows, in RowOrigin origin)
    {
        fields.Load(bytes, start);
        foreach (var column in _layout.Columns)
        {
            try
            {
                WriteColumn(column, fields, rows);
            }
            catch (TransformException failure)
            {
                var name = fields.Current >= 0 ? _layout.FieldName(fields.Current) : column.Name;
                throw new CsvColumnException(name, failure.Message);
            }
        }

        return rows.EndRow(origin);
    }

    private void WriteColumn(CsvColumn column, CsvRowFields fields, RowWriter rows)
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
internal sealed record CsvColumn(string Name, int Field, RowExpression? Expression = null);

/// <summary>A record whose column cannot be computed; never leaves the reader.</summary>
internal sealed class CsvColumnException(string column, string message) : Exception(message)
{
    public string Column { get; } = column;
}
