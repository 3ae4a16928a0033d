// hot path
using Sluice.Batches;
using Sluice.Locations;

namespace Sluice.Sources.Csv;

/// <summary>
/// Reads the records of one file: finds them, tells good from bad, keeps lines and offsets. Never goes back further than to the
/// beginning of the record at hand, so memory is bounded by the longest record. Lines read again after an open quote cost
/// no more than their own length: escapes mean the same inside and outside of quotes, so what held no closing quote holds no opening one.
/// </summary>
internal sealed class CsvReader
{
    private readonly TextInput _input;
    private readonly RefillBuffer _buffer;
    private readonly CsvDialect _dialect;
    private readonly CsvParser _parser;
    private readonly RecordOutlet _records;
    private readonly int _expectedFields;
    private readonly long _maxRowBytes;

    public CsvReader(CsvInput input, FieldLayout layout, CsvSourceSettings settings)
    {
        _input = input.Text;
        _buffer = input.Text.Buffer;
        _dialect = input.Dialect;
        _expectedFields = layout.ExpectedFields;
        _parser = new CsvParser(input.Dialect, layout.KeptFields);
        var projection = new FieldProjection(layout, _parser.Slots, new CsvUnescape(_dialect, _parser));
        _records = new RecordOutlet(_input, layout, projection, settings, _dialect.Terminator);
        _maxRowBytes = settings.MaxRowBytes;
    }

    /// <summary>Reads to the end, or to the next record once <paramref name="drain"/> is cancelled.</summary>
    public async Task ReadAsync(RowWriter rows, TextNotices notices, CancellationToken drain, CancellationToken ct)
    {
        try
        {
            await _input.ReadAllAsync(rows, (writer, _) => new ValueTask<ReadStep>(ReadAvailable(writer)), drain, ct).ConfigureAwait(false);
        }
        finally
        {
            _records.Report(notices, WidthWords.Fields);
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
            var status = _parser.Parse(text, _buffer.IsFinal);
            if (status == CsvStatus.Record)
            {
                var length = _parser.Position;
                if (length > _maxRowBytes && LengthWithoutTerminator(text[..length]) > _maxRowBytes)
                {
                    RejectTooLong(text, rows);
                }
                else if (ReadRecord(text[..length], rows))
                {
                    return ReadStep.Flush;
                }
            }
            else if (status == CsvStatus.NeedsData && text.Length <= _maxRowBytes)
            {
                return ReadStep.Fill;
            }
            else if (text.Length > _maxRowBytes && (status != CsvStatus.StrayQuote || _parser.Position > _maxRowBytes))
            {
                RejectTooLong(text, rows);
            }
            else if (status == CsvStatus.OpenQuote)
            {
                var line = _input.Line + _records.Lines(text[.._parser.Position]);
                _records.RejectLine(text, CsvMessages.OpenQuote(_parser.FieldCount + 1, line), rows);
            }
            else if (!TryRejectStrayQuote(text, rows))
            {
                return ReadStep.Fill;
            }
        }
    }

    // True: the writer has to be flushed.
    private bool ReadRecord(ReadOnlySpan<byte> record, RowWriter rows)
    {
        var start = _buffer.Start;
        var origin = _input.Origin;
        _buffer.Start += record.Length;
        _input.Line += _parser.HasQuotes ? _records.Lines(record) : 1;
        if (_parser.IsEmptyLine)
        {
            rows.Skip();
            return false;
        }

        if (!_records.IsValid(start, record))
        {
            _records.RejectEncoding(record, origin, rows);
            return false;
        }

        return (_parser.FieldCount == _expectedFields || _records.AcceptFields(_parser.FieldCount, record, origin, rows))
            && _records.Write(start, _parser.KeptCount, record, rows, origin);
    }

    private void RejectTooLong(ReadOnlySpan<byte> text, RowWriter rows)
    {
        var end = text.IndexOf(_dialect.Terminator);
        if (end < 0 || end > _maxRowBytes)
        {
            _records.RejectTooLong(rows);
        }
        else
        {
            _records.RejectLine(text, CsvMessages.OpenTooLong(_input.Line, _maxRowBytes), rows);
        }
    }

    // False: the end of the line is not in the buffer yet.
    private bool TryRejectStrayQuote(ReadOnlySpan<byte> text, RowWriter rows)
    {
        var at = _parser.Position;
        var next = text[at..].IndexOf(_dialect.Terminator);
        var end = next < 0 ? text.Length : at + next;
        if (end > _maxRowBytes)
        {
            RejectTooLong(text, rows);
            return true;
        }

        if (next < 0 && !_buffer.IsFinal)
        {
            return false;
        }

        var length = next < 0 ? end : end + _dialect.Terminator.Length;
        var lines = _records.Lines(text[..at]);
        var message = CsvMessages.StrayQuote(text[at..length], _parser.FieldCount + 1, _input.Line + lines);
        _records.Reject(RejectStage.Parse, _input.Origin, message, text[..length], rows);
        _buffer.Start += length;
        _input.Line += lines + 1;
        return true;
    }

    private int LengthWithoutTerminator(ReadOnlySpan<byte> record) =>
        record.EndsWith(_dialect.Terminator) ? record.Length - _dialect.Terminator.Length : record.Length;
}
