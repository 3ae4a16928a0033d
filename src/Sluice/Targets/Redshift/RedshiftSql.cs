using System.Collections.Immutable;
using Sluice.Catalog;

namespace Sluice.Targets.Redshift;

/// <summary>Literals and identifiers as Redshift reads them: a backslash is an escape in any literal, and E'' does not exist.</summary>
internal static class RedshiftSql
{
    public static string Literal(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Columns(ImmutableArray<string> columns) => string.Join(", ", columns.Select(Identifier.Quote));
}
