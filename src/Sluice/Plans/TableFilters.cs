using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Commands;

namespace Sluice.Plans;

/// <summary>INCLUDING and EXCLUDING, for sources whose patterns are those of LIKE.</summary>
public static class TableFilters
{
    /// <summary>The tables that are meant: some filter includes them, none excludes them.</summary>
    public static ImmutableArray<TableModel> Apply(ImmutableArray<TableModel> tables, ImmutableArray<TableFilter> including, ImmutableArray<TableFilter> excluding)
    {
        var wanted = including.SelectMany(filter => filter.Patterns).Select(Like).ToArray();
        var unwanted = excluding.SelectMany(filter => filter.Patterns).Select(Like).ToArray();
        return [.. tables.Where(table => (wanted.Length == 0 || wanted.Any(like => like.IsMatch(table.Name.Name))) && !unwanted.Any(like => like.IsMatch(table.Name.Name)))];
    }

    // As SQLite reads it: % is any text, _ any character, letters match in both cases.
    private static Regex Like(TablePattern pattern) => new(
        "^" + Regex.Escape(pattern.Text).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.') + "$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);
}
