namespace Sluice.Commands;

/// <summary>Where the data of an INLINE command begins.</summary>
internal static class InlineData
{
    /// <summary>
    /// The rest of the line with the semicolon is left out when it holds only blanks and comments, then lines of blanks only. The data
    /// begins with the next line, its leading blanks included, whatever it holds: a line that starts with <c>--</c> is data. When
    /// something else follows the semicolon on its line, the data begins there.
    /// </summary>
    /// <param name="text">The command file's text.</param>
    /// <param name="position">0-based, after the semicolon.</param>
    public static int Start(string text, int position)
    {
        while (position < text.Length && text[position] != '\n')
        {
            if (text[position] is ' ' or '\t' or '\r')
            {
                position++;
            }
            else if (string.CompareOrdinal(text, position, "--", 0, 2) == 0)
            {
                position = LineEnd(text, position);
            }
            else if (string.CompareOrdinal(text, position, "/*", 0, 2) == 0
                && text.IndexOf("*/", position + 2, StringComparison.Ordinal) is var close and >= 0)
            {
                position = close + 2;
            }
            else
            {
                return position;
            }
        }

        while (position < text.Length)
        {
            var line = position + 1;
            position = line <= text.Length ? LineEnd(text, line) : text.Length;
            if (line < text.Length && !text.AsSpan(line, position - line).IsWhiteSpace())
            {
                return line;
            }
        }

        return text.Length;
    }

    private static int LineEnd(string text, int position) => text.IndexOf('\n', position) is var newline and >= 0 ? newline : text.Length;
}
