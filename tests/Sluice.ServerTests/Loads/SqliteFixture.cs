using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Sluice.ServerTests.Loads;

/// <summary>Makes SQLite databases, and reads them in its own way: what was loaded is compared with what this reader sees.</summary>
internal static class SqliteFixture
{
    public static LoadFolder WithSqlite(this LoadFolder folder, string name, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder[name]};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return folder;
    }

    /// <summary>The names of the tables.</summary>
    public static IReadOnlyList<string> Tables(string path) =>
        [.. Rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").Select(row => (string)row[0]!)];

    public static IEnumerable<object?[]> Rows(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return [.. Enumerable.Range(0, reader.FieldCount).Select(field => reader.IsDBNull(field) ? null : reader.GetValue(field))];
        }
    }

    /// <summary>A value in the form that a PostgreSQL column of the type must show it in.</summary>
    public static string Shown(object? value, string type) => (value, type) switch
    {
        (null, _) => @"\N",
        (byte[] bytes, "bytea") => @"\x" + Convert.ToHexStringLower(bytes),
        (byte[] bytes, _) => System.Text.Encoding.UTF8.GetString(bytes),
        (string text, "bytea") => @"\x" + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text)),
        (string text, "timestamp with time zone") => text + "+00",
        (string text, "timestamp without time zone") => text,
        (long number, "boolean") => number == 1 ? "t" : "f",
        (long number, "numeric") => number.ToString(CultureInfo.InvariantCulture),
        (double number, "double precision" or "numeric") => Number(number.ToString("R", CultureInfo.InvariantCulture)),
        (IFormattable number, _) => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>Numbers are equal whatever their trailing zeros and exponents.</summary>
    public static string Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
        ? (exact / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
}
