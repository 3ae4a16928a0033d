// hot path
using System.Buffers;
using System.Text;

namespace Sluice.Sources.CopyText;

/// <summary>
/// Finds the fields of one record as PostgreSQL does: whatever follows a backslash separates and ends nothing. Keeps the first
/// <paramref name="capacity"/> fields, counts all.
/// </summary>
internal sealed class CopyTextParser(string delimiter, string nullMarker, int capacity)
{
    private readonly byte[] _delimiter = Encoding.UTF8.GetBytes(delimiter);
    private readonly byte[] _nullMarker = Encoding.UTF8.GetBytes(nullMarker);
    private readonly SearchValues<byte> _specials = SearchValues.Create([Encoding.UTF8.GetBytes(delimiter)[0], (byte)'\n', (byte)'\r', (byte)'\\']);
    private bool _hasMark;
    private bool _isEscaped;

    /// <summary>Where the kept fields lie.</summary>
    public TextField[] Slots { get; } = new TextField[Math.Max(1, capacity)];

    /// <summary>Fields of the last record, kept or not.</summary>
    public int FieldCount { get; private set; }

    public int KeptCount => Math.Min(FieldCount, Slots.Length);

    /// <summary>Length of the last record with its line end.</summary>
    public int Position { get; private set; }

    /// <summary>Length of the last record without its line end, which is LF or CR LF.</summary>
    public int ContentLength { get; private set; }

    /// <summary>Line ends inside the last record, each behind a backslash.</summary>
    public int InnerLines { get; private set; }

    /// <summary>The last record has escapes by number: what they come to may be no text.</summary>
    public bool HasNumbers { get; private set; }

    /// <summary>The last record is spelled as PostgreSQL spells it: a server reads it as it is.</summary>
    public bool IsCanonical { get; private set; }

    /// <summary>The input ended behind a backslash.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The last record is the mark <c>\.</c>.</summary>
    public bool IsEndMark => _hasMark && FieldCount == 1 && ContentLength == 2;

    /// <summary>The mark <c>\.</c> stands in the last record, and something else too.</summary>
    public bool HasStrayMark => _hasMark && !IsEndMark;

    /// <summary>Reads the record at the beginning of <paramref name="text"/>, which is not empty. False: it does not end in the bytes at hand.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, bool isFinal)
    {
        (FieldCount, InnerLines) = (0, 0);
        (_hasMark, _isEscaped, HasNumbers, IsCut, IsCanonical) = (false, false, false, false, true);
        var start = 0;
        var at = 0;
        var literalEnd = 0;
        while (true)
        {
            var next = text[at..].IndexOfAny(_specials);
            if (next < 0)
            {
                return isFinal && End(text, start, text.Length, text.Length, literalEnd);
            }

            at += next;
            var b = text[at];
            if (b == '\n')
            {
                return End(text, start, at, at + 1, literalEnd);
            }

            if (b == '\\')
            {
                if (at + 1 == text.Length)
                {
                    IsCut = true;
                    IsCanonical = false;
                    return isFinal && End(text, start, text.Length, text.Length, text.Length);
                }

                Escape(text[at + 1], at == start);
                at += 2;
                literalEnd = at;
            }
            else if (b == '\r')
            {
                // Before a newline it is the line's end; elsewhere a server would not take it as it is.
                if (!isFinal && at + 1 == text.Length)
                {
                    return false;
                }

                at++;
                IsCanonical &= at == text.Length || text[at] == '\n';
            }
            else if (_delimiter.Length == 1 || text[at..].StartsWith(_delimiter))
            {
                Add(text, start, at);
                at += _delimiter.Length;
                start = at;
            }
            else if (!isFinal && _delimiter.AsSpan().StartsWith(text[at..]))
            {
                return false;
            }
            else
            {
                at++;
            }
        }
    }

    private bool End(ReadOnlySpan<byte> text, int start, int end, int position, int literalEnd)
    {
        end -= end > literalEnd && end > start && text[end - 1] == '\r' ? 1 : 0;
        Add(text, start, end);
        Position = position;
        ContentLength = end;
        return true;
    }

    private void Escape(byte escaped, bool isFirst)
    {
        _isEscaped = true;
        switch (escaped)
        {
            case (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'v' or (byte)'\\':
                return;
            case (byte)'N':
                // The whole field, or it is found to be more.
                IsCanonical &= isFirst;
                return;
            case (byte)'.':
                _hasMark = true;
                break;
            case (byte)'\n':
                InnerLines++;
                break;
            case (byte)'x' or (>= (byte)'0' and <= (byte)'7'):
                HasNumbers = true;
                break;
        }

        IsCanonical = false;
    }

    private void Add(ReadOnlySpan<byte> text, int start, int end)
    {
        var length = end - start;
        var kind = length == _nullMarker.Length && text.Slice(start, length).SequenceEqual(_nullMarker) ? TextFieldKind.Null
            : _isEscaped ? TextFieldKind.Escaped : TextFieldKind.Plain;
        IsCanonical &= kind != TextFieldKind.Escaped || length < 2 || text[start] != '\\' || text[start + 1] != 'N';
        if (FieldCount < Slots.Length)
        {
            Slots[FieldCount] = new TextField(start, length, kind);
        }

        FieldCount++;
        _isEscaped = false;
    }
}
