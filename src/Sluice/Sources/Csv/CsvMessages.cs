using System.Globalization;
using System.Text;
using Sluice.Diagnostics;
using Sluice.Locations;

namespace Sluice.Sources.Csv;

/// <summary>Why records are rejected: a first line that is the same for the same kind of fault, so that they can be counted, then where and what.</summary>
internal static class CsvMessages
{
    public static string StrayQuote(ReadOnlySpan<byte> after, int field, long line) =>
        $"Text follows a closing quote\nLine {line}, field {field}: found {Show(after)}, expected a separator or the end of the line";

    public static string OpenQuote(int field, long line) =>
        $"A quote never ends\nIt opens in line {line}, field {field}; only the first line of the record is set aside, reading goes on with the next";

    public static string OpenTooLong(long line, long maxRowBytes) =>
        $"The record is longer than max row size ({Size(maxRowBytes)}), perhaps for a quote that never ends\n"
        + $"It begins in line {line}; only this line is set aside, reading goes on with the next. Raise max row size if the record is right";

    public static string TooLong(long line, long maxRowBytes) =>
        $"The record is longer than max row size ({Size(maxRowBytes)})\n"
        + $"It begins in line {line}; raise max row size to load it. At most this much of it is kept with the rejects";

    public static string Width(int found, int expected) =>
        $"Found {found} {(found == 1 ? "field" : "fields")}, expected {expected} (strict fields)";

    public static string Encoding(SourceCharset charset, byte[] bytes, long line, int byteInLine)
    {
        var hex = string.Join(' ', bytes.Select(b => "0x" + b.ToString("X2", CultureInfo.InvariantCulture)));
        return charset.IsTranscoded
            ? $"Invalid {charset.Name}\nLine {line}: {hex}"
            : $"Invalid {charset.Name}\nLine {line}, byte {byteInLine} of the line: {hex}";
    }

    public static string Size(long bytes) =>
        bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? $"{bytes >> 20} MB"
        : bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? $"{bytes >> 10} kB" : $"{bytes} bytes";

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
