// hot path
using System.Buffers;

namespace Sluice.Sources.Csv;

/// <summary>Turns the bytes of a field with escapes or quoted parts into its value, which is never longer.</summary>
internal sealed class CsvUnescape(CsvDialect dialect, CsvParser parser) : IFieldUnescape
{
    private readonly byte[] _quote = dialect.Quote;
    private readonly bool _isDoubled = dialect.Escape == CsvEscape.Doubled;

    public void Write(ReadOnlySpan<byte> field, ArrayBufferWriter<byte> output)
    {
        var target = output.GetSpan(field.Length);
        var length = 0;
        var isQuoted = false;
        var at = 0;
        while (at < field.Length)
        {
            var next = field[at..].IndexOfAny(dialect.QuotedSpecials);
            next = next < 0 ? field.Length - at : next;
            field.Slice(at, next).CopyTo(target[length..]);
            at += next;
            length += next;
            if (at == field.Length)
            {
                break;
            }

            var (taken, kept) = Special(field, at, ref isQuoted);
            field.Slice(at + taken - kept, kept).CopyTo(target[length..]);
            at += taken;
            length += kept;
        }

        output.Advance(length);
    }

    // Bytes to take from the field, and how many of them, the last, belong to the value.
    private (int Taken, int Kept) Special(ReadOnlySpan<byte> field, int at, ref bool isQuoted)
    {
        var escape = parser.EscapeLength(field, at, isFinal: true);
        if (escape > 0)
        {
            return (escape, escape - dialect.EscapeMark.Length);
        }

        if (_quote.Length == 0 || !field[at..].StartsWith(_quote))
        {
            return (1, 1);
        }

        if (isQuoted && _isDoubled && field[(at + _quote.Length)..].StartsWith(_quote))
        {
            return (2 * _quote.Length, _quote.Length);
        }

        isQuoted = !isQuoted;
        return (_quote.Length, 0);
    }
}
