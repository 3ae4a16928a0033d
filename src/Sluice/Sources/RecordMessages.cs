using System.Globalization;
using Sluice.Locations;

namespace Sluice.Sources;

/// <summary>Why records of text files are rejected: a first line that is the same for the same kind of fault, so that they can be counted, then where and what.</summary>
internal static class RecordMessages
{
    public static string TooLong(long line, long maxRowBytes) =>
        $"The record is longer than max row size ({Size(maxRowBytes)})\n"
        + $"It begins in line {line}; raise max row size to load it. At most this much of it is kept with the rejects";

    public static string Width(int found, int expected) =>
        $"Found {found} {(found == 1 ? "field" : "fields")}, expected {expected} (strict fields)";

    public static string LineWidth(int found, int expected) =>
        $"Found {found} {(found == 1 ? "character" : "characters")}, expected {expected} (strict fields)";

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
}
