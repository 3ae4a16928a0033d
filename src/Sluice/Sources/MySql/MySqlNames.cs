namespace Sluice.Sources.MySql;

/// <summary>Writes names and texts as MySQL and MariaDB take them, whatever sql_mode says.</summary>
internal static class MySqlNames
{
    public static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>A table, or a query under its name. A comment at the query's end stays within it.</summary>
    public static string From(string name, string? query) => query is null ? Quote(name) : $"(\n{query}\n) AS {Quote(name)}";
}
