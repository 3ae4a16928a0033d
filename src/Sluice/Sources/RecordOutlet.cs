// hot path
using Sluice.Batches;
using Sluice.Locations;

namespace Sluice.Sources;

/// <summary>Where the records of one file go: into rows, or to the rejects. Counts those of another width and passes over lines that are too long.</summary>
internal sealed class RecordOutlet(TextInput input, FieldLayout layout, FieldProjection projection, TextSourceSettings settings, byte[] terminator)
{
    private readonly RefillBuffer _buffer = input.Buffer;
    private readonly SourceCharset _charset = input.Charset;
    private bool _isSkippingLine;
    private WidthCount _missing;
    private WidthCount _extra;
    private WidthCount _empty;

    /// <summary>Writes the record that begins at <paramref name="start"/> in the buffer and fills so many slots. True: the writer has to be flushed.</summary>
    public bool Write(int start, int count, ReadOnlySpan<byte> record, RowWriter rows, in RowOrigin origin)
    {
        try
        {
            return projection.Write(_buffer.Bytes, start, count, rows, origin);
        }
        catch (ColumnException failure)
        {
            rows.AbandonRow();
            Reject(RejectStage.Transform, origin, failure.Message, record, rows, failure.Column);
            return false;
        }
    }

    /// <summary>Whether the record that begins at <paramref name="start"/> in the buffer is text of the file's encoding.</summary>
    public bool IsValid(int start, ReadOnlySpan<byte> record) => !_buffer.IsSuspect(start) || _charset.IsValid(record);

    public void RejectEncoding(ReadOnlySpan<byte> record, in RowOrigin origin, RowWriter rows)
    {
        var (index, _, bytes) = _charset.FirstInvalid(record);
        var line = origin.Line + Lines(record[..index]);
        var lineStart = record[..index].LastIndexOf(terminator);
        var byteInLine = lineStart < 0 ? index + 1 : index - lineStart - terminator.Length + 1;
        Reject(RejectStage.Encoding, origin, RecordMessages.Encoding(_charset, bytes, line, byteInLine), record, rows);
    }

    /// <summary>Counts a record with too few or too many fields; false when it is rejected for that.</summary>
    public bool AcceptFields(int found, ReadOnlySpan<byte> record, in RowOrigin origin, RowWriter rows)
    {
        var expected = layout.ExpectedFields;
        if (settings.IsStrict)
        {
            Reject(RejectStage.Project, origin, RecordMessages.Width(found, expected), record, rows);
            return false;
        }

        CountWidth(origin, found, expected);
        return true;
    }

    /// <summary>Counts a record with too little or too much in it.</summary>
    public void CountWidth(in RowOrigin origin, int found, int expected)
    {
        ref var count = ref found < expected ? ref _missing : ref _extra;
        count = count.Count == 0 ? new WidthCount(1, origin, input.Label, found, expected) : count with { Count = count.Count + 1 };
    }

    /// <summary>Counts an empty line that is a row.</summary>
    public void CountEmpty(in RowOrigin origin) =>
        _empty = _empty.Count == 0 ? new WidthCount(1, origin, input.Label, 0, 0) : _empty with { Count = _empty.Count + 1 };

    /// <summary>Rejects what begins at the buffer's start up to the first end of a line, for being longer than a record may be.</summary>
    public void RejectTooLong(RowWriter rows) => RejectLine(input.Window, RecordMessages.TooLong(input.Line, settings.MaxRowBytes), rows);

    /// <summary>Rejects the first line of <paramref name="text"/>. It may not have ended yet: then its rest is skipped without being kept.</summary>
    public void RejectLine(ReadOnlySpan<byte> text, string message, RowWriter rows)
    {
        var end = text.IndexOf(terminator);
        var line = end < 0 ? text : text[..(end + terminator.Length)];
        var kept = (end < 0 ? text.Length : end) > settings.MaxRowBytes ? line[..(int)settings.MaxRowBytes] : line;
        Reject(RejectStage.Parse, input.Origin, message, kept, rows);
        _isSkippingLine = end < 0;
        input.Line += end < 0 ? 0 : 1;
        _buffer.Start += end < 0 ? 0 : line.Length;
    }

    /// <summary>Whether a record may begin here. False: what is there was the rest of a line that is skipped, and the line goes on.</summary>
    public bool TrySkipRest()
    {
        if (!_isSkippingLine)
        {
            return true;
        }

        var end = input.Window.IndexOf(terminator);
        if (end < 0)
        {
            _buffer.Start = _buffer.IsFinal ? _buffer.End : Math.Max(_buffer.Start, _buffer.End - terminator.Length + 1);
            return false;
        }

        _buffer.Start += end + terminator.Length;
        _isSkippingLine = false;
        input.Line++;
        return true;
    }

    public void Reject(RejectStage stage, in RowOrigin origin, string message, ReadOnlySpan<byte> record, RowWriter rows, string? column = null)
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

    /// <summary>Ends of lines in a piece of text.</summary>
    public int Lines(ReadOnlySpan<byte> text) => terminator.Length == 1 ? text.Count(terminator[0]) : text.Count(terminator);

    /// <summary>Hands on what was counted.</summary>
    public void Report(TextNotices notices, WidthWords words)
    {
        notices.AddWidths(words, _missing, _extra);
        notices.AddEmptyLines(_empty);
    }
}
