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
    private readonly RefillBuffer _buffer;
    private readonly CsvDialect _dialect;
    private readonly CsvParser _parser;
    private readonly CsvLayout _layout;
    private readonly CsvProjection _projection;
    private readonly SourceCharset _charset;
    private readonly int _input;
    private readonly long _maxRowBytes;
    private readonly bool _isStrict;
    private readonly string _label;
    private long _line;
    private bool _isSkippingLine;
    private CsvWidthCount _missing;
    private CsvWidthCount _extra;

    public CsvReader(CsvInput input, CsvLayout layout, CsvSourceSettings settings)
    {
        _buffer = input.Buffer;
        _charset = input.Charset;
        _dialect = input.Dialect;
        _line = input.Line;
        _input = input.Index;
        _label = input.Label;
        _layout = layout;
        _parser = new CsvParser(input.Dialect, layout.KeptFields);
        _projection = new CsvProjection(layout, input.Dialect, _parser);
        _maxRowBytes = settings.MaxRowBytes;
        _isStrict = settings.Options.StrictFields;
    }

    private enum Step
    {
        Fill,
        Flush,
        End,
    }

    /// <summary>Reads to the end, or to the next record once <paramref name="drain"/> is cancelled.</summary>
    public async Task ReadAsync(RowWriter rows, CsvNotices notices, CancellationToken drain, CancellationToken ct)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, drain);
            while (!drain.IsCancellationRequested)
            {
                var step = ReadAvailable(rows);
                if (step == Step.End)
                {
                    return;
                }

                if (step == Step.Flush)
                {
                    await rows.FlushAsync(ct).ConfigureAwait(false);
                }
                else if (!await FillAsync(drain, either.Token).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        finally
        {
            notices.AddWidths(_missing, _extra);
        }
    }

    // False: drained while waiting for bytes.
    private async ValueTask<bool> FillAsync(CancellationToken drain, CancellationToken either)
    {
        try
        {
            await _buffer.FillAsync(either).ConfigureAwait(false);
            return true;
        }
        catch (IOException failure)
        {
            throw CsvInput.ReadError(_label, failure);
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            return false;
        }
    }

    private Step ReadAvailable(RowWriter rows)
    {
        while (true)
        {
            if (_buffer.Length == 0 || (_isSkippingLine && !SkipLine()))
            {
                return _buffer.IsFinal ? Step.End : Step.Fill;
            }

            if (_buffer.Length == 0)
            {
                continue;
            }

            var text = _buffer.Bytes.AsSpan(_buffer.Start, _buffer.Length);
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
                    return Step.Flush;
                }
            }
            else if (status == CsvStatus.NeedsData && text.Length <= _maxRowBytes)
            {
                return Step.Fill;
            }
            else if (text.Length > _maxRowBytes && (status != CsvStatus.StrayQuote || _parser.Position > _maxRowBytes))
            {
                RejectTooLong(text, rows);
            }
            else if (status == CsvStatus.OpenQuote)
            {
                RejectOpenQuote(text, rows);
            }
            else if (!TryRejectStrayQuote(text, rows))
            {
                return Step.Fill;
            }
        }
    }

    // True: the writer has to be flushed.
    private bool ReadRecord(ReadOnlySpan<byte> record, RowWriter rows)
    {
        var start = _buffer.Start;
        var origin = Origin();
        _buffer.Start += record.Length;
        _line += _parser.HasQuotes ? Lines(record) : 1;
        if (_parser.IsEmptyLine)
        {
            rows.Skip();
            return false;
        }

        if (_buffer.IsSuspect(start) && !_charset.IsValid(record))
        {
            RejectEncoding(record, origin, rows);
            return false;
        }

        if (_parser.FieldCount != _layout.ExpectedFields && !AcceptWidth(record, origin, rows))
        {
            return false;
        }

        try
        {
            return _projection.Write(_buffer.Bytes, start, rows, origin);
        }
        catch (CsvColumnException failure)
        {
            rows.AbandonRow();
            Reject(RejectStage.Transform, origin, failure.Message, record, rows, failure.Column);
            return false;
        }
    }

    private bool AcceptWidth(ReadOnlySpan<byte> record, in RowOrigin origin, RowWriter rows)
    {
        var (found, expected) = (_parser.FieldCount, _layout.ExpectedFields);
        if (_isStrict)
        {
            Reject(RejectStage.Project, origin, CsvMessages.Width(found, expected), record, rows);
            return false;
        }

        ref var count = ref found < expected ? ref _missing : ref _extra;
        count = count.Count == 0 ? new CsvWidthCount(1, origin, _label, found, expected) : count with { Count = count.Count + 1 };
        return true;
    }

    private void RejectEncoding(ReadOnlySpan<byte> record, in RowOrigin origin, RowWriter rows)
    {
        var (index, _, bytes) = _charset.FirstInvalid(record);
        var line = origin.Line + Lines(record[..index]);
        var lineStart = record[..index].LastIndexOf(_dialect.Terminator);
        var byteInLine = lineStart < 0 ? index + 1 : index - lineStart - _dialect.Terminator.Length + 1;
        Reject(RejectStage.Encoding, origin, CsvMessages.Encoding(_charset, bytes, line, byteInLine), record, rows);
    }

    private void RejectOpenQuote(ReadOnlySpan<byte> text, RowWriter rows)
    {
        var line = _line + Lines(text[.._parser.Position]);
        RejectFirstLine(text, CsvMessages.OpenQuote(_parser.FieldCount + 1, line), rows);
    }

    private void RejectTooLong(ReadOnlySpan<byte> text, RowWriter rows)
    {
        var end = text.IndexOf(_dialect.Terminator);
        var isOneLine = end < 0 || end > _maxRowBytes;
        RejectFirstLine(text, isOneLine ? CsvMessages.TooLong(_line, _maxRowBytes) : CsvMessages.OpenTooLong(_line, _maxRowBytes), rows);
    }

    // The line may not have ended yet: then its rest is skipped without being kept.
    private void RejectFirstLine(ReadOnlySpan<byte> text, string message, RowWriter rows)
    {
        var end = text.IndexOf(_dialect.Terminator);
        var line = end < 0 ? text : text[..(end + _dialect.Terminator.Length)];
        var kept = (end < 0 ? text.Length : end) > _maxRowBytes ? line[..(int)_maxRowBytes] : line;
        Reject(RejectStage.Parse, Origin(), message, kept, rows);
        _isSkippingLine = end < 0;
        _line += end < 0 ? 0 : 1;
        _buffer.Start += end < 0 ? 0 : line.Length;
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
        var lines = Lines(text[..at]);
        var message = CsvMessages.StrayQuote(text[at..length], _parser.FieldCount + 1, _line + lines);
        Reject(RejectStage.Parse, Origin(), message, text[..length], rows);
        _buffer.Start += length;
        _line += lines + 1;
        return true;
    }

    // False: the line goes on beyond the buffer.
    private bool SkipLine()
    {
        var text = _buffer.Bytes.AsSpan(_buffer.Start, _buffer.Length);
        var end = text.IndexOf(_dialect.Terminator);
        if (end < 0)
        {
            _buffer.Start = _buffer.IsFinal ? _buffer.End : Math.Max(_buffer.Start, _buffer.End - _dialect.Terminator.Length + 1);
            return false;
        }

        _buffer.Start += end + _dialect.Terminator.Length;
        _isSkippingLine = false;
        _line++;
        return true;
    }

    private void Reject(
        RejectStage stage, in RowOrigin origin, string message, ReadOnlySpan<byte> record, RowWriter rows, string? column = null)
    {
        var rejection = new Rejection { Origin = origin, Stage = stage, Message = message, Column = column };
        if (_charset.IsTranscoded)
        {
            rows.Reject(rejection, _charset.RestoreSourceBytes(record));
        }
        else
        {
            rows.Reject(rejection, record);
        }
    }

    private int Lines(ReadOnlySpan<byte> text) =>
        _dialect.Terminator.Length == 1 ? text.Count(_dialect.Terminator[0]) : text.Count(_dialect.Terminator);

    private int LengthWithoutTerminator(ReadOnlySpan<byte> record) =>
        record.EndsWith(_dialect.Terminator) ? record.Length - _dialect.Terminator.Length : record.Length;

    private RowOrigin Origin() => new(_input, _line, _charset.IsTranscoded ? -1 : _buffer.Offset + _buffer.Start);
}
