// hot path
using System.Buffers;

namespace Sluice.Sources.Csv;

/// <summary>Turns the bytes of a field with escapes or quoted parts into its value.</summary>
internal sealed class CsvUnescape(CsvDialect dialect, CsvParser parser)
{
    /// <summary>Appends the value of a well-formed field to <paramref name="output"/>.</summary>
    public void Write(ReadOnlySpan<byte> field, ArrayBufferWriter<byte> output)
    {
        var isQuoted = false;
        var at = 0;
        while (at < field.Length)
        {
            var next = field[at..].IndexOfAny(dialect.QuotedSpecials);
            if (next < 0)
            {
                output.Write(field[at..]);
                return;
            }

            output.Write(field.Slice(at, next));
            at += next;
            var length = parser.EscapeLength(field, at, isFinal: true);
            if (length > 0)
            {
                var mark = dialect.EscapeMark.Length;
                output.Write(field.Slice(at + mark, length - mark));
                at += length;
            }
            else if (!dialect.Quote.AsSpan().IsEmpty && field[at..].StartsWith(dialect.Quote))
            {
                at += dialect.Quote.Length;
                if (isQuoted && dialect.Escape == CsvEscape.Doubled && field[at..].StartsWith(dialect.Quote))
                {
                    output.Write(dialect.Quote);
                    at += dialect.Quote.Length;
                }
                else
                {
                    isQuoted = !isQuoted;
                }
            }
            else
            {
                output.Write(field.Slice(at, 1));
                at++;
            }
        }
    }
}
