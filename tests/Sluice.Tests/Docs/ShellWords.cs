using System.Text;

namespace Sluice.Tests.Docs;

/// <summary>As much of a shell as the documents use: quotes, pipes, comments.</summary>
internal static class ShellWords
{
    /// <summary>The words of one command, quotes taken off, a comment left out.</summary>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (var c in command)
        {
            if (quote is null && c == '#' && word is null)
            {
                break;
            }

            if (quote is null && c is ' ' or '\t')
            {
                Add();
            }
            else if (quote is null && c is '\'' or '"')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (c == quote)
            {
                quote = null;
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }

        Add();
        return words;

        void Add()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
    }

    /// <summary>The commands between the pipes of a line.</summary>
    public static IEnumerable<string> Pipeline(string line)
    {
        var start = 0;
        char? quote = null;
        for (var i = 0; i < line.Length; i++)
        {
            quote = quote is null ? line[i] is '\'' or '"' ? line[i] : null : line[i] == quote ? null : quote;
            if (quote is null && line[i] == '|')
            {
                yield return line[start..i];
                start = i + 1;
            }
        }

        yield return line[start..];
    }
}
