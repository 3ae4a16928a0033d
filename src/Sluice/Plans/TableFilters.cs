using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Plans;

/// <summary>INCLUDING and EXCLUDING: which tables are meant.</summary>
public static class TableFilters
{
    // One character of SQL may be two here. It is never given back in halves.
    private const string AnyCharacter = "(?>[\uD800-\uDBFF][\uDC00-\uDFFF]|.)";

    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>Some filter includes them, none excludes them.</summary>
    /// <exception cref="CommandException">A regular expression is wrong.</exception>
    public static ImmutableArray<TableModel> Apply(ImmutableArray<TableModel> tables, DatabaseLoadSpec spec)
    {
        var wanted = spec.Including.Select(filter => Filter(filter, spec, "INCLUDING")).ToArray();
        var unwanted = spec.Excluding.Select(filter => Filter(filter, spec, "EXCLUDING")).ToArray();
        return [.. tables.Where(table => (wanted.Length == 0 || wanted.Any(matches => matches(table.Name))) && !unwanted.Any(matches => matches(table.Name)))];
    }

    /// <summary>Whether a table of the source is one of those that are written.</summary>
    /// <param name="filter">The patterns; texts are names.</param>
    /// <param name="spec">The command.</param>
    /// <param name="clause">Where it stands, for messages.</param>
    /// <exception cref="CommandException">A regular expression is wrong.</exception>
    internal static Func<QualifiedName, bool> ByName(TableFilter filter, DatabaseLoadSpec spec, string clause) =>
        Filter(filter, pattern => pattern.IsRegex ? Expression(pattern.Text, spec, clause) : name => name == pattern.Text);

    // What is not a regular expression is LIKE's pattern in the commands whose words say so, else a name.
    private static Func<QualifiedName, bool> Filter(TableFilter filter, DatabaseLoadSpec spec, string clause) =>
        (spec.LoadKind & (LoadKinds.Sqlite | LoadKinds.SqlServer)) == 0
            ? ByName(filter, spec, clause)
            : Filter(filter, pattern => pattern.IsRegex ? Expression(pattern.Text, spec, clause) : Like(pattern.Text).IsMatch);

    private static Func<QualifiedName, bool> Filter(TableFilter filter, Func<TablePattern, Func<string, bool>> matcher)
    {
        var patterns = filter.Patterns.Select(matcher).ToArray();
        return table => (filter.Schema is null || filter.Schema == table.Schema) && patterns.Any(matches => matches(table.Name));
    }

    // As SQLite reads it: % is any text, _ any character, letters match in both cases.
    private static Regex Like(string pattern) => new(
        "\\A" + Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", AnyCharacter, StringComparison.Ordinal) + "\\z",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    private static Func<string, bool> Expression(string pattern, DatabaseLoadSpec spec, string clause)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.CultureInvariant, MatchLimit);
            return name =>
            {
                try
                {
                    return regex.IsMatch(name);
                }
                catch (RegexMatchTimeoutException e)
                {
                    throw Fault(pattern, spec, clause, e);
                }
            };
        }
        catch (RegexParseException e)
        {
            throw Fault(pattern, spec, clause, e);
        }
    }

    private static CommandException Fault(string pattern, DatabaseLoadSpec spec, string clause, Exception e) => new(new Diagnostic(
        DiagnosticSeverity.Error, spec.Text, spec.Span, $"The regular expression ~/{Printable.Escape(pattern)}/ of {clause} cannot be used: {e.Message}"));
}
