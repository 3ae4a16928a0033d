using System.Text.RegularExpressions;

namespace RedshiftLocal.Sessions;

/// <summary>Command tags: SELECT, COPY and FETCH come without a count, as from PostgreSQL 8.0.</summary>
internal static partial class Tags
{
    public static string WithoutCount(string tag)
    {
        var blank = tag.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && tag.AsSpan(0, blank) is "SELECT" or "COPY" or "FETCH" ? tag[..blank] : tag;
    }

    /// <summary>How a statement is called in messages about transaction blocks.</summary>
    public static string NameOf(string statement)
    {
        var match = AlterTable().Match(statement);
        if (match.Success)
        {
            return match.Groups[1].Value.StartsWith("append", StringComparison.OrdinalIgnoreCase) ? "ALTER TABLE APPEND" : "ALTER TABLE ALTER COLUMN";
        }

        var words = Words().Matches(statement).Select(word => word.Value.ToUpperInvariant()).Take(2).ToList();
        return words is ["CREATE" or "DROP" or "ALTER", _] ? string.Join(' ', words)
            : words is ["DECLARE", ..] ? "DECLARE CURSOR"
            : words.FirstOrDefault() ?? "";
    }

    [GeneratedRegex(@"^\s*alter\s+table\b.*?\b(append\s+from|alter\b)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"[A-Za-z]+")]
    private static partial Regex Words();
}
