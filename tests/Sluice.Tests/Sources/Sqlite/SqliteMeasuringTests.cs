using System.Globalization;
using Sluice.Catalog;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

public sealed class SqliteMeasuringTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("NULL", 0, 0, 0, 0)]
    [InlineData("''", 0, 1, 0, 0)]
    [InlineData("'äö€😀'", 11, 0, 0, 0)]
    [InlineData("'a' || char(0) || 'b'", 3, 0, 0, 0)]
    [InlineData("x''", 0, 1, 0, 0)]
    [InlineData("x'00ff'", 2, 0, 0, 0)]
    [InlineData("12", 2, 0, 2, 0)]
    [InlineData("-120", 4, 0, 3, 0)]
    [InlineData("0", 1, 0, 0, 0)]
    [InlineData("-9223372036854775808", 20, 0, 19, 0)]
    [InlineData("0.1", 3, 0, 0, 1)]
    [InlineData("-1234.25", 8, 0, 4, 2)]
    [InlineData("1e15", 16, 0, 16, 0)]
    [InlineData("1.5e300", 8, 0, 301, 0)]
    [InlineData("2.5e-7", 7, 0, 0, 8)]
    [InlineData("'12.340'", 6, 0, 2, 2)]
    [InlineData("'+1.5E2'", 6, 0, 3, 0)]
    [InlineData("'1.2.3'", 5, 0, 0, 0)]
    [InlineData("'1e999999999999'", 14, 0, 0, 0)]
    [InlineData("'-'", 1, 0, 0, 0)]
    [InlineData("'.'", 1, 0, 0, 0)]
    public async Task A_value_is_measured_as_it_would_be_loaded(string value, long bytes, long empty, int digits, int scale)
    {
        using var file = new SqliteTestFile($"CREATE TABLE t (v); INSERT INTO t VALUES ({value});");
        var measure = await MeasureAsync(file);
        Assert.Equal(value == "NULL" ? (1, 0) : (0, 1), (measure.Nulls, measure.Values));
        Assert.Equal(bytes, measure.MaxBytes);
        Assert.Equal(empty, measure.Empty);
        Assert.Equal(digits, measure.IntegerDigits);
        Assert.Equal(scale, measure.Scale);
        Assert.Equal(!value.Contains('€', StringComparison.Ordinal) && !value.Contains("ff", StringComparison.Ordinal), measure.IsAscii);
    }

    [Theory]
    [InlineData("UTF-8")]
    [InlineData("UTF-16le")]
    [InlineData("UTF-16be")]
    public async Task Text_is_measured_in_UTF_8_whatever_the_database_has(string encoding)
    {
        using var file = new SqliteTestFile($"PRAGMA encoding = '{encoding}'; CREATE TABLE t (v); INSERT INTO t VALUES ('ab'), ('漢字漢字'), ('abcdefg');");
        Assert.Equal(12, (await MeasureAsync(file)).MaxBytes);
    }

    [Fact]
    public async Task The_largest_integer_is_found_among_other_values()
    {
        using var file = new SqliteTestFile("CREATE TABLE t (v); INSERT INTO t VALUES (-5), ('999'), (1e9), (7), (NULL), (3);");
        Assert.Equal((7L, 1L, 5L), (await MeasureAsync(file)) switch { var found => (found.Largest!.Value, found.Nulls, found.Values) });
        using var none = new SqliteTestFile("CREATE TABLE t (v); INSERT INTO t VALUES ('x');");
        Assert.Null((await MeasureAsync(none)).Largest);
    }

    [Fact]
    public async Task Only_the_columns_that_are_asked_for_are_measured_whatever_their_names()
    {
        using var file = new SqliteTestFile("CREATE TABLE \"t\"\"; --\" (a, \"b\"\"; DROP TABLE x\", c); INSERT INTO \"t\"\"; --\" VALUES (1, 'four', 'x');");
        await using var source = await SqliteSource.OpenAsync(file.Path, 1, Ct);
        var measures = await source.MeasureAsync(new QualifiedName("public", "t\"; --"), ["b\"; DROP TABLE x", "a"], 0, Ct);
        Assert.Equal([("b\"; DROP TABLE x", 4L), ("a", 1L)], measures.Select(measure => (measure.Column, measure.MaxBytes)));
    }

    [Fact]
    public async Task Random_numbers_have_the_digits_that_a_decimal_counts()
    {
        var random = new Random(4711);
        for (var i = 0; i < 200; i++)
        {
            var number = new decimal(random.Next(), random.Next(), 0, random.Next(2) == 0, (byte)random.Next(0, 19));
            using var file = new SqliteTestFile(string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('{number}');"));
            var plain = (number / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture).TrimStart('-');
            var point = plain.IndexOf('.', StringComparison.Ordinal);
            var measure = await MeasureAsync(file);
            Assert.Equal((point < 0 ? plain : plain[..point]).TrimStart('0').Length, measure.IntegerDigits);
            Assert.Equal(point < 0 ? 0 : plain.Length - point - 1, measure.Scale);
        }
    }

    private static async Task<ColumnMeasure> MeasureAsync(SqliteTestFile file)
    {
        await using var source = await SqliteSource.OpenAsync(file.Path, 1, Ct);
        return Assert.Single(await source.MeasureAsync(new QualifiedName("public", "t"), ["v"], 0, Ct));
    }
}
