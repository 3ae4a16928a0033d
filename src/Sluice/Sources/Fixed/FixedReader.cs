// hot path
using Sluice.Batches;
using Sluice.Locations;

namespace Sluice.Sources.Fixed;

/// <summary>Reads the lines of one file, each of them a row.</summary>
internal sealed class FixedReader
{
    private readonly TextInput _input;
    private readonly RefillBuffer _buffer;
    private readonly FixedFields _fields;
    private readonly RecordOutlet _records;
    private readonly long _maxRowBytes;
    private readonly bool _isStrict;

    public FixedReader(TextInput input, FieldLayout layout, FixedSourceSettings settings)
    {
        _input = input;
        _buffer = input.Buffer;
        _fields = new FixedFields(layout.Fields, layout.KeptFields);
        _records = new RecordOutlet(input, layout, new FieldProjection(layout, _fields.Slots, unescape: null), settings, "\n"u8.ToArray());
        _maxRowBytes = settings.MaxRowBytes;
        _isStrict = settings.IsStrict;
    }

    /// <summary>Reads to the end, or to the next line once <paramref name="drain"/> is cancelled.</summary>
    public async Task ReadAsync(RowWriter rows, TextNotices notices, CancellationToken drain, CancellationToken ct)
    {
        try
        {
            await _input.ReadAllAsync(rows, (writer, _) => new ValueTask<ReadStep>(ReadAvailable(writer)), drain, ct).ConfigureAwait(false);
        }
        finally
        {
            _records.Report(notices, WidthWords.Lines);
        }
    }

    private ReadStep ReadAvailable(RowWriter rows)
    {
        while (true)
        {
            if (_buffer.Length == 0 || !_records.TrySkipRest())
            {
                return _buffer.IsFinal ? ReadStep.End : ReadStep.Fill;
            }

            if (_buffer.Length == 0)
            {
                continue;
            }

            var text = _input.Window;
            var end = text.IndexOf((byte)'\n');
            if (end > _maxRowBytes || (end < 0 && text.Length > _maxRowBytes))
            {
                _records.RejectTooLong(rows);
            }
            else if (end < 0 && !_buffer.IsFinal)
            {
                return ReadStep.Fill;
            }
            else if (ReadLine(end < 0 ? text : text[..(end + 1)], rows))
            {
                return ReadStep.Flush;
            }
        }
    }

    // True: the writer has to be flushed.
    private bool ReadLine(ReadOnlySpan<byte> line, RowWriter rows)
    {
        var start = _buffer.Start;
        var origin = _input.Origin;
        _buffer.Start += line.Length;
        _input.Line++;
        if (!_records.IsValid(start, line))
        {
            _records.RejectEncoding(line, origin, rows);
            return false;
        }

        var content = line[^1] == '\n' ? line[..^1] : line;
        content = content.Length > 0 && content[^1] == '\r' ? content[..^1] : content;
        var width = _fields.Find(content);
        return ((width >= _fields.Width && (width == _fields.Width || _fields.IsOpen)) || AcceptWidth(width, line, origin, rows))
            && _records.Write(start, _fields.Slots.Length, line, rows, origin);
    }

    private bool AcceptWidth(int width, ReadOnlySpan<byte> line, in RowOrigin origin, RowWriter rows)
    {
        if (_isStrict)
        {
            _records.Reject(RejectStage.Project, origin, RecordMessages.LineWidth(width, _fields.Width), line, rows);
            return false;
        }

        if (width == 0)
        {
            _records.CountEmpty(origin);
        }
        else
        {
            _records.CountWidth(origin, width, _fields.Width);
        }

        return true;
    }
}
