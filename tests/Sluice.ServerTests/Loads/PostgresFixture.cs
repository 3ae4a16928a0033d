using System.Runtime.CompilerServices;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>PostgreSQL databases to load from, and what two of them are compared by.</summary>
internal static class PostgresFixture
{
    public static string Read(string name, [CallerFilePath] string here = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "fixtures", name));

    /// <summary>The database with all that PostgreSQL 15 has to offer.</summary>
    public static async Task<TestDatabase> CreateEverythingAsync(this PostgresServer server, CancellationToken ct)
    {
        Assert.SkipWhen(server.Version is > 0 and < 150000, "everything.sql needs PostgreSQL 15");
        return await server.CreateWithAsync(Read("everything.sql"), ct);
    }

    public static async Task<TestDatabase> CreateWithAsync(this PostgresServer server, string sql, CancellationToken ct)
    {
        var database = await server.CreateDatabaseAsync();
        await database.ExecuteAsync(sql, ct);
        return database;
    }

    /// <summary>The schema as sorted lines.</summary>
    public static Task<string> SchemaAsync(this TestDatabase database, CancellationToken ct) =>
        database.QueryAsync(database.Server.Version >= 120000 ? Read("schema.sql") : Read("schema.sql").Replace("SELECT c.*,", "SELECT c.oid, c.*,", StringComparison.Ordinal), ct);

    /// <summary>The rows of all tables, sorted, a line each after the name of its table.</summary>
    public static async Task<string> RowsAsync(this TestDatabase database, CancellationToken ct)
    {
        var tables = await database.QueryAsync(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1", ct);
        var rows = new List<string>();
        foreach (var table in tables.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            rows.Add($"{table}\n{await database.QueryAsync($"SELECT t::text FROM {table} t ORDER BY 1", ct)}");
        }

        return string.Join('\n', rows);
    }

    public static Task<ProgramResult> CopyAsync(this LoadFolder folder, TestDatabase source, TestDatabase target, CancellationToken ct, params string[] options) =>
        folder.RunAsync([.. options, source.Uri, target.Uri], ct);

    public static Task<ProgramResult> CopyAsync(this LoadFolder folder, TestDatabase source, TestDatabase target, string clauses, CancellationToken ct) =>
        folder.LoadAsync($"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} {clauses};", ct);
}
