// hot path
using System.Buffers;
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
internal sealed partial class RecordReader : IDisposable
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
}
