// hot path
using System.Globalization;

namespace RedshiftLocal.Copy.Records;

// How one record is cut: each of these returns false when its end is not among the bytes at hand.
internal sealed partial class RecordReader
{
    private bool ScanCsv()
    {
        var data = Buffer.AsSpan(Start, End - Start);
        var position = 0;
        var lines = 0;
        _fields.Clear();
        while (true)
        {
            var first = SkipBlanks(data, position);
            if (first == data.Length && !AtEnd)
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
                if (length < 0 && !AtEnd)
                {
                    return false;
                }

                stop = length < 0 ? data.Length : position + length;
                _fields.Add(position, stop - position, quoted: false, FieldCoding.Plain);
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
                return AtEnd && Fail(data, data.Length, lines, BadQuote(start - 1));
            }

            position += found;
            var last = position + 1 == data.Length;
            if (last && !AtEnd)
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

                    _fields.Add(start, position - start, quoted: true, doubled ? FieldCoding.Doubled : FieldCoding.Plain);
                    stop = SkipBlanks(data, position + 1);
                    if (stop == data.Length)
                    {
                        return AtEnd;
                    }

                    return data[stop] == _format.Delimiter || data[stop] is LineFeed or CarriageReturn
                        || Fail(data, stop, lines, BadQuote(position));
            }

            position++;
        }
    }

    private bool ScanDelimited()
    {
        var data = Buffer.AsSpan(Start, End - Start);
        var position = 0;
        _fields.Clear();
        while (true)
        {
            var length = data[position..].IndexOfAny(_unquotedStops);
            if (length < 0 && !AtEnd)
            {
                return false;
            }

            var stop = length < 0 ? data.Length : position + length;
            _fields.Add(position, stop - position, quoted: false, FieldCoding.Plain);
            if (stop < data.Length && data[stop] == _format.Delimiter)
            {
                position = stop + 1;
                continue;
            }

            return EndRecord(data, stop, lines: 0);
        }
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
                return (stop + 1 < data.Length || AtEnd) && Take(stop, BehindLineEnd(data, stop), lines);
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
            if (!AtEnd)
            {
                return false;
            }

            Problem = problem;
            return Take(data.Length, data.Length, lines);
        }

        var stop = from + rest;
        if (data[stop] == CarriageReturn && stop + 1 == data.Length && !AtEnd)
        {
            return false;
        }

        Problem = problem;
        return Take(stop, BehindLineEnd(data, stop), lines);
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
