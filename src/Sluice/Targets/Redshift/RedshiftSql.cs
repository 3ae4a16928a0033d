using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Postgres;

namespace Sluice.Targets.Redshift;

/// <summary>Queries, literals and lists as Redshift reads them: a backslash is an escape in any literal, and E'' does not exist.</summary>
internal static partial class RedshiftSql
{
    public static string Literal(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Columns(ImmutableArray<string> columns) => string.Join(", ", columns.Select(Identifier.Quote));

    /// <summary>An embedded query without its header, with literals in the place of <c>:'name'</c>, as psql has them.</summary>
    /// <param name="file">The file's name without its folder.</param>
    /// <param name="values">One for each name.</param>
    public static string Read(string file, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var literals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            literals.Add(name, Literal(value));
        }

        var query = Header().Replace(SqlText.Read(file), "").Trim();
        return Parameter().Replace(query, match => literals[match.Groups[1].Value]);
    }

    [GeneratedRegex(@"^(?:--.*\n)+")]
    private static partial Regex Header();

    [GeneratedRegex(@":'(\w+)'")]
    private static partial Regex Parameter();
}
