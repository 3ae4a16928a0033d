using System.Globalization;
using System.Text;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>Databases of thousands of small tables: none is forgotten, none is mixed up with another.</summary>
public sealed class SqliteManyTablesTests(PostgresServer server)
{
    private const int Count = 5000;
    private const int ReadTogether = 500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_row_of_thousands_of_small_tables_arrives()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var folder = new LoadFolder().WithSqlite("many.db", Source());
        (await folder.RunAsync(["many.db", database.Uri], Ct)).ExitsWith(0).Says($"loaded {Expected().Length.ToString("N0", CultureInfo.InvariantCulture)} + rejected 0");
        Assert.Equal(Expected(), await ReadAsync(database));
        Assert.Equal(Count, await database.ScalarAsync<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace", Ct));
    }

    // Some tables are empty, some have one row, some a few.
    private static int Rows(int table) => table % 4;

    private static string Source()
    {
        var sql = new StringBuilder("BEGIN;");
        for (var table = 0; table < Count; table++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE TABLE t{table} (id INTEGER PRIMARY KEY, v TEXT);");
            for (var row = 0; row < Rows(table); row++)
            {
                sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO t{table} VALUES ({row}, 'v{table}.{row}');");
            }
        }

        return sql.Append("COMMIT;").ToString();
    }

    private static string[] Expected() =>
        [.. Enumerable.Range(0, Count).SelectMany(table => Enumerable.Range(0, Rows(table)).Select(row => $"{table}|{row}|v{table}.{row}")).Order(StringComparer.Ordinal)];

    private static async Task<string[]> ReadAsync(TestDatabase database)
    {
        var rows = new List<string>();
        foreach (var some in Enumerable.Range(0, Count).Chunk(ReadTogether))
        {
            rows.AddRange((await database.QueryAsync(string.Join(" UNION ALL ", some.Select(table => $"SELECT {table}, * FROM t{table}")), Ct)).Split('\n'));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
