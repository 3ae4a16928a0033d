// hot path
namespace RedshiftLocal.Copy.Records;

// Delimited text with ESCAPE or REMOVEQUOTES, and fixed widths.
internal sealed partial class RecordReader
{
    private static readonly LoadProblem EndQuoteMissing = new(1214, "Delimited value missing end quote");
    private static readonly LoadProblem EscapeAtEnd = new(1216, "Missing newline: the data end behind an escape character");

    /// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html, ESCAPE and REMOVEQUOTES</remarks>
    private bool ScanMarked()
    {
        var data = Buffer.AsSpan(Start, End - Start);
        var position = 0;
        var lines = 0;
        _fields.Clear();
        while (true)
        {
            if (position == data.Length && !AtEnd)
            {
                return false;
            }

            if (!ScanField(data, position, ref lines, out var stop))
            {
                return false;
            }

            if (Problem is not null)
            {
                return true;
            }

            if (stop < data.Length && data[stop] == _format.Delimiter)
            {
                position = stop + 1;
                continue;
            }

            return EndRecord(data, stop, lines);
        }
    }

    /// <summary>Up to the delimiter or line end behind the field. False: it is not at hand.</summary>
    private bool ScanField(Span<byte> data, int start, ref int lines, out int stop)
    {
        var quote = _format.RemoveQuotes && start < data.Length && data[start] is (byte)'"' or (byte)'\'' ? data[start] : (byte)0;
        var stops = quote == 0 ? _unquotedStops : _quotedStops;
        var position = quote == 0 ? start : start + 1;
        var coding = FieldCoding.Plain;
        while (true)
        {
            var found = data[position..].IndexOfAny(stops);
            stop = found < 0 ? data.Length : position + found;
            if (found < 0 || (stop + 1 == data.Length && data[stop] is not LineFeed))
            {
                if (!AtEnd)
                {
                    return false;
                }
            }

            if (found < 0)
            {
                return quote == 0 ? EndField(start, stop, coding) : Fail(data, stop, lines, EndQuoteMissing);
            }

            switch (data[stop])
            {
                case Backslash when _format.Escape:
                    if (stop + 1 == data.Length)
                    {
                        return Fail(data, data.Length, lines, EscapeAtEnd);
                    }

                    if (data[stop + 1] == 0 && !_format.NulAllowed)
                    {
                        return Fail(data, stop + 2, lines, NulFound(data, stop + 1));
                    }

                    lines += data[stop + 1] == LineFeed ? 1 : 0;
                    coding = FieldCoding.Escaped;
                    position = stop + 2;
                    break;
                case 0:
                    return Fail(data, stop + 1, lines, NulFound(data, stop));
                case LineFeed or CarriageReturn when quote != 0:
                    return Fail(data, stop, lines, EndQuoteMissing);
                case var mark when quote != 0:
                    if (mark == quote && IsFieldEnd(data, stop + 1))
                    {
                        _fields.Add(start + 1, stop - start - 1, quoted: true, coding);
                        stop++;
                        return true;
                    }

                    position = stop + 1;
                    break;
                default:
                    return EndField(start, stop, coding);
            }
        }
    }

    private bool EndField(int start, int stop, FieldCoding coding)
    {
        _fields.Add(start, stop - start, quoted: false, coding);
        return true;
    }

    private bool IsFieldEnd(Span<byte> data, int index) => index == data.Length || data[index] == _format.Delimiter || data[index] is LineFeed or CarriageReturn;

    /// <summary>Widths are characters; what a line lacks at its end is missing, what it has beyond the last width is one field more.</summary>
    private bool ScanFixed()
    {
        var data = Buffer.AsSpan(Start, End - Start);
        var length = data.IndexOfAny(_lineStops);
        if (length < 0 && !AtEnd)
        {
            return false;
        }

        var stop = length < 0 ? data.Length : length;
        _fields.Clear();
        var position = 0;
        foreach (var width in _format.Widths)
        {
            if (position == stop)
            {
                break;
            }

            var end = BehindCharacters(data[..stop], position, width);
            _fields.Add(position, end - position, quoted: false, FieldCoding.Plain);
            position = end;
        }

        if (position < stop)
        {
            _fields.Add(position, stop - position, quoted: false, FieldCoding.Plain);
        }

        return EndRecord(data, stop, lines: 0);
    }

    private static int BehindCharacters(Span<byte> data, int position, int count)
    {
        while (position < data.Length)
        {
            if ((data[position] & 0xC0) != 0x80 && --count < 0)
            {
                break;
            }

            position++;
        }

        return position;
    }
}
