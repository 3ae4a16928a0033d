using System.Collections.Immutable;
using Sluice.Sources.MySql;

namespace Sluice.Tests.Sources.MySql;

public sealed class MySqlExpressionTests
{
    private static readonly ImmutableDictionary<string, MySqlColumnInfo> Columns = new Dictionary<string, MySqlColumnInfo>
    {
        ["a"] = new("int", 11, false, null),
        ["b"] = new("decimal", 10, false, null),
        ["flag"] = new("tinyint", 1, false, null),
        ["day"] = new("date", null, false, null),
        ["name"] = new("varchar", 20, false, "utf8mb4"),
        ["f"] = new("double", null, false, null),
    }.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);

    [Theory]
    [InlineData("(`a` > 0)", "(a>'0')")]
    [InlineData("`a` between 1 and 10 and `b` <> -1.5", "((aBETWEEN'1'AND'10')AND(b<>'-1.5'))")]
    [InlineData("((`a` + `b`) * 2 <= 100) or (`a` is null)", "((((a::numeric+b::numeric)*2)<='100')OR(aISNULL))")]
    [InlineData("`flag` in (0,1)", "(flagIN('0','1'))")]
    [InlineData("not(`day` >= '2020-01-01')", "(NOT(day>='2020-01-01'))")]
    [InlineData("char_length(`name`) >= 3", "((char_length(name))>='3')")]
    [InlineData("coalesce(`a`,0) >= abs(`b`)", "((coalesce(a::numeric,0))>=(abs(b::numeric)))")]
    [InlineData("`name` = 'x'", null)]
    [InlineData("`name` like '%@%'", null)]
    [InlineData("`f` > 0", null)]
    [InlineData("`a` / 2 > 1", null)]
    [InlineData("`flag` in (0,2)", null)]
    [InlineData("`day` > 'yesterday'", null)]
    [InlineData("`a` > 0 garbage", null)]
    [InlineData("`nosuch` > 0", null)]
    [InlineData("`a`", null)]
    [InlineData("", null)]
    public void A_condition_is_translated_where_it_means_the_same(string sql, string? expected) =>
        Assert.Equal(expected, Text(MySqlExpressions.Condition(sql, Columns).Pieces));

    [Theory]
    [InlineData("(`a` * 2)", "a", "(a::numeric*2)")]
    [InlineData("concat(`name`,_utf8mb4' ',`name`)", "name", "(name||' '||name)")]
    [InlineData("concat(`name`,'it''s')", "name", "(name||'it''s')")]
    [InlineData("concat(`name`,`a`)", "name", null)]
    [InlineData("upper(`name`)", "name", null)]
    [InlineData("(`a` * 2)", "f", null)]
    [InlineData("(`a` * 2)", "name", null)]
    public void A_computed_value_is_translated_for_a_column_that_takes_it(string sql, string column, string? expected) =>
        Assert.Equal(expected, Text(MySqlExpressions.Value(sql, Columns, Columns[column]).Pieces));

    [Fact]
    public void Whatever_a_catalog_holds_is_read_to_its_end()
    {
        const string Words = "`a` 'x' and or not ( ) , + - * / < = in is null between 12 1.5 concat( char_length( _utf8mb4 \\ \" ; day";
        var words = Words.Split(' ');
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var sql = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            sql = sql[..random.Next(sql.Length + 1)];
            MySqlExpressions.Condition(sql, Columns);
            MySqlExpressions.Value(sql, Columns, null);
            MySqlDefaults.Read(sql, "int", null, isExpression: true);
            MySqlColumnType.Parse($"enum({sql}");
        }
    }

    private static string? Text(ImmutableArray<Catalog.SqlPiece>? pieces) =>
        pieces is { } found ? string.Concat(found.Select(piece => piece.Text is "' '" ? piece.Text : piece.Text.Replace(" ", "", StringComparison.Ordinal))) : null;
}
