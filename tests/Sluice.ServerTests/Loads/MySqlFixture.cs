using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using MySqlConnector;
using Npgsql;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>MySQL databases to load from, and a reader of its own for what is compared: both servers spell every value in hexadecimal digits or in one agreed form.</summary>
internal static class MySqlFixture
{
    /// <summary>The sample database Sakila, with its views, triggers and routines.</summary>
    public static async Task<MySqlDatabase> CreateSakilaAsync(this MySqlServer server, CancellationToken ct, [CallerFilePath] string here = "")
    {
        var database = await server.CreateDatabaseAsync("", ct);
        await using var connection = await database.OpenAsync(ct);
        using var zip = await ZipFile.OpenReadAsync(Path.Combine(Path.GetDirectoryName(here)!, "fixtures", "sakila.zip"), ct);
        foreach (var name in new[] { "sakila-schema.sql", "sakila-data.sql" })
        {
            using var text = new StreamReader(await zip.Entries.First(entry => entry.Name == name).OpenAsync(ct));
            foreach (var statement in Statements(await text.ReadToEndAsync(ct)).Where(sql => !sql.Contains("sakila;", StringComparison.Ordinal) && !sql.EndsWith(" sakila", StringComparison.OrdinalIgnoreCase)))
            {
                // A picture stands in it as bytes that are no text: what is left of it will do.
                await using var command = new MySqlCommand(
                    statement.Replace("sakila.", "", StringComparison.Ordinal).Replace("SQL_MODE='TRADITIONAL'", "SQL_MODE=''", StringComparison.Ordinal)
                        .Replace("ENGINE=MyISAM", database.IsMariaDb ? "ENGINE=MyISAM" : "ENGINE=InnoDB", StringComparison.Ordinal), connection);
                await command.ExecuteNonQueryAsync(ct);
            }
        }

        return database;
    }

    public static Task<ProgramResult> CopyAsync(this LoadFolder folder, MySqlDatabase source, TestDatabase target, CancellationToken ct, params string[] options) =>
        folder.RunAsync([.. options, source.Uri, target.Uri], ct);

    public static Task<ProgramResult> CopyAsync(this LoadFolder folder, MySqlDatabase source, TestDatabase target, string clauses, CancellationToken ct) =>
        folder.LoadAsync($"LOAD DATABASE FROM {source.Uri} INTO {target.Uri} {clauses};", ct);

    /// <summary>Compares every value of every table. Returns how many rows there were.</summary>
    public static async Task<int> CompareAsync(MySqlDatabase source, TestDatabase target, CancellationToken ct)
    {
        var count = 0;
        var tables = await source.QueryAsync("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1", ct);
        foreach (var table in tables.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var columns = (await source.QueryAsync(
                $"SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '{table}' ORDER BY ORDINAL_POSITION", ct))
                .Split('\n').Select(line => (Name: line[..line.LastIndexOf('|')], Type: line[(line.LastIndexOf('|') + 1)..].ToLowerInvariant())).ToArray();
            var types = (await target.QueryAsync(
                $"SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = '\"{source.Name}\".\"{table.ToLowerInvariant()}\"'::regclass AND attnum > 0 ORDER BY attnum", ct))
                .Split('\n').ToDictionary(line => line[..line.LastIndexOf('|')], line => line[(line.LastIndexOf('|') + 1)..], StringComparer.OrdinalIgnoreCase);
            var expected = await RowsAsync(source, $"SELECT {string.Join(", ", columns.Select(column => Source(column.Name, column.Type)))} FROM `{table}`", ct);
            var actual = await RowsAsync(
                target, $"SELECT {string.Join(", ", columns.Select(column => Target(column.Name.ToLowerInvariant(), types[column.Name], column.Type)))} FROM \"{source.Name}\".\"{table.ToLowerInvariant()}\"", ct);
            Assert.Equal(expected, actual);
            count += actual.Count;
        }

        return count;
    }

    // A value as text on the server's side; what is not a number goes by its bytes.
    private static string Source(string name, string type) => type switch
    {
        "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "year" => $"CAST(`{name}` + 0 AS CHAR)",
        "float" or "double" => $"CONCAT('float ', `{name}` + 0e0)",
        "datetime" or "timestamp" => $"DATE_FORMAT(`{name}`, '%Y-%m-%d %H:%i:%s.%f')",
        "date" => $"DATE_FORMAT(`{name}`, '%Y-%m-%d')",
        "time" => $"TIME_FORMAT(`{name}`, '%H:%i:%s.%f')",
        "bit" => $"BIN(`{name}` + 0)",
        "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" => $"HEX(`{name}`)",
        "point" => $"CONCAT('(', ST_X(`{name}`), ',', ST_Y(`{name}`), ')')",
        _ => $"HEX(CONVERT(`{name}` USING utf8mb4))",
    };

    private static string Target(string name, string type, string source) => (type, source) switch
    {
        (_, "float" or "double") => $"'float ' || \"{name}\"::float8",
        ("timestamp with time zone", _) => $"to_char(\"{name}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        ("timestamp without time zone", _) => $"to_char(\"{name}\", 'YYYY-MM-DD HH24:MI:SS.US')",
        ("time without time zone", _) => $"to_char(\"{name}\"::interval, 'HH24:MI:SS.US')",
        ("boolean", _) => $"\"{name}\"::int::text",
        ("bit", _) => $"CASE WHEN \"{name}\" IS NULL THEN NULL WHEN \"{name}\"::text ~ '1' THEN ltrim(\"{name}\"::text, '0') ELSE '0' END",
        ("bytea", _) => $"upper(encode(\"{name}\", 'hex'))",
        ("character", _) => $"upper(encode(convert_to(\"{name}\"::text, 'UTF8'), 'hex'))",
        ("point", _) => $"\"{name}\"::text",
        (_, "set") => $"upper(encode(convert_to(array_to_string(\"{name}\", ','), 'UTF8'), 'hex'))",
        (_, "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "year" or "date") => $"\"{name}\"::text",
        _ => $"upper(encode(convert_to(\"{name}\"::text, 'UTF8'), 'hex'))",
    };

    private static async Task<List<string>> RowsAsync(MySqlDatabase database, string sql, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var zone = new MySqlCommand("SET SESSION time_zone = '+00:00'", connection);
        await zone.ExecuteNonQueryAsync(ct);
        await using var command = new MySqlCommand(sql, connection);
        return await RowsAsync(await command.ExecuteReaderAsync(ct), ct);
    }

    private static async Task<List<string>> RowsAsync(TestDatabase database, string sql, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SET extra_float_digits TO 3; " + sql, connection);
        return await RowsAsync(await command.ExecuteReaderAsync(ct), ct);
    }

    private static async Task<List<string>> RowsAsync(System.Data.Common.DbDataReader reader, CancellationToken ct)
    {
        await using var closing = reader;
        var rows = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? @"\N" : Shown(reader.GetValue(i)))));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    // Two spellings of a float are the same when they read as the same.
    private static string Shown(object value)
    {
        var text = value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.StartsWith("float ", StringComparison.Ordinal) ? ((float)double.Parse(text[6..], CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture) : text;
    }

    private static IEnumerable<string> Statements(string script)
    {
        var delimiter = ";";
        var statement = new StringBuilder();
        foreach (var line in script.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.StartsWith("DELIMITER ", StringComparison.OrdinalIgnoreCase))
            {
                delimiter = line[10..].Trim();
                continue;
            }

            if (statement.Length == 0 && (line.StartsWith("--", StringComparison.Ordinal) || line.Trim().Length == 0))
            {
                continue;
            }

            statement.Append(line).Append('\n');
            if (line.TrimEnd().EndsWith(delimiter, StringComparison.Ordinal))
            {
                var text = statement.ToString().TrimEnd();
                yield return text[..^delimiter.Length];
                statement.Clear();
            }
        }
    }
}
