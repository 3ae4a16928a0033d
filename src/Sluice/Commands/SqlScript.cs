using System.Collections.Immutable;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>
/// Splits SQL text into statements as psql does: quotes, dollar quotes, comments, parentheses, function bodies, includes.
/// </summary>
public sealed class SqlScript
{
    private const int MaxIncludeDepth = 20;

    private readonly Func<string, string> _readFile;
    private readonly List<SqlPart> _statements = [];

    private SqlScript(Func<string, string> readFile) => _readFile = readFile;

    /// <summary>Reads a file of SQL with its <c>\i</c> and <c>\ir</c> includes, which are relative to the including file.</summary>
    /// <exception cref="SourceException">A file is missing, or holds something that is not SQL.</exception>
    public static ImmutableArray<SqlPart> ReadFile(string path, Func<string, string> readFile, string? namedAt = null)
    {
        var script = new SqlScript(readFile);
        script.Include(path, [], namedAt);
        return [.. script._statements];
    }

    /// <summary>Splits a text that includes no files. Its name is for messages and origins.</summary>
    public static ImmutableArray<SqlPart> Split(string text, string name)
    {
        var script = new SqlScript(path => throw new FileNotFoundException(null, path));
        script.Read(new SourceText(name, text), null, []);
        return [.. script._statements];
    }

    /// <summary>Whether a semicolon follows the last statement. A file with includes counts as such: they end it.</summary>
    public static bool IsTerminated(string sql)
    {
        var scanner = new SqlScanner(sql);
        var isTerminated = true;
        for (var token = scanner.Next(); token != SqlToken.End; token = scanner.Next())
        {
            if (token == SqlToken.Meta)
            {
                return true;
            }

            isTerminated = token == SqlToken.Semicolon || (token == SqlToken.Comment && isTerminated);
        }

        return isTerminated;
    }

    /// <summary>The text trimmed, without the semicolon that ends it (and comments after that).</summary>
    public static string WithoutTerminator(string sql)
    {
        var scanner = new SqlScanner(sql);
        var lastEnd = 0;
        for (var token = scanner.Next(); token != SqlToken.End; token = scanner.Next())
        {
            lastEnd = token is SqlToken.Comment or SqlToken.Semicolon ? lastEnd : scanner.Position;
        }

        return sql[..lastEnd].TrimStart();
    }

    private void Include(string path, ImmutableArray<string> including, string? origin)
    {
        string text;
        try
        {
            text = _readFile(path);
        }
        catch (Exception error) when (FileFault.Is(error))
        {
            var place = origin is null ? "" : origin + ": ";
            throw new SourceException($"{place}Cannot read the SQL file {Printable.Escape(path)}: {FileFault.Reason(path, error)}", null,
                error);
        }

        Read(new SourceText(path, text.TrimStart('\uFEFF')), path, including.Add(path));
    }

    private void Read(SourceText source, string? path, ImmutableArray<string> including)
    {
        var scanner = new SqlScanner(source.Text);
        var start = -1;
        var depth = 0;
        var body = new SqlBodyTracker();
        for (var token = scanner.Next(); token != SqlToken.End; token = scanner.Next())
        {
            switch (token)
            {
                case SqlToken.Comment:
                    continue;
                case SqlToken.Unclosed:
                    throw Bad(source, scanner.Start, "This quote or comment never ends");
                case SqlToken.Semicolon when depth <= 0 && !body.IsInside:
                    Add(source, start, scanner.Start);
                    (start, depth, body) = (-1, 0, new SqlBodyTracker());
                    continue;
                case SqlToken.Meta:
                    if (start >= 0)
                    {
                        throw Bad(source, scanner.Start, "A psql command stands inside a statement", "end the statement before it with ;");
                    }

                    Meta(source, scanner, path, including);
                    continue;
                case SqlToken.Open:
                    depth++;
                    break;
                case SqlToken.Close:
                    depth--;
                    break;
                case SqlToken.Word when depth <= 0:
                    body.Word(source.Text.AsSpan(scanner.Start, scanner.Position - scanner.Start));
                    break;
                default:
                    break;
            }

            start = start < 0 ? scanner.Start : start;
        }

        Add(source, start, source.Text.Length);
    }

    private void Add(SourceText source, int start, int end)
    {
        if (start >= 0)
        {
            _statements.Add(new SqlPart(source.Text[start..end].TrimEnd(), $"{source.Name}:{source.Position(start).Line}"));
        }
    }

    private void Meta(SourceText source, SqlScanner scanner, string? path, ImmutableArray<string> including)
    {
        var command = source.Text[scanner.Start..scanner.Position];
        if (command is not ("\\i" or "\\ir" or "\\include" or "\\include_relative") || path is null)
        {
            throw Bad(source, scanner.Start, $"The psql command {Printable.Escape(command)} is not understood here",
                path is null ? "only SQL can stand here" : "only \\i and \\ir are; the rest of the file must be SQL");
        }

        var line = scanner.RestOfLine().Trim();
        var name = line.Length >= 2 && line[0] is '\'' or '"' && line[^1] == line[0] ? line[1..^1] : line.TrimEnd(';').TrimEnd();
        if (name.Length == 0)
        {
            throw Bad(source, scanner.Start, $"{command} names no file");
        }

        var included = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path) ?? "/", name));
        if (including.Contains(included) || including.Length >= MaxIncludeDepth)
        {
            throw Bad(source, scanner.Start, $"{Printable.Escape(name)} is included from within itself");
        }

        var (lineNumber, column) = source.Position(scanner.Start);
        Include(included, including, $"{source.Name}:{lineNumber}:{column}");
    }

    private static SourceException Bad(SourceText source, int offset, string message, string? hint = null)
    {
        var (line, column) = source.Position(offset);
        return new SourceException($"{source.Name}:{line}:{column}: {message}", hint);
    }
}
