using System.Collections.Frozen;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>The variables of a <c>--context</c> file: <c>[section]</c> lines are ignored, keys are upper-cased.</summary>
public static class ContextFile
{
    /// <summary>Reads <c>key = value</c> and <c>key: value</c> lines; the last of equal keys counts.</summary>
    /// <exception cref="SourceException">The file cannot be read.</exception>
    /// <exception cref="CommandException">A line is none of these.</exception>
    public static FrozenDictionary<string, string> Read(string path)
    {
        try
        {
            return Parse(new SourceText(path, FileFault.ReadUtf8(path)));
        }
        catch (Exception error) when (FileFault.Is(error))
        {
            throw new SourceException($"Cannot read the context file {Printable.Escape(path)}: {FileFault.Reason(path, error)}", null,
                error);
        }
    }

    /// <summary>The same from a text.</summary>
    public static FrozenDictionary<string, string> Parse(SourceText source)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var start = 0;
        foreach (var raw in source.Text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length > 0 && line[0] is not ('#' or ';' or '[' or '\uFEFF'))
            {
                var split = line.IndexOfAny(['=', ':']);
                if (split <= 0)
                {
                    throw new CommandException(new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(start, raw.TrimEnd().Length),
                        "Expected key = value in the context file"));
                }

                values[line[..split].Trim().ToUpperInvariant()] = Unquote(line[(split + 1)..].Trim());
            }

            start += raw.Length + 1;
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
