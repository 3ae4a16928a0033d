using Npgsql;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Postgres;

/// <summary>Says that a table does not exist, and which one was probably meant.</summary>
internal static class MissingTable
{
    public static async Task<TargetException> ExplainAsync(NpgsqlConnection connection, QualifiedName name, CancellationToken ct)
    {
        var tables = await TableCatalogReader.QueryAsync(
            connection, "table_names.sql", row => (Schema: row.GetString(0), Name: row.GetString(1), IsVisible: row.GetBoolean(2)), ct).ConfigureAwait(false);
        return Explain(name, connection.Database, tables);
    }

    /// <param name="name">What is not there.</param>
    /// <param name="database">Where it was looked for.</param>
    /// <param name="tables">What is there, the visible ones found without naming their schema.</param>
    public static TargetException Explain(QualifiedName name, string database, IReadOnlyList<(string Schema, string Name, bool IsVisible)> tables)
    {
        var near = tables.Where(table => table.Name == name.Name).Take(3).ToList();
        if (near.Count == 0)
        {
            near = [.. tables.Where(table => table.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase)).Take(3)];
        }

        if (near.Count == 0 && Suggest.Nearest(name.Name, Candidates()) is { } nearest)
        {
            near = [.. tables.Where(table => table.Name == nearest).Take(1)];
        }

        var names = near.Select(table => name.Schema is null && table.IsVisible ? Identifier.Display(table.Name) : new QualifiedName(table.Schema, table.Name).ToString());
        return new TargetException(
            $"Table {name} does not exist in {(name.Schema is null ? "the search_path of " : "")}database {Identifier.Display(database)}",
            near.Count > 0 ? $"Did you mean {string.Join(" or ", names)}?" : "Create it first, for example in BEFORE LOAD DO");

        IEnumerable<string> Candidates()
        {
            var same = tables.Where(table => table.Schema == name.Schema || (name.Schema is null && table.IsVisible)).Select(table => table.Name).ToList();
            return same.Count > 0 ? same : tables.Select(table => table.Name);
        }
    }
}
