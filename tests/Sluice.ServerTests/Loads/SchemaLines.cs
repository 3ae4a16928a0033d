using System.Globalization;
using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Loads;

/// <summary>
/// What a database has besides rows, a line each: columns, defaults, keys, indexes, next values. Read from SQLite's pragmas and from PostgreSQL's
/// catalog by queries of the tests' own, so that both can be compared.
/// </summary>
internal static class SchemaLines
{
    private const string Target =
        """
        WITH t AS (
          SELECT c.oid, c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        ), names AS (
          SELECT a.attrelid, a.attnum, a.attname, a.attnotnull FROM pg_attribute a JOIN t ON t.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped
        )
        SELECT 'column ' || t.relname || ' . ' || n.attname || CASE WHEN n.attnotnull THEN ' not null' ELSE '' END FROM t JOIN names n ON n.attrelid = t.oid
        UNION ALL
        SELECT CASE k.contype WHEN 'p' THEN 'primary key ' ELSE 'unique ' END || t.relname || ' ('
               || (SELECT string_agg(n.attname, ' , ' ORDER BY place) FROM unnest(k.conkey) WITH ORDINALITY AS u (num, place) JOIN names n ON n.attrelid = t.oid AND n.attnum = u.num) || ')'
          FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u')
        UNION ALL
        SELECT 'foreign key ' || t.relname || ' (' || (SELECT string_agg(n.attname, ' , ' ORDER BY place) FROM unnest(k.conkey) WITH ORDINALITY AS u (num, place) JOIN names n ON n.attrelid = t.oid AND n.attnum = u.num)
               || ') -> ' || r.relname || ' (' || (SELECT string_agg(n.attname, ' , ' ORDER BY place) FROM unnest(k.confkey) WITH ORDINALITY AS u (num, place) JOIN names n ON n.attrelid = r.oid AND n.attnum = u.num)
               || ') ' || k.confupdtype::text || ' ' || k.confdeltype::text || CASE WHEN k.convalidated THEN '' ELSE ' not valid' END
          FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f' JOIN pg_class r ON r.oid = k.confrelid
        UNION ALL
        SELECT 'index ' || t.relname || ' (' || (SELECT string_agg(coalesce(n.attname, '*') || CASE WHEN i.indoption[place - 1] & 1 = 1 THEN ' desc' ELSE '' END, ' , ' ORDER BY place)
                                                   FROM unnest(i.indkey::int[]) WITH ORDINALITY AS u (num, place) LEFT JOIN names n ON n.attrelid = t.oid AND n.attnum = u.num)
               || ')' || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
          FROM t JOIN pg_index i ON i.indrelid = t.oid WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
        """;

    private const string TargetDefaults =
        """
        SELECT c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid), coalesce(pg_get_serial_sequence(format('%I.%I', 'public', c.relname), a.attname), '')
          FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        """;

    /// <summary>What the target should have, under names that <paramref name="name"/> makes.</summary>
    public static IReadOnlyList<string> OfSource(string path, Func<string, string> name)
    {
        var lines = new List<string>();
        foreach (var table in SqliteFixture.Tables(path))
        {
            var columns = SqliteFixture.Rows(path, $"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo({Literal(table)}) WHERE hidden <> 1").ToArray();
            var keys = columns.Where(column => (long)column[4]! > 0).OrderBy(column => (long)column[4]!).Select(column => (string)column[0]!).ToArray();
            var sql = (string)SqliteFixture.Rows(path, $"SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = {Literal(table)}").Single()[0]!;
            var isNumbered = sql.Contains("AUTOINCREMENT", StringComparison.OrdinalIgnoreCase);
            foreach (var column in columns)
            {
                var isKey = keys.Contains((string)column[0]!);
                lines.Add($"column {name(table)} . {name((string)column[0]!)}{((long)column[2]! != 0 || isKey ? " not null" : "")}");
                if (isNumbered && isKey)
                {
                    var last = SqliteFixture.Rows(path, $"SELECT max({Quoted((string)column[0]!)}) FROM {Quoted(table)}").Single()[0] as long? ?? 0;
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"next {name(table)} . {name((string)column[0]!)} {Math.Max(last, 0) + 1}"));
                }
                else if (column[3] is string expression)
                {
                    var value = expression.StartsWith("CURRENT_", StringComparison.OrdinalIgnoreCase) ? "now" : Shown(SqliteFixture.Rows(path, $"SELECT {expression}").Single()[0]);
                    if (value is not null)
                    {
                        lines.Add($"default {name(table)} . {name((string)column[0]!)} {value}");
                    }
                }
            }

            if (keys.Length > 0)
            {
                lines.Add($"primary key {name(table)} ({string.Join(" , ", keys.Select(name))})");
            }

            lines.AddRange(Indexes(path, table, name));
            lines.AddRange(SqliteFixture.Rows(path, $"SELECT id, \"from\", \"table\", \"to\", on_update, on_delete FROM pragma_foreign_key_list({Literal(table)}) ORDER BY id, seq").GroupBy(row => (long)row[0]!).Select(parts =>
            {
                var other = SqliteFixture.Tables(path).Single(found => found.Equals((string)parts.First()[2]!, StringComparison.OrdinalIgnoreCase));
                var referenced = parts.First()[3] is null
                    ? SqliteFixture.Rows(path, $"SELECT name FROM pragma_table_info({Literal(other)}) WHERE pk > 0 ORDER BY pk").Select(row => (string)row[0]!)
                    : parts.Select(part => (string)part[3]!);
                return $"foreign key {name(table)} ({string.Join(" , ", parts.Select(part => name((string)part[1]!)))}) -> {name(other)} ({string.Join(" , ", referenced.Select(name))}) "
                    + $"{Action((string)parts.First()[4]!)} {Action((string)parts.First()[5]!)}";
            }));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>What the target has. Takes the next value of each sequence.</summary>
    public static async Task<IReadOnlyList<string>> OfTargetAsync(TestDatabase database, CancellationToken ct)
    {
        var lines = new List<string>();
        await using var connection = await database.OpenAsync(ct);
        lines.AddRange((await RowsAsync(Target)).Select(row => row[0]));
        foreach (var row in await RowsAsync(TargetDefaults))
        {
            if (row[3].Length > 0)
            {
                lines.Add($"next {row[0]} . {row[1]} {(await RowsAsync($"SELECT nextval('{row[3].Replace("'", "''", StringComparison.Ordinal)}')"))[0][0]}");
            }
            else
            {
                var isNow = row[2].StartsWith("CURRENT_", StringComparison.Ordinal) || row[2].StartsWith("LOCALTIME", StringComparison.Ordinal);
                lines.Add($"default {row[0]} . {row[1]} {(isNow ? "now" : (await RowsAsync($"SELECT ({row[2]})::text"))[0][0])}");
            }
        }

        return [.. lines.Order(StringComparer.Ordinal)];

        async Task<List<string[]>> RowsAsync(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<string[]>();
            while (await reader.ReadAsync(ct))
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
            }

            return rows;
        }
    }

    private static IEnumerable<string> Indexes(string path, string table, Func<string, string> name)
    {
        foreach (var index in SqliteFixture.Rows(path, $"SELECT name, \"unique\", origin, partial FROM pragma_index_list({Literal(table)})").ToArray())
        {
            var parts = SqliteFixture.Rows(path, $"SELECT name, \"desc\" FROM pragma_index_xinfo({Literal((string)index[0]!)}) WHERE key = 1 ORDER BY seqno").ToArray();
            var text = string.Join(" , ", parts.Select(part => (part[0] is string column ? name(column) : "*") + ((string)index[2]! == "c" && (long)part[1]! != 0 ? " desc" : "")));
            switch ((string)index[2]!)
            {
                case "u":
                    yield return $"unique {name(table)} ({text})";
                    break;
                case "c":
                    yield return $"index {name(table)} ({text}){((long)index[1]! != 0 ? " unique" : "")}{((long)index[3]! != 0 ? " partial" : "")}";
                    break;
            }
        }
    }

    private static string Action(string words) => words switch
    {
        "CASCADE" => "c",
        "SET NULL" => "n",
        "SET DEFAULT" => "d",
        "RESTRICT" => "r",
        _ => "a",
    };

    private static string? Shown(object? value) => value switch
    {
        null => null,
        byte[] bytes => @"\x" + Convert.ToHexStringLower(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
