namespace Sluice.Sources.Sqlite;

/// <summary>The number that every row of an ordinary table has.</summary>
internal static class SqliteRowId
{
    private static readonly string[] Names = ["rowid", "_rowid_", "oid"];

    /// <summary>A name for it that no column took, or null.</summary>
    public static string? Name(IReadOnlyCollection<string> columns) =>
        Array.Find(Names, name => !columns.Contains(name, StringComparer.OrdinalIgnoreCase));
}
