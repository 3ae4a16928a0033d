using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>Reads staged CSV back: one record after another, with the lines it covers. Not thread-safe.</summary>
internal sealed class RedshiftRecords(Stream stream)
{
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private int _next;
    private bool _isAtEnd;
    private long _line = 1;

    /// <summary>0-based.</summary>
    public long Row { get; private set; } = -1;

    /// <summary>1-based line of the file on which the record begins; line breaks within values count.</summary>
    public long FirstLine { get; private set; }

    /// <summary>The line on which it ends.</summary>
    public long LastLine { get; private set; }

    /// <summary>With its line feed. Valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Record => _buffer.AsMemory(_start, _next - _start);

    public async ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        _start = _next;
        while (!TryFindEnd())
        {
            if (_isAtEnd)
            {
                return _start < _end ? throw new InvalidDataException("A staged file ends within a row.") : false;
            }

            await FillAsync(ct).ConfigureAwait(false);
        }

        Row++;
        FirstLine = _line;
        var breaks = CountLines(_buffer.AsSpan(_start, _next - _start));
        LastLine = _line + breaks - 1;
        _line += breaks;
        return true;
    }

    /// <summary>The record as a line of COPY text.</summary>
    public static void WriteCopyText(ReadOnlySpan<byte> record, ReadOnlySpan<byte> marker, RowBuffer output)
    {
        record = record[..^1];
        var field = new RowBuffer(256, int.MaxValue);
        for (var isFirst = true; ; isFirst = false)
        {
            if (!isFirst)
            {
                output.GetSpan(1)[0] = (byte)'\t';
                output.Advance(1);
            }

            field.Reset();
            var isQuoted = !record.IsEmpty && record[0] == '"';
            var length = isQuoted ? TakeQuoted(record, field) : Take(record, field);
            if (!isQuoted && field.Written.SequenceEqual(marker))
            {
                "\\N"u8.CopyTo(output.GetSpan(2));
                output.Advance(2);
            }
            else
            {
                CopyText.WriteField(output, field.Written);
            }

            if (length == record.Length)
            {
                break;
            }

            record = record[(length + 1)..];
        }

        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
    }

    private static int Take(ReadOnlySpan<byte> record, RowBuffer field)
    {
        var comma = record.IndexOf((byte)',');
        var value = comma < 0 ? record : record[..comma];
        value.CopyTo(field.GetSpan(value.Length));
        field.Advance(value.Length);
        return value.Length;
    }

    private static int TakeQuoted(ReadOnlySpan<byte> record, RowBuffer field)
    {
        var position = 1;
        while (true)
        {
            var quote = position + record[position..].IndexOf((byte)'"');
            var isDoubled = quote + 1 < record.Length && record[quote + 1] == '"';
            var value = record[position..(isDoubled ? quote + 1 : quote)];
            value.CopyTo(field.GetSpan(value.Length));
            field.Advance(value.Length);
            position = quote + (isDoubled ? 2 : 1);
            if (!isDoubled)
            {
                return position;
            }
        }
    }

    // A line feed ends the record where the quotes before it are even.
    private bool TryFindEnd()
    {
        var isQuoted = false;
        for (var i = _start; i < _end;)
        {
            var stop = _buffer.AsSpan(i, _end - i).IndexOfAny((byte)'"', (byte)'\n');
            if (stop < 0)
            {
                return false;
            }

            i += stop + 1;
            if (_buffer[i - 1] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted)
            {
                _next = i;
                return true;
            }
        }

        return false;
    }

    // CR, LF and CR LF end a line.
    private static int CountLines(ReadOnlySpan<byte> record)
    {
        var lines = 0;
        for (var i = 0; i < record.Length; i++)
        {
            if (record[i] == '\n' || (record[i] == '\r' && record[i + 1] != '\n'))
            {
                lines++;
            }
        }

        return lines;
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _next = _start;
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
        _end += read;
        _isAtEnd = read == 0;
    }
}
