using System.Collections.Immutable;
using System.Text;

namespace Sluice.Diagnostics;

/// <summary>
/// The text of a command and the name a user knows it by (a file, or an option such as <c>--with</c>). Its secrets are places that
/// are never shown, besides the passwords that <see cref="SecretMask"/> finds by itself.
/// </summary>
public sealed class SourceText(string name, string text, ImmutableArray<TextSpan> secrets = default)
{
    // A secret may stand lines after the word that gives it away.
    private const int SecretContext = 2000;

    private readonly ImmutableArray<TextSpan> _secrets = secrets.IsDefault ? [] : secrets;

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

    /// <summary>
    /// The line that holds the 0-based offset with every secret replaced by <c>****</c>, and the offset's 0-based place in it.
    /// </summary>
    public (string Line, int Index) MaskedLineAt(int offset)
    {
        var line = LineAt(offset);
        var lineStart = Math.Min(offset, Text.Length) - (Position(offset).Column - 1);
        var hidden = new bool[line.Length];
        var before = Math.Max(0, lineStart - SecretContext);
        var found = SecretMask.Find(Text[before..(lineStart + line.Length)]).Select(span => new TextSpan(before + span.Start, span.Length));
        foreach (var secret in found.Concat(_secrets))
        {
            var start = Math.Clamp(secret.Start - lineStart, 0, line.Length);
            var end = Math.Clamp(secret.End - lineStart, start, line.Length);
            hidden.AsSpan(start, end - start).Fill(true);
        }

        return Replace(line, hidden, Math.Min(offset, Text.Length) - lineStart);
    }

    private static (string Line, int Index) Replace(string line, bool[] hidden, int index)
    {
        var result = new StringBuilder(line.Length);
        var shown = 0;
        for (var i = 0; i <= line.Length; i++)
        {
            if (i == index)
            {
                shown = i > 0 && i < line.Length && hidden[i] && hidden[i - 1] ? result.Length - 4 : result.Length;
            }

            if (i == line.Length)
            {
                break;
            }

            if (!hidden[i])
            {
                result.Append(line[i]);
            }
            else if (i == 0 || !hidden[i - 1])
            {
                result.Append("****");
            }
        }

        return (result.ToString(), index > line.Length ? result.Length : shown);
    }
}
