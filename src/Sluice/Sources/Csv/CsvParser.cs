// hot path
using System.Runtime.CompilerServices;

namespace Sluice.Sources.Csv;

/// <summary>
/// Finds the fields of one record. A field is unquoted text, optionally followed by one quoted part; after the closing quote only
/// blanks may follow (when they are trimmed), a separator or the line's end. Keeps the first <paramref name="capacity"/> fields, counts all.
/// </summary>
internal sealed class CsvParser(CsvDialect dialect, int capacity)
{
    private readonly TextField[] _fields = new TextField[Math.Max(1, capacity)];
    private readonly byte _separator = dialect.Separator[0];
    private readonly byte _terminator = dialect.Terminator[0];
    private readonly byte _quote = dialect.Quote.Length > 0 ? dialect.Quote[0] : (byte)0;
    private readonly byte _escape = dialect.EscapeMark.Length > 0 ? dialect.EscapeMark[0] : (byte)0;
    private readonly bool _hasQuote = dialect.Quote.Length > 0;
    private readonly bool _hasEscape = dialect.EscapeMark.Length > 0;
    private readonly bool _isPlain = dialect.Separator.Length == 1 && dialect.Terminator.Length == 1 && dialect.Quote.Length == 1
        && dialect.EscapeMark.Length == 0;

    private int _fieldCount;

    /// <summary>Fields of the last record, kept or not.</summary>
    public int FieldCount => _fieldCount;

    /// <summary>The kept fields of the last record.</summary>
    public ReadOnlySpan<TextField> Fields => _fields.AsSpan(0, KeptCount);

    /// <summary>How many of <see cref="Slots"/> the last record fills.</summary>
    public int KeptCount => Math.Min(_fieldCount, _fields.Length);

    /// <summary>Where the kept fields are put.</summary>
    public TextField[] Slots => _fields;

    /// <summary>Length of the last record with its terminator; for a stray quote, where the text begins; for an open quote, where it opened.</summary>
    public int Position { get; private set; }

    /// <summary>Whether the last record may hold line ends inside its fields.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>True for a line that is no row: empty, or only blanks where those are trimmed.</summary>
    public bool IsEmptyLine => _fieldCount == 1 && _fields[0].Kind == TextFieldKind.Null;

    /// <summary>Reads the record at the beginning of <paramref name="text"/>, which is not empty.</summary>
    public CsvStatus Parse(ReadOnlySpan<byte> text, bool isFinal)
    {
        _fieldCount = 0;
        HasQuotes = false;
        var start = 0;
        while (true)
        {
            var at = start;
            var literalEnd = -1;
            while (true)
            {
                var next = _isPlain ? text[at..].IndexOfAny(_separator, _terminator, _quote) : text[at..].IndexOfAny(dialect.Specials);
                if (next < 0)
                {
                    if (!isFinal)
                    {
                        return CsvStatus.NeedsData;
                    }

                    AddUnquoted(text, start, text.Length, literalEnd);
                    Position = text.Length;
                    return CsvStatus.Record;
                }

                at += next;
                var b = text[at];
                if (b == _separator && StartsWith(text, at, dialect.Separator))
                {
                    AddUnquoted(text, start, at, literalEnd);
                    start = at + dialect.Separator.Length;
                    break;
                }

                if (b == _terminator && StartsWith(text, at, dialect.Terminator))
                {
                    AddUnquoted(text, start, at, literalEnd);
                    Position = at + dialect.Terminator.Length;
                    return CsvStatus.Record;
                }

                if (_hasQuote && b == _quote && StartsWith(text, at, dialect.Quote))
                {
                    var status = ParseQuoted(text, start, at, literalEnd, isFinal, out var end);
                    Position = end;
                    if (status is not null)
                    {
                        return status.Value;
                    }

                    start = end;
                    break;
                }

                var length = EscapeLength(text, at, isFinal);
                if (length < 0 || (!isFinal && IsCut(text, at)))
                {
                    return CsvStatus.NeedsData;
                }

                if (length > 0)
                {
                    HasQuotes = true;
                    literalEnd = at + length;
                }

                at += Math.Max(1, length);
            }
        }
    }

    /// <summary>
    /// Length of the escape at <paramref name="at"/> with what it escapes; 0 when it is none; -1 when that depends on bytes to come.
    /// The same inside and outside of quotes, so that lines read again after an open quote see the same quotes.
    /// </summary>
    internal int EscapeLength(ReadOnlySpan<byte> text, int at, bool isFinal)
    {
        if (!_hasEscape || text[at] != _escape || !StartsWith(text, at, dialect.EscapeMark))
        {
            return 0;
        }

        var next = at + dialect.EscapeMark.Length;
        if (next >= text.Length)
        {
            return isFinal ? 0 : -1;
        }

        if (dialect.Escape == Csv.CsvEscape.Following)
        {
            var length = text[next] switch { < 0xC2 => 1, < 0xE0 => 2, < 0xF0 => 3, < 0xF5 => 4, _ => 1 };
            return next + length <= text.Length ? next + length - at
                : isFinal ? text.Length - at : -1;
        }

        if (StartsWith(text, next, dialect.Quote))
        {
            return next + dialect.Quote.Length - at;
        }

        if (dialect.Escape == Csv.CsvEscape.BeforeQuoteOrItself && StartsWith(text, next, dialect.EscapeMark))
        {
            return next + dialect.EscapeMark.Length - at;
        }

        return !isFinal && IsCut(text, next) ? -1 : 0;
    }

    // Null: the field ended with a separator and parsing goes on at end.
    private CsvStatus? ParseQuoted(ReadOnlySpan<byte> text, int start, int open, int literalEnd, bool isFinal, out int end)
    {
        HasQuotes = true;
        var quoteLength = dialect.Quote.Length;
        var isEscaped = literalEnd >= 0;
        var at = open + quoteLength;
        end = open;
        while (true)
        {
            var next = _hasEscape ? text[at..].IndexOfAny(dialect.QuotedSpecials) : text[at..].IndexOf(_quote);
            if (next < 0)
            {
                return isFinal ? CsvStatus.OpenQuote : CsvStatus.NeedsData;
            }

            at += next;
            if (text[at] == _quote && StartsWith(text, at, dialect.Quote))
            {
                if (dialect.Escape != Csv.CsvEscape.Doubled)
                {
                    break;
                }

                var after = at + quoteLength;
                if (!isFinal && (after == text.Length || (text.Length - after < quoteLength && IsCut(text, after))))
                {
                    return CsvStatus.NeedsData;
                }

                if (!StartsWith(text, after, dialect.Quote))
                {
                    break;
                }

                isEscaped = true;
                at = after + quoteLength;
                continue;
            }

            var length = EscapeLength(text, at, isFinal);
            if (length < 0 || (!isFinal && IsCut(text, at)))
            {
                return CsvStatus.NeedsData;
            }

            isEscaped |= length > 0;
            at += Math.Max(1, length);
        }

        var close = at;
        at += quoteLength;
        if (dialect.Trim)
        {
            while (at < text.Length && dialect.IsBlank(text[at]))
            {
                at++;
            }

            while (start < open && dialect.IsBlank(text[start]))
            {
                start++;
            }
        }

        if (!isFinal && (at == text.Length || IsCut(text, at)))
        {
            return CsvStatus.NeedsData;
        }

        var isSeparator = StartsWith(text, at, dialect.Separator);
        if (!isSeparator && at < text.Length && !StartsWith(text, at, dialect.Terminator))
        {
            end = at;
            return CsvStatus.StrayQuote;
        }

        if (isEscaped || start < open)
        {
            Add(start, close + quoteLength - start, TextFieldKind.Escaped);
        }
        else
        {
            Add(open + quoteLength, close - open - quoteLength, TextFieldKind.Plain);
        }

        end = at == text.Length ? at : at + (isSeparator ? dialect.Separator.Length : dialect.Terminator.Length);
        return isSeparator ? null : CsvStatus.Record;
    }

    // literalEnd: index after the last escape, or -1; blanks before it are not trimmed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddUnquoted(ReadOnlySpan<byte> text, int start, int end, int literalEnd)
    {
        if (dialect.Trim && start < end && (text[start] <= ' ' || text[end - 1] <= ' '))
        {
            (start, end) = TrimBlanks(text, start, end, literalEnd);
        }

        Add(start, end - start, start == end ? TextFieldKind.Null : literalEnd >= 0 ? TextFieldKind.Escaped : TextFieldKind.Plain);
    }

    private (int Start, int End) TrimBlanks(ReadOnlySpan<byte> text, int start, int end, int literalEnd)
    {
        while (start < end && dialect.IsBlank(text[start]))
        {
            start++;
        }

        while (end > start && end > literalEnd && dialect.IsBlank(text[end - 1]))
        {
            end--;
        }

        return (start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int start, int length, TextFieldKind kind)
    {
        if ((uint)_fieldCount < (uint)_fields.Length)
        {
            _fields[_fieldCount] = new TextField(start, length, kind);
        }

        _fieldCount++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool StartsWith(ReadOnlySpan<byte> text, int at, byte[] what) =>
        what.Length == 1 ? at < text.Length && text[at] == what[0] : text[at..].StartsWith(what);

    // Whether a character of several bytes, of the separator or another mark, may be cut off by the end of the bytes at hand.
    private bool IsCut(ReadOnlySpan<byte> text, int at)
    {
        var rest = text[at..];
        return IsPrefix(rest, dialect.Separator) || IsPrefix(rest, dialect.Terminator)
            || IsPrefix(rest, dialect.Quote) || IsPrefix(rest, dialect.EscapeMark);
    }

    private static bool IsPrefix(ReadOnlySpan<byte> rest, byte[] what) =>
        rest.Length > 0 && rest.Length < what.Length && what.AsSpan().StartsWith(rest);
}
