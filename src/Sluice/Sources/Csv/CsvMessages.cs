using System.Text;
using Sluice.Diagnostics;

namespace Sluice.Sources.Csv;

/// <summary>Why records are rejected: a first line that is the same for the same kind of fault, so that they can be counted, then where and what.</summary>
internal static class CsvMessages
{
    public static string StrayQuote(ReadOnlySpan<byte> after, int field, long line) =>
        $"Text follows a closing quote\nLine {line}, field {field}: found {Show(after)}, expected a separator or the end of the line";

    public static string OpenQuote(int field, long line) =>
        $"A quote never ends\nIt opens in line {line}, field {field}; only the first line of the record is set aside, reading goes on with the next";

    public static string OpenTooLong(long line, long maxRowBytes) =>
        $"The record is longer than max row size ({RecordMessages.Size(maxRowBytes)}), perhaps for a quote that never ends\n"
        + $"It begins in line {line}; only this line is set aside, reading goes on with the next. Raise max row size if the record is right";

    private static string Show(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        text = end > 0 ? text[..end] : text;
        var all = System.Text.Encoding.UTF8.GetString(text[..Math.Min(text.Length, 64)]);
        var shown = new StringBuilder();
        foreach (var rune in all.EnumerateRunes().Take(16))
        {
            shown.Append(rune);
        }

        return "'" + Printable.Escape(shown.ToString()) + (shown.Length < all.Length ? "…" : "") + "'";
    }
}
