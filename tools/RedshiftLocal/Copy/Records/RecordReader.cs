// hot path
using System.Buffers;
using System.Globalization;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.Records;

internal enum ReadState
{
    /// <summary>A record is there, good or with a <see cref="RecordReader.Problem"/>.</summary>
    Record,

    /// <summary><see cref="RecordReader.FillAsync"/> must be called.</summary>
    NeedsData,
    End,
}

/// <summary>
/// Cuts a stream of bytes into records and fields, CSV or plain delimited. Holds one buffer, never more than one record long.
/// Spans are valid until the next call of <see cref="Next"/> or <see cref="FillAsync"/>, a field's until the next field is taken.
/// </summary>
internal sealed class RecordReader : IDisposable
{
    public const int LongestRecord = 4 << 20;

    private const int FirstBuffer = 512 << 10;
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const byte Space = (byte)' ';
    private const byte Tab = (byte)'\t';

    private readonly Stream _stream;
    private readonly RecordFormat _format;
    private readonly SearchValues<byte> _unquotedStops;
    private readonly SearchValues<byte> _quotedStops;
    private readonly FieldTable _fields;
    private byte[] _buffer;
    private int _start;
    private int _next;
    private int _end;
    private bool _atEnd;
    private bool _discarding;
    private int _headersLeft;
    private int _recordLength;
    private long _nextLine = 1;

    public RecordReader(Stream stream, RecordFormat format, int expectedFields, int firstBuffer = FirstBuffer)
    {
        _stream = stream;
        _format = format;
        _headersLeft = format.IgnoreHeader;
        _fields = new FieldTable(expectedFields + 1, format.Quote);
        _buffer = ArrayPool<byte>.Shared.Rent(firstBuffer);
        Span<byte> stops = [LineFeed, CarriageReturn, format.Delimiter, 0, format.Quote];
        stops = format.Csv ? stops : stops[..4];
        _unquotedStops = SearchValues.Create(format.NulAllowed ? WithoutNul(stops) : stops);
        _quotedStops = SearchValues.Create(format.NulAllowed ? [LineFeed, CarriageReturn, format.Quote] : [LineFeed, CarriageReturn, 0, format.Quote]);
    }

    /// <summary>The physical line, 1-based, at which the record starts.</summary>
    public long Line { get; private set; }

    /// <summary>The number, 1-based, of the record in its file; header lines count as one each.</summary>
    public long RecordNumber { get; private set; }

    /// <summary>Where the record starts in the stream.</summary>
    public long Offset { get; private set; }

    /// <summary>The number of fields found, which may be more than can be taken.</summary>
    public int FieldCount => _fields.Count;

    public LoadProblem? Problem { get; private set; }

    /// <summary>The record as it stands in the file, without its line end; cut off where it is too long.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _recordLength);

    public bool IsBlank => _recordLength == 0;

    /// <summary>The field's bytes with quoting undone.</summary>
    public ReadOnlySpan<byte> Field(int index) => _fields.Value(index, _buffer.AsSpan(_start));

    public bool IsQuoted(int index) => _fields.IsQuoted(index);

    /// <summary>Finds the next record in the data at hand.</summary>
    public ReadState Next()
    {
        while (true)
        {
            Offset += _next - _start;
            _start = _next;
            _recordLength = 0;
            Problem = null;
            if (_discarding && !Discard())
            {
                return _atEnd ? ReadState.End : ReadState.NeedsData;
            }

            if (_start == _end)
            {
                return _atEnd ? ReadState.End : ReadState.NeedsData;
            }

            Line = _nextLine;
            if (_headersLeft > 0)
            {
                if (!SkipLine())
                {
                    return ReadState.NeedsData;
                }

                continue;
            }

            if (!(_format.Csv ? ScanCsv() : ScanDelimited()))
            {
                if (_end - _start <= LongestRecord)
                {
                    return ReadState.NeedsData;
                }

                Cut();
            }
            else if (_recordLength > LongestRecord)
            {
                Problem = LoadProblem.RecordTooLong;
            }

            RecordNumber++;
            if (IsBlank && _format.IgnoreBlankLines && Problem is null)
            {
                continue;
            }

            return ReadState.Record;
        }
    }

    /// <summary>Reads more of the stream after <see cref="ReadState.NeedsData"/>.</summary>
    public async ValueTask FillAsync(CancellationToken ct)
    {
        var kept = _end - _start;
        if (kept == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        }

        _start = 0;
        _next = 0;
        _end = kept;
        while (_end < _buffer.Length)
        {
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
            {
                _atEnd = true;
                return;
            }

            _end += read;
            if (_end - kept >= _buffer.Length / 4)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static Span<byte> WithoutNul(Span<byte> stops)
    {
        stops[3] = stops[0];
        return stops;
    }

    private bool ScanCsv()
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        var position = 0;
        var lines = 0;
        _fields.Clear();
        while (true)
        {
            var first = SkipBlanks(data, position);
            if (first == data.Length && !_atEnd)
            {
                return false;
            }

            int stop;
            if (first < data.Length && data[first] == _format.Quote)
            {
                if (!ScanQuoted(data, first + 1, ref lines, out stop))
                {
                    return false;
                }

                if (Problem is not null)
                {
                    return true;
                }
            }
            else
            {
                var length = data[position..].IndexOfAny(_unquotedStops);
                if (length < 0 && !_atEnd)
                {
                    return false;
                }

                stop = length < 0 ? data.Length : position + length;
                _fields.Add(position, stop - position, quoted: false, doubled: false);
            }

            if (stop < data.Length && data[stop] == _format.Delimiter)
            {
                position = stop + 1;
                continue;
            }

            return EndRecord(data, stop, lines);
        }
    }

    /// <summary>From behind the opening quote to the delimiter or line end behind the closing one.</summary>
    private bool ScanQuoted(Span<byte> data, int start, ref int lines, out int stop)
    {
        var doubled = false;
        var position = start;
        stop = 0;
        while (true)
        {
            var found = data[position..].IndexOfAny(_quotedStops);
            if (found < 0)
            {
                return _atEnd && Fail(data, data.Length, lines, BadQuote(start - 1));
            }

            position += found;
            var last = position + 1 == data.Length;
            if (last && !_atEnd)
            {
                return false;
            }

            switch (data[position])
            {
                case LineFeed:
                    lines++;
                    break;
                case CarriageReturn:
                    lines += last || data[position + 1] != LineFeed ? 1 : 0;
                    break;
                case 0:
                    return Fail(data, position + 1, lines, NulFound(data, position));
                default:
                    if (!last && data[position + 1] == _format.Quote)
                    {
                        doubled = true;
                        position++;
                        break;
                    }

                    _fields.Add(start, position - start, quoted: true, doubled);
                    stop = SkipBlanks(data, position + 1);
                    if (stop == data.Length)
                    {
                        return _atEnd;
                    }

                    return data[stop] == _format.Delimiter || data[stop] is LineFeed or CarriageReturn
                        || Fail(data, stop, lines, BadQuote(position));
            }

            position++;
        }
    }

    private bool ScanDelimited()
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        var position = 0;
        _fields.Clear();
        while (true)
        {
            var length = data[position..].IndexOfAny(_unquotedStops);
            if (length < 0 && !_atEnd)
            {
                return false;
            }

            var stop = length < 0 ? data.Length : position + length;
            AddDelimited(data, position, stop - position);
            if (stop < data.Length && data[stop] == _format.Delimiter)
            {
                position = stop + 1;
                continue;
            }

            return EndRecord(data, stop, lines: 0);
        }
    }

    private void AddDelimited(Span<byte> data, int start, int length)
    {
        var field = data.Slice(start, length);
        var quoted = _format.RemoveQuotes && length >= 2 && field[0] is (byte)'"' or (byte)'\'' && field[^1] == field[0];
        _fields.Add(quoted ? start + 1 : start, quoted ? length - 2 : length, quoted, doubled: false);
    }

    /// <summary>The byte at stop ends the record or must not be there. False: its line end is not all at hand.</summary>
    private bool EndRecord(Span<byte> data, int stop, int lines)
    {
        if (stop == data.Length)
        {
            return Take(stop, stop, lines);
        }

        switch (data[stop])
        {
            case LineFeed:
                return Take(stop, stop + 1, lines);
            case CarriageReturn:
                return (stop + 1 < data.Length || _atEnd) && Take(stop, BehindLineEnd(data, stop), lines);
            case 0:
                return Fail(data, stop + 1, lines, NulFound(data, stop));
            default:
                return Fail(data, stop + 1, lines, BadQuote(stop));
        }
    }

    /// <summary>A record that cannot be cut ends with the line in which the problem is met. False: that end is not at hand.</summary>
    private bool Fail(Span<byte> data, int from, int lines, LoadProblem problem)
    {
        var rest = data[from..].IndexOfAny(LineFeed, CarriageReturn);
        if (rest < 0)
        {
            if (!_atEnd)
            {
                return false;
            }

            Problem = problem;
            return Take(data.Length, data.Length, lines);
        }

        var stop = from + rest;
        if (data[stop] == CarriageReturn && stop + 1 == data.Length && !_atEnd)
        {
            return false;
        }

        Problem = problem;
        return Take(stop, BehindLineEnd(data, stop), lines);
    }

    private bool Take(int length, int consumed, int lines)
    {
        _recordLength = length;
        _next = _start + consumed;
        _nextLine += lines + 1;
        return true;
    }

    /// <summary>Gives up on a record longer than the limit: its beginning is shown, the rest up to a line feed is read over.</summary>
    private void Cut()
    {
        Problem = LoadProblem.RecordTooLong;
        _recordLength = 1024;
        _fields.Clear();
        _next = _end;
        _discarding = true;
        _nextLine++;
    }

    private bool Discard()
    {
        var found = _buffer.AsSpan(_start, _end - _start).IndexOf(LineFeed);
        var skipped = found < 0 ? _end - _start : found + 1;
        _start += skipped;
        _next = _start;
        Offset += skipped;
        _discarding = found < 0;
        return !_discarding;
    }

    private bool SkipLine()
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        var stop = data.IndexOfAny(LineFeed, CarriageReturn);
        if (stop < 0 ? !_atEnd : data[stop] == CarriageReturn && stop + 1 == data.Length && !_atEnd)
        {
            if (stop < 0)
            {
                Offset += data.Length;
                _start = _next = _end;
            }

            return false;
        }

        _next = stop < 0 ? _end : _start + BehindLineEnd(data, stop);
        _nextLine++;
        RecordNumber++;
        _headersLeft--;
        return true;
    }

    private static int BehindLineEnd(Span<byte> data, int stop) =>
        data[stop] == CarriageReturn && stop + 1 < data.Length && data[stop + 1] == LineFeed ? stop + 2 : stop + 1;

    private int SkipBlanks(Span<byte> data, int from)
    {
        while (from < data.Length && data[from] is Space or Tab && data[from] != _format.Delimiter)
        {
            from++;
        }

        return from;
    }

    private static LoadProblem BadQuote(int position) => new(1216, "Invalid quote formatting for CSV", position);

    private static LoadProblem NulFound(Span<byte> data, int position)
    {
        var next = position + 1 < data.Length ? data[position + 1] : LineFeed;
        return new LoadProblem(
            1216,
            string.Create(CultureInfo.InvariantCulture, $"Missing newline: Unexpected character 0x{next:x2} found at location {position + 1}"),
            position);
    }
}
