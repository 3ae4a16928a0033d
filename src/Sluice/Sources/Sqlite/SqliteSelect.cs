using Sluice.Catalog;

namespace Sluice.Sources.Sqlite;

/// <summary>What rows are read from.</summary>
internal static class SqliteSelect
{
    /// <summary>A table or a view, or a query under its name. A comment at the query's end stays within it.</summary>
    public static string From(string name, string? query) => query is null ? $"main.{Identifier.Quote(name)}" : $"(\n{query}\n) AS {Identifier.Quote(name)}";
}
