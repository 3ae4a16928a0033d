using System.Globalization;
using System.Text;

namespace Sluice.ServerTests.Loads;

/// <summary>Generates a database of many tables with every declared type, nasty names and values, keys of all kinds and hostile defaults.</summary>
internal sealed class SqliteOddities(int seed)
{
    private const int Tables = 14;

    private static readonly string[] Names =
    [
        "select", "Order", "user", "a b", "dot.ted", "quo\"te", "it's", "😀 table", "tab\there", "line\nbreak", "\"; DROP TABLE parent; --", "ümlaut", "Ñandú", "percent%s", "back\\slash",
        "{0}", "$1", ":name", "CamelCase", "x'--", "null", "ctid1", "日本語", "-", "1st", new('n', 70), string.Concat(Enumerable.Repeat("é", 35)),
    ];

    private static readonly (string Type, Func<Random, string> Value)[] Types =
    [
        ("INT", random => Number(random.Next(int.MinValue, int.MaxValue))),
        ("SMALLINT", random => Number(random.Next(-32768, 32767))),
        ("INTEGER", random => Number(random.NextInt64())),
        ("BIGINT", _ => "-9223372036854775808"),
        ("REAL", random => (random.Next(1000) / 8.0).ToString("R", CultureInfo.InvariantCulture)),
        ("DOUBLE", random => (random.NextDouble() * Math.Pow(10, random.Next(-300, 300))).ToString("R", CultureInfo.InvariantCulture)),
        ("DECIMAL(12,3)", random => (random.Next(-100000, 100000) / 8m).ToString("0.000", CultureInfo.InvariantCulture)),
        ("NUMERIC(5,0)", random => Number(random.Next(99999))),
        ("VARCHAR(3)", Text),
        ("TEXT", Text),
        ("CLOB", Text),
        ("BLOB", random => $"x'{Convert.ToHexString(Bytes(random))}'"),
        ("BOOLEAN", random => Number(random.Next(2))),
        ("DATE", random => $"'{new DateTime(1, 1, 1).AddDays(random.Next(3_600_000)):yyyy-MM-dd}'"),
        ("DATETIME", random => $"'{new DateTime(1900, 1, 1).AddSeconds(random.NextInt64(6_000_000_000)):yyyy-MM-dd HH:mm:ss}'"),
        ("TIMESTAMP", random => $"'{new DateTime(1900, 1, 1).AddSeconds(random.NextInt64(6_000_000_000)):yyyy-MM-dd HH:mm:ss}'"),
        ("", Text),
        ("SOMETHING STRANGE(1)", Text),
    ];

    private static readonly string[] Defaults =
    [
        "'''); DROP TABLE parent; --'", "'it''s \"quoted\" \\ and $$ and {0} and 😀'", "''", "'NULL'", "'line\nbreak'", "'\\N'", "'a''||(SELECT 1)||'''", "'%s'",
    ];

    private static readonly string[] Actions = ["", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " ON UPDATE RESTRICT", " ON DELETE SET DEFAULT"];

    private readonly Random _random = new(seed);

    public string Sql()
    {
        var sql = new StringBuilder("CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT, b TEXT, UNIQUE (a, b));\nINSERT INTO parent VALUES (2, 1, 'x'), (7, 2, 'y');\n");
        for (var i = 0; i < Tables; i++)
        {
            Table(sql, $"{Names[(i * 5) % Names.Length][..Math.Min(20, Names[(i * 5) % Names.Length].Length)]} {i}");
        }

        return sql.ToString();
    }

    private void Table(StringBuilder sql, string table)
    {
        var count = _random.Next(2, 9);
        var names = Names.OrderBy(_ => _random.Next()).Take(count).ToArray();
        var types = names.Select(_ => Types[_random.Next(Types.Length)]).ToArray();
        var isNumbered = _random.Next(3) == 0;
        var isWithoutRowId = !isNumbered && _random.Next(4) == 0;
        sql.Append("CREATE TABLE ").Append(Quoted(table)).Append(isNumbered ? " (id INTEGER PRIMARY KEY AUTOINCREMENT" : " (k INT, l TEXT");
        for (var i = 0; i < count; i++)
        {
            var isText = types[i].Type is "TEXT" or "CLOB" or "";
            sql.Append(",\n  ").Append(Quoted(names[i])).Append(' ').Append(types[i].Type).Append(_random.Next(4) == 0 ? " NOT NULL" : "")
                .Append(isText && _random.Next(2) == 0 ? $" DEFAULT {Defaults[_random.Next(Defaults.Length)]}" : "");
        }

        sql.Append(",\n  p INTEGER REFERENCES parent").Append(Actions[_random.Next(Actions.Length)]).Append(", pa INT, pb TEXT");
        sql.Append(isNumbered ? "" : _random.Next(3) > 0 || isWithoutRowId ? ",\n  PRIMARY KEY (l, k)" : ",\n  UNIQUE (k)")
            .Append(_random.Next(2) == 0 ? $",\n  FOREIGN KEY (pa, pb) REFERENCES Parent (A, b){Actions[_random.Next(Actions.Length)]}" : "")
            .Append(isWithoutRowId ? ") WITHOUT ROWID;\n" : ");\n");
        for (var i = 0; i < _random.Next(3); i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE {(i == 0 && isNumbered ? "UNIQUE " : "")}INDEX {Quoted($"{Names[_random.Next(Names.Length)]} {table} {i}")} ON {Quoted(table)} ")
                .Append(i == 0 && isNumbered ? "(id, p)" : i == 0 ? "(k DESC, l)" : "(p)").Append(_random.Next(2) == 0 ? " WHERE p IS NOT NULL" : "").Append(";\n");
        }

        for (var row = 0; row < _random.Next(12); row++)
        {
            var values = types.Select(type => type.Value(_random));
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO {Quoted(table)} VALUES ({(isNumbered ? $"{(row * 3) + 1}" : $"{row}, 'k{row}'")}, {string.Join(", ", values)}, ")
                .Append(row % 3 == 0 ? "NULL, NULL, NULL" : row % 3 == 1 ? "2, 1, 'x'" : "7, 2, NULL").Append(");\n");
        }
    }

    private static string Text(Random random) =>
        $"'{string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Names[random.Next(Names.Length)] + "\t\\N\r")).Replace("'", "''", StringComparison.Ordinal)}'";

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
