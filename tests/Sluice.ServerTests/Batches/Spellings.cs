using System.Globalization;
using System.Text;

namespace Sluice.ServerTests.Batches;

/// <summary>Seeded spellings of values: usual ones, edges, slips of the pen, and rubbish.</summary>
internal sealed class Spellings(int seed)
{
    private readonly Random _random = new(seed);

    public IEnumerable<string> Of(string family, int count)
    {
        foreach (var edge in Edges(family))
        {
            yield return edge;
            yield return Slip(edge);
            yield return Slip(edge);
        }

        for (var i = 0; i < count; i++)
        {
            var usual = Usual(family);
            yield return _random.Next(12) == 0 ? Slip(usual) : usual;
        }
    }

    private static IEnumerable<string> Edges(string family) => family switch
    {
        "bool" => ["t", "f", "true", "false", "T", "TRUE", "tr", "1", "0", "on", "off", "yes", " t", "", "fals"],
        "int" =>
        [
            "0", "-0", "+0", "007", "-007", "32767", "-32768", "32768", "-32769", "2147483647", "-2147483648", "2147483648", "-2147483649",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
            "99999999999999999999", "0000000000000000000000001", "0000000000000000001", "", "-", "--1", "0x10", "1_000", " 1", "1 ", "1e3", "1.0",
        ],
        "float" =>
        [
            "0", "-0", "0.0", "-0.00", "1e400", "-1e400", "1e-400", "0e400", "0e-9999", "1e38", "3.4028235e38", "3.4028236e38", "1e39", "1e-45",
            "7e-46", "1.401298464324817e-45", "7.006492321624085e-46", "4.9e-324", "2.4e-324", "2.5e-324", "2.2250738585072011e-308",
            "1.7976931348623157e308", "1.7976931348623159e308", "1.797693134862315808e308", "9007199254740993", "9007199254740992.5",
            "16777217", "16777216.5", "33554435", "0.1", "1.", ".5", ".", "-.", "e5", "1e", "1e+", "1e5", "1E5", "1e+05", "1e00005", "1e000005",
            "NaN", "nan", "-NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "infinity", "0x1p3", "1_0", "1f", "1d", " 1", "1 ", "1,5",
            "123456789012345678901234567890", "0.000000000000000000000000000001234567890123456789", "1e22", "1e23", "9007199254740992e22",
            new string('9', 200), "0." + new string('0', 130) + "1", "00000000000000000000000000001.5", "0." + new string('0', 100) + "1",
            "2.00000000000000011102230246251565404236316680908203125", "2.00000000000000011102230246251565404236316680908203124",
            "2.00000000000000011102230246251565404236316680908203126", "1.00000005960464477539062", "1.00000005960464477539063",
            "16777217.00000000001", "7.038531e-26", "7.0385307e-26",
        ],
        "numeric" or "numeric below 1000" or "numeric below 0.01" =>
        [
            "0", "-0", "0.00", "-0.00", "1.50", "007.10", ".5", "5.", ".", "-", "-.5", "NaN", "nan", "Infinity", "-Infinity", "inf", "1e3", "1E-3",
            "0.0005", "0.00005", "10000", "9999", "99999999.995", "99999999.994", "99999999.99", "-99999999.995", "0.005", "0.0049", "0.015",
            "123.455", "123.445", "-0.005", "1234", "12345", "0.1234567890123456789", new string('9', 999), new string('9', 2000),
            "0." + new string('1', 1000), "1." + new string('0', 3000), new string('1', 7999), new string('1', 8001), "0x1F", "1_000", " 1", "1 ", "",
            "0." + new string('0', 2000) + "1", new string('0', 3000) + "1", "99949", "99950", "-99950", "0.00999", "0.009995", "0.0000049",
        ],
        "text" =>
        [
            "", " ", "  ", "a", "abcde", "abcdef", "abcde ", "abcde      ", "äöüßé", "äöüßéx", "äöüß  ", "\\N", "\\.", "\\", "a\tb", "a\nb", "a\rb",
            "\b\f\v", "日本語日本", "日本語日本語", "😀😀😀😀😀", "😀😀😀😀😀😀", "a\0b", "\0", "\u007f\u0080\u00a0", "\ufeff", new string('x', 5000),
            new string('\n', 3000), new string('ü', 2000), "NULL", "null",
        ],
        "bytea" => ["\\x", "\\x00", "\\xff", "\\xFF", "\\xDeadBeef", "\\x0", "\\xg0", "\\x 00", "\\x00 01", "abc", "a\\\\b", "\\000", "x00", "", "\\X00"],
        "uuid" =>
        [
            "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
            "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "+0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "0xeebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "",
            " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
        ],
        "date" =>
        [
            "2000-01-01", "1999-12-31", "0001-01-01", "9999-12-31", "0000-01-01", "10000-01-01", "2000-02-29", "1900-02-29", "1900-02-28", "2004-02-30",
            "2023-02-29", "2023-13-01", "2023-00-01", "2023-01-00", "2023-04-31", "01-02-2003", "2003-1-2", "20030102", "epoch", "infinity",
            "-infinity", "today", "2000-01-01 BC", "2000/01/01", "0099-12-31", "0100-01-01", "0400-02-29", "1582-10-10", "1752-09-05", "", "2000-01-01 ",
        ],
        "time" =>
        [
            "00:00:00", "23:59:59", "23:59:59.999999", "23:59:59.9999999", "24:00:00", "24:00:01", "25:00:00", "12:60:00", "12:00:60", "12:00:61",
            "12:34", "12:34:56.", "12:34:56.1", "12:34:56.123456", "12:34:56.1234567", "23:59:59.5", "23:59:59.4999", "00:00:00.0005", "00:00:00.0015",
            "12:34:56+02", "12:34:56 PM", "1:02:03", "allballs", "", "12:34:56 ", "12:34:56.000001", "12:34:56.9995", "12:34:56.9994999",
        ],
        "timestamp" =>
        [
            "2000-01-01 00:00:00", "2000-01-01T00:00:00", "2000-01-01t00:00:00", "2000-01-01  00:00:00", "0001-01-01 00:00:00",
            "9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.9999995", "1999-12-31 23:59:59.999999", "1999-12-31 23:59:59.9995",
            "1999-12-31 23:59:59.5", "1999-12-31 23:59:58.5", "1999-12-31 23:59:59.0005", "1999-12-31 23:59:59.0015", "2000-01-01 24:00:00",
            "2000-01-01 23:59:60", "2000-02-30 00:00:00", "2000-01-01", "2000-01-01 12:34", "2000-01-01 00:00:00+02", "2000-01-01 00:00:00Z",
            "2000-01-01 00:00:00 BC", "infinity", "epoch", "now", "01/02/2003 00:00:00", "", "2000-01-01 00:00:00 ", "2000-01-01 00:00:00.5",
            "2000-01-01 00:00:01.5", "0001-01-01 00:00:00.000001", "9999-12-31 23:59:59.5",
        ],
        "timestamptz" =>
        [
            "2000-01-01 00:00:00+00", "2000-01-01 00:00:00Z", "2000-01-01 00:00:00z", "2000-01-01T00:00:00Z", "2000-01-01 00:00:00+05:30",
            "2000-01-01 00:00:00+0530", "2000-01-01 00:00:00-00:30", "2000-01-01 00:00:00+15:59", "2000-01-01 00:00:00-15:59",
            "2000-01-01 00:00:00+16", "2000-01-01 00:00:00-16", "2000-01-01 00:00:00+12:60", "2000-01-01 00:00:00+5", "2000-01-01 00:00:00+530",
            "2000-01-01 00:00:00 +02", "2000-01-01 00:00:00 UTC", "2000-01-01 00:00:00 Europe/Berlin", "2000-01-01 00:00:00+01:02:03",
            "0001-01-01 00:00:00+00", "0001-01-01 00:00:00+01", "0001-01-01 00:00:00-01", "9999-12-31 23:59:59.999999+00",
            "9999-12-31 23:59:59.999999-01", "2000-01-01 00:00:00", "2000-07-01 00:00:00", "2000-03-26 02:30:00", "2000-10-29 02:30:00",
            "2000-01-01", "2000-01-01+02", "2000-07-01", "0001-01-01", "2000-01-01 12:34+01", "2000-01-01 24:00:00+00", "2000-01-01 00:00:00.0000005+00", "2000-01-01 00:00:00.5+00",
            "1999-12-31 23:59:59.995-03", "2000-01-01 00:00:00+02 BC", "infinity", "", "2000-01-01 00:00:00+", "2000-01-01 00:00:00-",
            "1800-01-01 00:00:00", "1800-01-01 00:00:00+00:53", "2000-01-01 00:00:00+00:00",
        ],
        "json" =>
        [
            "{}", "[]", "null", "true", "1", "-0", "1.50", "1e400", "\"a\"", "\"\\u00e4\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
            "{\"a\": 1, \"a\": 2}", " { \"b\" : [1, 2 , 3] } ", "{\"a\"}", "[1,]", "", "'a'", "\"\t\"", "{\"x\":\"a\\tb\\\\c\"}", "nul", "[[[[1]]]]",
            "{\"k\":\"ü😀\"}", "01", "1.", "\"", "{", "\0", "{} x", "\"a\nb\"",
        ],
        "enum" => ["small", "large", "extra large", "grün", "tab\there", "Small", "", "small ", new string('a', 63), new string('a', 64), "sm\0all", "back\\slash"],
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, null),
    };

    private string Usual(string family) => family switch
    {
        "bool" => Pick("t", "f", "true", "false", "true", "false", "T"),
        "int" => _random.NextInt64(long.MinValue, long.MaxValue) switch
        {
            var n when _random.Next(3) == 0 => Text(n >> _random.Next(64)),
            var n when _random.Next(2) == 0 => Text(n % 100_000),
            var n => Text(n % 5_000_000_000),
        },
        "float" => Float(),
        "numeric" => Numeric(),
        "numeric below 1000" => Digits(_random.Next(1, 4)) + Pick("", ".", "." + Digits(_random.Next(7)), ".5"),
        "numeric below 0.01" => Pick("-", "") + "0.00" + Digits(_random.Next(7)),
        "text" => Words(),
        "bytea" => "\\x" + Hex(2 * _random.Next(20)),
        "uuid" => $"{Hex(8)}-{Hex(4)}-{Hex(4)}-{Hex(4)}-{Hex(12)}",
        "date" => Date(),
        "time" => Time(),
        "timestamp" => $"{Date()}{Pick(" ", " ", "T")}{Time()}",
        "timestamptz" => $"{Date()}{Pick(" ", " ", "T")}{Time()}{Offset()}",
        "json" => Pick("1", "\"x\"", $"{{\"a\": 1{Digits(5)}.{Digits(3)}, \"b\": [true, null]}}", $"[-0.{Digits(9)}, 2{Digits(2)}e{Digits(2)}]", $"\"{Hex(10)}\""),
        "enum" => Pick("small", "large", "extra large", "grün", "tab\there", "back\\slash"),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, null),
    };

    private string Float()
    {
        var bits = _random.NextInt64(long.MinValue, long.MaxValue);
        return _random.Next(6) switch
        {
            0 => BitConverter.Int64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture),
            1 => BitConverter.Int32BitsToSingle((int)bits).ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal),
            2 => Digits(1 + _random.Next(18)) + "." + Digits(_random.Next(18)),
            3 => Digits(1 + _random.Next(25)) + "e" + _random.Next(-330, 330).ToString(CultureInfo.InvariantCulture),
            4 => _random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => Text(bits % 100_000) + "." + Digits(2),
        };
    }

    private string Numeric()
    {
        var sign = _random.Next(3) == 0 ? "-" : "";
        var fraction = _random.Next(4) == 0 ? "" : "." + Digits(_random.Next(_random.Next(10) == 0 ? 60 : 7));
        return sign + Digits(1 + _random.Next(_random.Next(10) == 0 ? 60 : 8)) + fraction;
    }

    private string Words()
    {
        var text = new StringBuilder();
        for (var i = _random.Next(8); i > 0; i--)
        {
            text.Append(Pick("a", "b", " ", "ä", "語", "😀", "\\", "\t", "\n", "x", "7", "'", "\""));
        }

        return text.ToString();
    }

    private string Date() => _random.Next(20) == 0
        ? $"{Digits(4)}-{_random.Next(0, 14):00}-{_random.Next(0, 33):00}"
        : new DateTime(1, 1, 1).AddDays(_random.Next(_random.Next(2) == 0 ? 3_652_059 : 738_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Time()
    {
        var fraction = _random.Next(2) == 0 ? "" : "." + Digits(1 + _random.Next(_random.Next(10) == 0 ? 9 : 6));
        return $"{_random.Next(24):00}:{_random.Next(60):00}:{_random.Next(60):00}{fraction}";
    }

    private string Offset() => Pick(
        "", "Z", "+00", "-03", "+05:30", "+0545", $"{Pick("+", "-")}{_random.Next(16):00}:{_random.Next(60):00}", $"{Pick("+", "-")}{_random.Next(20):00}");

    /// <summary>One character more, less or other, of those that number and date spellings are made of.</summary>
    private string Slip(string text)
    {
        var at = _random.Next(text.Length + 1);
        var other = Pick("0", "9", "-", "+", ".", " ", ":", "e", "x", "_", "T", "Z", "f", ",", "\\");
        return _random.Next(3) switch
        {
            0 => text.Insert(at, other),
            1 when at < text.Length && !char.IsSurrogate(text[at]) => text.Remove(at, 1),
            2 when at < text.Length && !char.IsSurrogate(text[at]) => text.Remove(at, 1).Insert(at, other),
            _ => text + other,
        };
    }

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + _random.Next(10))));

    private string Hex(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "0123456789abcdefABCDEF"[_random.Next(22)]));

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
