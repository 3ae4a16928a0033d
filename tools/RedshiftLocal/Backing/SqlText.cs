namespace RedshiftLocal.Backing;

/// <summary>Values and names as text of the private PostgreSQL, in whose literals a backslash is an escape.</summary>
public static class SqlText
{
    public static string Literal(string value) =>
        "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    public static string Name(string value) => "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
