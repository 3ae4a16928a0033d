// hot path
using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Sluice.Batches;

namespace Sluice.Targets.Redshift;

/// <summary>
/// Turns rows of COPY text into rows of CSV for staging, and refuses what COPY would refuse or change. NULL is a marker: COPY takes
/// an empty field for NULL or for the empty string, as the column's type is, quoted or not.
/// https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
/// </summary>
internal sealed class RedshiftRowEncoder(ImmutableArray<RedshiftColumn> columns, byte[] marker)
{
    /// <summary>https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html: the largest single row.</summary>
    public const int LongestRow = 4 << 20;

    // Letters, digits and the like: neither quotes nor a check are needed.
    private static readonly SearchValues<byte> Harmless = SearchValues.Create(
        " !#$%&()*+-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{}~"u8);

    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\",\\'|"u8);

    private static readonly JsonReaderOptions StrictJson = new() { MaxDepth = 1000, CommentHandling = JsonCommentHandling.Disallow };

    private readonly RedshiftColumn[] _columns = [.. columns];
    private readonly RowBuffer _unescaped = new(4096, keptBytes: 1 << 20);

    /// <summary>The last row holds a line break within a value.</summary>
    public bool HasLineBreak { get; private set; }

    /// <summary>NULL was written, or a value that COPY would take for one: NULL AS is needed. Stays until it is reset.</summary>
    public bool NeedsMarker { get; set; }

    /// <summary>Appends the row as CSV with its line feed; or appends nothing and says why.</summary>
    /// <param name="row">One line of COPY text with its line feed.</param>
    /// <param name="index">The row's number, for the refusal.</param>
    /// <param name="output">Takes the CSV.</param>
    public ServerRefusal? Encode(ReadOnlySpan<byte> row, int index, RowBuffer output)
    {
        var start = output.Position;
        HasLineBreak = false;
        row = row[..^1];
        for (var i = 0; i < _columns.Length; i++)
        {
            if (i > 0)
            {
                output.GetSpan(1)[0] = (byte)',';
                output.Advance(1);
            }

            var column = _columns[i];
            var value = Next(ref row, out var isNull);
            var problem = isNull ? Null(column, output) : Value(column, value, output);
            if (problem != RedshiftProblem.None)
            {
                output.Position = start;
                return RedshiftProblems.Describe(problem, column, value, index);
            }
        }

        if (output.Position - start > LongestRow)
        {
            output.Position = start;
            return RedshiftProblems.Describe(RedshiftProblem.RowTooLong, null, [], index);
        }

        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
        return null;
    }

    /// <summary>Takes a field off the row, its escapes undone.</summary>
    private ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> row, out bool isNull)
    {
        var stop = row.IndexOfAny((byte)'\t', (byte)'\\');
        isNull = false;
        if (stop < 0 || row[stop] == '\t')
        {
            var plain = stop < 0 ? row : row[..stop];
            row = stop < 0 ? [] : row[(stop + 1)..];
            return plain;
        }

        var end = row.IndexOf((byte)'\t');
        var field = end < 0 ? row : row[..end];
        row = end < 0 ? [] : row[(end + 1)..];
        isNull = field.SequenceEqual("\\N"u8);
        return isNull ? [] : Unescape(field);
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> field)
    {
        _unescaped.Reset();
        var room = _unescaped.GetSpan(field.Length);
        var length = 0;
        for (var stop = field.IndexOf((byte)'\\'); stop >= 0 && stop + 1 < field.Length; stop = field.IndexOf((byte)'\\'))
        {
            field[..stop].CopyTo(room[length..]);
            length += stop;
            room[length++] = field[stop + 1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'t' => (byte)'\t',
                (byte)'n' => (byte)'\n',
                (byte)'v' => (byte)'\v',
                (byte)'f' => (byte)'\f',
                (byte)'r' => (byte)'\r',
                var other => other,
            };
            field = field[(stop + 2)..];
        }

        field.CopyTo(room[length..]);
        return room[..(length + field.Length)];
    }

    private RedshiftProblem Null(RedshiftColumn column, RowBuffer output)
    {
        if (column.IsNotNull)
        {
            return RedshiftProblem.NotNull;
        }

        NeedsMarker = true;
        marker.CopyTo(output.GetSpan(marker.Length));
        output.Advance(marker.Length);
        return RedshiftProblem.None;
    }

    private RedshiftProblem Value(RedshiftColumn column, ReadOnlySpan<byte> value, RowBuffer output)
    {
        switch (column.Kind)
        {
            case RedshiftKind.Boolean:
                return RedshiftNumbers.Boolean(value, output);
            case RedshiftKind.Integer:
                return RedshiftNumbers.Integer(value, column.Most, output);
            case RedshiftKind.Float:
                return RedshiftNumbers.Float(value, column.MaxBytes == 4, output);
            case RedshiftKind.Numeric:
                return RedshiftNumbers.Numeric(value, column, output);
            case RedshiftKind.Char:
                value = Fit(value, column.MaxBytes);
                var foreign = value.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
                return foreign >= 0 ? RedshiftProblem.NotAscii : value.Length > column.MaxBytes ? RedshiftProblem.TooLong : Text(value, output);
            case RedshiftKind.Varchar:
                value = Fit(value, column.MaxBytes);
                return value.Length > column.MaxBytes ? RedshiftProblem.TooLong : Text(value, output);
            case RedshiftKind.Date:
                return Judged(RedshiftDates.Date(value, column, output), value, output);
            case RedshiftKind.Time:
            case RedshiftKind.TimeTz:
                return Judged(RedshiftDates.Time(value, column, column.Kind == RedshiftKind.TimeTz, output), value, output);
            case RedshiftKind.Timestamp:
                return Judged(RedshiftDates.Timestamp(value, column, output), value, output);
            case RedshiftKind.TimestampTz:
                return Judged(RedshiftDates.TimestampTz(value, column, output), value, output);
            case RedshiftKind.Super:
                return IsJson(value) ? Text(value, output) : RedshiftProblem.Json;
            case RedshiftKind.Varbyte:
                return Hex(value, column.MaxBytes, output);
            default:
                return value.IsEmpty ? RedshiftProblem.Syntax : Text(value, output);
        }
    }

    // As in PostgreSQL, blanks beyond the length are cut off.
    private static ReadOnlySpan<byte> Fit(ReadOnlySpan<byte> value, int length) =>
        value.Length > length && !value[length..].ContainsAnyExcept((byte)' ') ? value[..length] : value;

    private RedshiftProblem Text(ReadOnlySpan<byte> value, RowBuffer output)
    {
        if (value.SequenceEqual(marker))
        {
            return RedshiftProblem.Marker;
        }

        var isHarmless = !value.ContainsAnyExcept(Harmless);
        if (!isHarmless && !Utf8.IsValid(value))
        {
            return RedshiftProblem.NotUtf8;
        }

        if (value.IsEmpty || value[0] == ' ' || value[^1] == ' ' || (!isHarmless && value.ContainsAny(NeedsQuotes)))
        {
            return Quote(value, output);
        }

        value.CopyTo(output.GetSpan(value.Length));
        output.Advance(value.Length);
        return RedshiftProblem.None;
    }

    private RedshiftProblem Quote(ReadOnlySpan<byte> value, RowBuffer output)
    {
        if (value.Contains((byte)0))
        {
            return RedshiftProblem.Nul;
        }

        // Quotes would not keep it from being NULL by default.
        NeedsMarker |= value.SequenceEqual("\\N"u8);
        HasLineBreak |= value.ContainsAny((byte)'\n', (byte)'\r');
        var room = output.GetSpan(value.Length + value.Count((byte)'"') + 2);
        var length = 0;
        room[length++] = (byte)'"';
        for (var quote = value.IndexOf((byte)'"'); quote >= 0; quote = value.IndexOf((byte)'"'))
        {
            value[..(quote + 1)].CopyTo(room[length..]);
            length += quote + 1;
            room[length++] = (byte)'"';
            value = value[(quote + 1)..];
        }

        value.CopyTo(room[length..]);
        length += value.Length;
        room[length++] = (byte)'"';
        output.Advance(length);
        return RedshiftProblem.None;
    }

    private RedshiftProblem Judged(RedshiftDates.Verdict verdict, ReadOnlySpan<byte> value, RowBuffer output) => verdict switch
    {
        RedshiftDates.Verdict.Written => RedshiftProblem.None,
        RedshiftDates.Verdict.Ask => Text(value, output),
        RedshiftDates.Verdict.Range => RedshiftProblem.DateRange,
        RedshiftDates.Verdict.Infinite => RedshiftProblem.Infinite,
        _ => RedshiftProblem.DateSyntax,
    };

    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value, StrictJson);
            while (reader.Read())
            {
                // Every token is checked by being read.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static RedshiftProblem Hex(ReadOnlySpan<byte> value, int maxBytes, RowBuffer output)
    {
        var digits = value.StartsWith("\\x"u8) ? value[2..] : value;
        if (!IsHex(digits))
        {
            return RedshiftProblem.HexDigit;
        }

        if ((digits.Length & 1) != 0)
        {
            return RedshiftProblem.HexOdd;
        }

        if (digits.Length / 2 > maxBytes)
        {
            return RedshiftProblem.TooLong;
        }

        if (digits.IsEmpty)
        {
            return RedshiftProblem.EmptyBytes;
        }

        digits.CopyTo(output.GetSpan(digits.Length));
        output.Advance(digits.Length);
        return RedshiftProblem.None;
    }

    private static bool IsHex(ReadOnlySpan<byte> digits)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        return true;
    }
}
