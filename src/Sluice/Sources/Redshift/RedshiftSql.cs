using System.Text.RegularExpressions;
using Sluice.Postgres;

namespace Sluice.Sources.Redshift;

/// <summary>Queries and literals as Redshift reads them: a backslash is an escape in any literal, and E'' does not exist.</summary>
internal static partial class RedshiftSql
{
    public static string Literal(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>An embedded query without its header.</summary>
    public static string Read(string file) => Header().Replace(SqlText.Read(file), "").Trim();

    [GeneratedRegex(@"^(?:--.*\n)+")]
    private static partial Regex Header();
}
