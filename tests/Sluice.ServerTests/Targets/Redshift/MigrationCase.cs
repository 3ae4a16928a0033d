using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sluice.Diagnostics;
using Sluice.Runs;
using Sluice.ServerTests.Loads;

namespace Sluice.ServerTests.Targets.Redshift;

/// <summary>A SQLite database that is migrated into a schema of its own of a stand-in, and what is then found there.</summary>
public sealed class MigrationCase : IDisposable
{
    private readonly RedshiftCase _load;

    public MigrationCase(RedshiftCase load, string sql)
    {
        _load = load;
        if (sql.Length > 0)
        {
            Execute(sql);
        }
    }

    public RedshiftCase Load => _load;

    /// <summary>The schema that the tables go into.</summary>
    public string Schema => _load.Table;

    public string File => _load.Path("x.db");

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The command; <paramref name="clauses"/> follow INTO.</summary>
    public string Command(string clauses, string? uri = null) =>
        $"LOAD DATABASE FROM 'x.db' INTO {uri ?? _load.Uri} {clauses} ALTER SCHEMA 'public' RENAME TO '{Schema}';";

    public Task<RunResult> MigrateAsync(string clauses, CancellationToken ct, CancellationToken drain = default) => _load.RunAsync(Command(clauses), ct, drain);

    public Task<string> PlanAsync(CancellationToken ct, string clauses = "") => _load.PlanAsync(Command(clauses), ct);

    /// <summary>Migrates, and holds the run to an exit code and the bucket to be empty.</summary>
    public async Task<RunResult> MustAsync(ExitCode code, CancellationToken ct, string clauses = "")
    {
        var result = await MigrateAsync(clauses, ct);
        Assert.True(result.ExitCode == code, $"{result.ExitCode}\n{_load.Everything}");
        Assert.Empty(await _load.StagedAsync(ct));
        return result;
    }

    public Task<string> QueryAsync(string sql, CancellationToken ct) => _load.QueryAsync(sql.Replace("SCHEMA", Schema, StringComparison.Ordinal), ct);

    /// <summary>The tables of the schema, sorted.</summary>
    public Task<string> TablesAsync(CancellationToken ct) =>
        QueryAsync("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'SCHEMA' AND c.relkind = 'r' ORDER BY 1", ct);

    /// <summary>Names and types of a table's columns, in order.</summary>
    public async Task<(string Name, string Type)[]> ColumnsAsync(string table, CancellationToken ct)
    {
        var rows = await QueryAsync(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            + $"WHERE n.nspname = 'SCHEMA' AND c.relname = '{table.Replace("'", "''", StringComparison.Ordinal)}' AND a.attnum > 0 ORDER BY a.attnum", ct);
        return [.. rows.Split('\n').Select(line => (line[..line.LastIndexOf('|')], line[(line.LastIndexOf('|') + 1)..]))];
    }

    /// <summary>Every value of every row of every table, by this class's own reader of the source. Returns the number of rows.</summary>
    public async Task<int> CompareAsync(CancellationToken ct, Func<string, string>? name = null)
    {
        var count = 0;
        foreach (var table in SqliteFixture.Tables(File))
        {
            var target = (name ?? (text => text.ToLowerInvariant()))(table);
            var columns = await ColumnsAsync(target, ct);
            var expected = SqliteFixture.Rows(File, $"SELECT * FROM {Quoted(table)}")
                .Select(row => string.Join(" ¦ ", row.Select((value, i) => Comparable(Shown(value, columns[i].Type), columns[i].Type)))).Order(StringComparer.Ordinal).ToArray();
            var actual = new List<string>();
            await using var connection = await _load.OpenAsync(ct);
            await using (var floats = new Npgsql.NpgsqlCommand("SET extra_float_digits TO 2", connection))
            {
                await floats.ExecuteNonQueryAsync(ct);
            }

            await using var command = new Npgsql.NpgsqlCommand($"SELECT * FROM {Schema}.{Quoted(target)}", connection) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                actual.Add(string.Join(" ¦ ", Enumerable.Range(0, columns.Length).Select(i => Comparable(reader.IsDBNull(i) ? @"\N" : reader.GetString(i), columns[i].Type))));
            }

            Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
            count += actual.Count;
        }

        return count;
    }

    public void Dispose() => _load.Dispose();

    private static string Shown(object? value, string type) => value switch
    {
        null => @"\N",
        _ when IsBytes(type) => SqliteFixture.Shown(value, "bytea")[2..],
        _ => SqliteFixture.Shown(value, Bare(type)),
    };

    private static string Comparable(string shown, string type) => shown == @"\N" ? shown : Bare(type) switch
    {
        "double precision" => SqliteFixture.Number(double.Parse(shown, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
        "real" => SqliteFixture.Number(float.Parse(shown, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
        "numeric" => SqliteFixture.Number(shown),
        "super" => JsonNode.Parse(shown)?.ToJsonString() ?? "null",
        _ => shown,
    };

    private static bool IsBytes(string type) => Bare(type) is "varbyte" or "binary varying";

    private static string Bare(string type) => type.IndexOf('(', StringComparison.Ordinal) is var open and > 0 ? type[..open] : type;

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
