namespace Sluice.Diagnostics;

/// <summary>The text of a command and the name a user knows it by (a file, or an option such as <c>--with</c>).</summary>
public sealed class SourceText(string name, string text)
{
    public string Name { get; } = name;

    public string Text { get; } = text;

    /// <summary>1-based line and 1-based column (in characters as an editor counts them) of a 0-based offset.</summary>
    public (int Line, int Column) Position(int offset)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < offset && i < Text.Length; i++)
        {
            if (Text[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
        }

        return (line, Math.Min(offset, Text.Length) - lineStart + 1);
    }

    /// <summary>The line that holds the 0-based offset, without its line break.</summary>
    public string LineAt(int offset)
    {
        offset = Math.Min(offset, Text.Length);
        var start = offset == 0 ? 0 : Text.LastIndexOf('\n', offset - 1) + 1;
        var end = Text.IndexOf('\n', offset);
        return Text[start..(end < 0 ? Text.Length : end)].TrimEnd('\r');
    }
}
