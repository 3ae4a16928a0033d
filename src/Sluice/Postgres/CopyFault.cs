using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Sluice.Postgres;

/// <summary>Which row of a COPY the server refused, as far as its message says.</summary>
/// <param name="Line">1-based row of this COPY; null when the context does not say or could be read in two ways.</param>
/// <param name="Column">The column's bare name, or null.</param>
public readonly partial record struct CopyFault(long? Line, string? Column)
{
    /// <summary>
    /// Reads the error's context. It ends with the line of our own COPY, in the server's language, with the value at fault as it is:
    /// <c>COPY t, line 2, column d: "bad"</c>. Triggers and nested statements come before it.
    /// </summary>
    /// <param name="error">From the end of the COPY.</param>
    /// <param name="table">The table's bare name, as given to COPY.</param>
    /// <param name="columns">The columns given to COPY.</param>
    public static CopyFault Of(PostgresException error, string table, IReadOnlyList<string> columns)
    {
        var (line, rest) = Read(error.Where ?? "", table);
        var column = error.ColumnName is { Length: > 0 } named && error.TableName == table ? named : rest is null ? null : ColumnOf(rest, columns);
        return new(line, column);
    }

    // A value may hold a line that looks like a context of its own: then there are two candidates, and neither is believed.
    private static (long? Line, string? Tail) Read(string context, string table)
    {
        var lead = $"COPY {table}";
        (long? Line, string? Tail) found = default;
        for (var at = context.LastIndexOf(lead, StringComparison.Ordinal); at >= 0;
            at = at == 0 ? -1 : context.LastIndexOf(lead, at - 1 + lead.Length - 1, StringComparison.Ordinal))
        {
            if (at > 0 && context[at - 1] != '\n')
            {
                continue;
            }

            var match = LineNumber().Match(context, at + lead.Length);
            if (!match.Success || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var line))
            {
                continue;
            }

            if (found.Line is not null)
            {
                return default;
            }

            found = (line, context[(match.Index + match.Length)..]);
        }

        return found;
    }

    // ", column d: …" or ", column d" in any language; the longest name that fits.
    private static string? ColumnOf(string rest, IReadOnlyList<string> columns)
    {
        var lead = ColumnWord().Match(rest);
        if (!lead.Success)
        {
            return null;
        }

        var text = rest.AsSpan(lead.Length);
        string? best = null;
        foreach (var column in columns)
        {
            if (text.StartsWith(column, StringComparison.Ordinal) && (text.Length == column.Length || text[column.Length] is ':' or '\n')
                && column.Length > (best?.Length ?? -1))
            {
                best = column;
            }
        }

        return best;
    }

    [GeneratedRegex(@"\G[,、，] ?[^\d:""\n]{0,20}(\d+)(?=[^\d.]|$)")]
    private static partial Regex LineNumber();

    [GeneratedRegex(@"^[^,:""\n]{0,12}[,、，] ?[^\s:""]{1,20} ")]
    private static partial Regex ColumnWord();
}
