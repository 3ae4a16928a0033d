// hot path
using System.Buffers;
using RedshiftLocal.Copy.Commands;

namespace RedshiftLocal.Copy.Records;

/// <summary>CSV, delimited and fixed-width text.</summary>
internal sealed partial class RecordReader : RecordSource
{
    private const byte Space = (byte)' ';
    private const byte Tab = (byte)'\t';
    private const byte Backslash = (byte)'\\';

    private readonly RecordFormat _format;
    private readonly SearchValues<byte> _lineStops;
    private readonly SearchValues<byte> _unquotedStops;
    private readonly SearchValues<byte> _quotedStops;
    private readonly FieldTable _fields;
    private bool _discarding;
    private int _headersLeft;
    private long _nextLine = 1;

    public RecordReader(Stream stream, RecordFormat format, int expectedFields, int firstBuffer = FirstBuffer)
        : base(stream, firstBuffer)
    {
        _format = format;
        _headersLeft = format.IgnoreHeader;
        _fields = new FieldTable(expectedFields + 1, format.Quote);
        List<byte> stops = [LineFeed, CarriageReturn];
        if (!format.NulAllowed)
        {
            stops.Add(0);
        }

        _lineStops = SearchValues.Create([.. stops]);
        _quotedStops = SearchValues.Create(format.Csv ? [.. stops, format.Quote] : format.Escape ? [.. stops, (byte)'"', (byte)'\'', Backslash] : [.. stops, (byte)'"', (byte)'\'']);
        stops.Add(format.Delimiter);
        _unquotedStops = SearchValues.Create(format.Csv ? [.. stops, format.Quote] : format.Escape ? [.. stops, Backslash] : [.. stops]);
    }

    public override int FieldCount => _fields.Count;

    public override ReadOnlySpan<byte> Field(int index) => _fields.Value(index, Buffer.AsSpan(Start));

    public override bool IsQuoted(int index) => _fields.IsQuoted(index);

    /// <summary>Before escapes are undone or after: with ESCAPE the default marker may be written as \N and as \\N.</summary>
    public override bool IsNull(int index, ReadOnlySpan<byte> marker)
    {
        var record = Buffer.AsSpan(Start);
        var written = _fields.Written(index, record);
        return (IsFixed ? written.TrimEnd(Space) : written).SequenceEqual(marker) || (_fields.IsCoded(index) && _fields.Value(index, record).SequenceEqual(marker));
    }

    /// <summary>Finds the next record in the data at hand.</summary>
    public override ReadState Next()
    {
        while (true)
        {
            Offset += NextStart - Start;
            Start = NextStart;
            RecordLength = 0;
            Problem = null;
            if (_discarding && !Discard())
            {
                return AtEnd ? ReadState.End : ReadState.NeedsData;
            }

            if (Start == End)
            {
                return AtEnd ? ReadState.End : ReadState.NeedsData;
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

            if (!Scan())
            {
                if (End - Start <= LongestRecord)
                {
                    return ReadState.NeedsData;
                }

                Cut();
            }
            else if (RecordLength > LongestRecord)
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

    private bool IsFixed => !_format.Widths.IsEmpty;

    private bool Scan() => _format switch
    {
        { Csv: true } => ScanCsv(),
        { Widths.IsEmpty: false } => ScanFixed(),
        { Escape: true } or { RemoveQuotes: true } => ScanMarked(),
        _ => ScanDelimited(),
    };

    private bool Take(int length, int consumed, int lines)
    {
        RecordLength = length;
        NextStart = Start + consumed;
        _nextLine += lines + 1;
        return true;
    }

    /// <summary>Gives up on a record longer than the limit: its beginning is shown, the rest up to a line feed is read over.</summary>
    private void Cut()
    {
        Problem = LoadProblem.RecordTooLong;
        RecordLength = 1024;
        _fields.Clear();
        NextStart = End;
        _discarding = true;
        _nextLine++;
    }

    private bool Discard()
    {
        var found = Buffer.AsSpan(Start, End - Start).IndexOf(LineFeed);
        var skipped = found < 0 ? End - Start : found + 1;
        Start += skipped;
        NextStart = Start;
        Offset += skipped;
        _discarding = found < 0;
        return !_discarding;
    }

    private bool SkipLine()
    {
        var data = Buffer.AsSpan(Start, End - Start);
        var stop = data.IndexOfAny(LineFeed, CarriageReturn);
        if (stop < 0 ? !AtEnd : data[stop] == CarriageReturn && stop + 1 == data.Length && !AtEnd)
        {
            if (stop < 0)
            {
                Offset += data.Length;
                Start = NextStart = End;
            }

            return false;
        }

        NextStart = stop < 0 ? End : Start + BehindLineEnd(data, stop);
        _nextLine++;
        RecordNumber++;
        _headersLeft--;
        return true;
    }
}
