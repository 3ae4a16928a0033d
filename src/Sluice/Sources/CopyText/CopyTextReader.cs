// hot path
using System.Buffers;
using Sluice.Batches;
using Sluice.Locations;

namespace Sluice.Sources.CopyText;

/// <summary>
/// Reads the records of one file. Where every field goes to the column of its place, records that a server reads as they are go on
/// untouched, many at a time; all others are taken apart.
/// </summary>
internal sealed class CopyTextReader
{
    private readonly TextInput _input;
    private readonly RefillBuffer _buffer;
    private readonly CopyTextParser _parser;
    private readonly CopyTextUnescape _unescape = new();
    private readonly RecordOutlet _records;
    private readonly CopyTextSettings _settings;
    private readonly CopyTextRelay? _relay;
    private readonly int _expectedFields;
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private bool _isSkippingRecord;
    private bool _isPastEnd;

    public CopyTextReader(TextInput input, FieldLayout layout, CopyTextSettings settings)
    {
        _input = input;
        _buffer = input.Buffer;
        _settings = settings;
        _parser = new CopyTextParser(settings.Options.Delimiter, settings.Options.NullMarker, layout.KeptFields);
        _records = new RecordOutlet(input, layout, new FieldProjection(layout, _parser.Slots, _unescape), settings, "\n"u8.ToArray());
        _expectedFields = layout.ExpectedFields;
        var isUntouched = layout.IsDirect && layout.Columns.Length == layout.ExpectedFields && layout.Columns.Select((column, i) => column.Field == i).All(same => same);
        _relay = isUntouched && settings.Options is { Delimiter: "\t", NullMarker: "\\N" } ? new CopyTextRelay(input) : null;
    }

    /// <summary>Reads to the end, or to the next record once the settings' drain is cancelled.</summary>
    public async Task ReadAsync(RowWriter rows, TextNotices notices, CancellationToken ct)
    {
        try
        {
            await _input.ReadAllAsync(rows, ReadAvailableAsync, _settings.Drain, ct).ConfigureAwait(false);
            _relay?.End(rows);
        }
        finally
        {
            _records.Report(notices, WidthWords.Fields);
        }
    }

    private async ValueTask<ReadStep> ReadAvailableAsync(RowWriter rows, CancellationToken ct)
    {
        while (true)
        {
            var step = _relay is { HasRows: true } ? null : ReadRecords(rows);
            if (step is not null)
            {
                return step.Value;
            }

            if (!await _relay!.SendAsync(rows, ct).ConfigureAwait(false)) // it has rows
            {
                return ReadStep.Flush;
            }
        }
    }

    // Null: the relay has rows, which have to go first.
    private ReadStep? ReadRecords(RowWriter rows)
    {
        while (true)
        {
            if (_buffer.Length == 0 || (_isSkippingRecord && !TrySkipRest()))
            {
                return _relay is { HasRows: true } ? null : _buffer.IsFinal ? ReadStep.End : ReadStep.Fill;
            }

            if (_buffer.Length == 0)
            {
                continue;
            }

            var text = _input.Window;
            var isWhole = _isPastEnd ? TryFindLine(text, out var length) : TryFindRecord(text, out length);
            var isTooLong = text.Length > _settings.MaxRowBytes && (!isWhole || (_isPastEnd ? length : _parser.ContentLength) > _settings.MaxRowBytes);
            var isRelayed = isWhole && !_isPastEnd && !isTooLong && _relay is not null && _parser.IsCanonical && _parser.FieldCount == _expectedFields
                && _records.IsValid(_buffer.Start, text[..length]);
            if (isRelayed)
            {
                if (_relay!.Add(length, _parser.ContentLength)) // it was asked for
                {
                    return null;
                }

                continue;
            }

            if (_relay is { HasRows: true })
            {
                return null;
            }

            if (!isWhole && !isTooLong)
            {
                return ReadStep.Fill;
            }

            _relay?.End(rows);
            if (isTooLong)
            {
                RejectTooLong(text, isWhole ? length : -1, rows);
            }
            else if (_isPastEnd)
            {
                PassLine(text[..length], rows);
            }
            else if (ReadRecord(text[..length], rows))
            {
                return ReadStep.Flush;
            }
        }
    }

    private bool TryFindRecord(ReadOnlySpan<byte> text, out int length)
    {
        var isWhole = _parser.TryParse(text, _buffer.IsFinal);
        length = isWhole ? _parser.Position : 0;
        return isWhole;
    }

    // Behind the mark nothing is escaped.
    private bool TryFindLine(ReadOnlySpan<byte> text, out int length)
    {
        var end = text.IndexOf((byte)'\n');
        length = end < 0 ? text.Length : end + 1;
        return end >= 0 || _buffer.IsFinal;
    }

    // True: the writer has to be flushed.
    private bool ReadRecord(ReadOnlySpan<byte> record, RowWriter rows)
    {
        var start = _buffer.Start;
        var origin = _input.Origin;
        Pass(record.Length, _parser.InnerLines + 1);
        if (_parser.IsEndMark)
        {
            _isPastEnd = true;
            return false;
        }

        if (!_records.IsValid(start, record))
        {
            _records.RejectEncoding(record, origin, rows);
            return false;
        }

        if (Fault(start, origin.Line) is { } fault)
        {
            _records.Reject(fault.Stage, origin, fault.Message, record, rows);
            return false;
        }

        if (_parser.FieldCount != _expectedFields && !AcceptFields(record, origin, rows))
        {
            return false;
        }

        return _records.Write(start, _parser.KeptCount, record, rows, origin);
    }

    private bool AcceptFields(ReadOnlySpan<byte> record, in RowOrigin origin, RowWriter rows)
    {
        if (_parser.ContentLength == 0 && !_settings.IsStrict)
        {
            _records.CountEmpty(origin);
            return true;
        }

        return _records.AcceptFields(_parser.FieldCount, record, origin, rows);
    }

    private (RejectStage Stage, string Message)? Fault(int start, long line)
    {
        if (_parser.IsCut)
        {
            return (RejectStage.Parse, CopyTextMessages.Cut(line));
        }

        if (_parser.HasStrayMark)
        {
            return (RejectStage.Parse, CopyTextMessages.StrayMark(line));
        }

        for (var i = 0; _parser.HasNumbers && i < _parser.KeptCount; i++)
        {
            var field = _parser.Slots[i];
            _scratch.ResetWrittenCount();
            _unescape.Write(_buffer.Bytes.AsSpan(start + field.Start, field.Length), _scratch);
            if (field.Kind == TextFieldKind.Escaped && !System.Text.Unicode.Utf8.IsValid(_scratch.WrittenSpan))
            {
                return (RejectStage.Encoding, CopyTextMessages.Numbers(line, i + 1));
            }
        }

        return null;
    }

    private void PassLine(ReadOnlySpan<byte> line, RowWriter rows)
    {
        var origin = _input.Origin;
        if (line.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0)
        {
            rows.Skip();
        }
        else
        {
            _records.Reject(RejectStage.Parse, origin, CopyTextMessages.AfterEnd, line, rows);
        }

        Pass(line.Length, 1);
    }

    // A length of -1: the record has not ended yet, its rest is skipped without being kept.
    private void RejectTooLong(ReadOnlySpan<byte> text, int length, RowWriter rows)
    {
        var message = RecordMessages.TooLong(_input.Line, _settings.MaxRowBytes);
        _records.Reject(RejectStage.Parse, _input.Origin, message, text[..(int)Math.Min(_settings.MaxRowBytes, text.Length)], rows);
        _isSkippingRecord = length < 0;
        if (length >= 0)
        {
            Pass(length, _isPastEnd ? 1 : _parser.InnerLines + 1);
        }
    }

    // False: the record goes on beyond the buffer.
    private bool TrySkipRest()
    {
        while (_buffer.Length > 0)
        {
            var text = _input.Window;
            var next = _isPastEnd ? text.IndexOf((byte)'\n') : text.IndexOfAny((byte)'\n', (byte)'\\');
            if (next < 0 || (text[next] == '\\' && next + 1 == text.Length))
            {
                _buffer.Start = next < 0 || _buffer.IsFinal ? _buffer.End : _buffer.Start + next;
                return false;
            }

            if (text[next] == '\n')
            {
                Pass(next + 1, 1);
                _isSkippingRecord = false;
                return true;
            }

            Pass(next + 2, text[next + 1] == '\n' ? 1 : 0);
        }

        return false;
    }

    private void Pass(int bytes, int lines)
    {
        _buffer.Start += bytes;
        _input.Line += lines;
    }
}
