using Sluice.Catalog;
using Sluice.Sources.Sqlite;

namespace Sluice.Tests.Sources.Sqlite;

public sealed class SqliteWordsTests
{
    [Theory]
    [InlineData("VARCHAR(20)", "varchar", 20, null, false)]
    [InlineData("decimal ( 10 , 2 )", "decimal", 10, 2, false)]
    [InlineData("UNSIGNED BIG INT", "big int", null, null, true)]
    [InlineData("NATIVE CHARACTER(70)", "character", 70, null, false)]
    [InlineData("CHARACTER VARYING(255)", "character", 255, null, false)]
    [InlineData("int(10) unsigned", "int", 10, null, true)]
    [InlineData("double  precision", "double precision", null, null, false)]
    [InlineData("byte[]", "byte[]", null, null, false)]
    [InlineData("", "", null, null, false)]
    [InlineData("a(b(c", "a(b(c", null, null, false)]
    [InlineData("x(99999999999)", "x", null, null, false)]
    public void A_declared_type_is_taken_apart(string declared, string name, int? precision, int? scale, bool isUnsigned) =>
        Assert.Equal(new SqliteDeclaredType(name, precision, scale, isUnsigned), SqliteDeclaredType.Parse(declared));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("NULL", null, null)]
    [InlineData("'it''s'", DefaultKind.Literal, "it's")]
    [InlineData("\"text\"", DefaultKind.Literal, "text")]
    [InlineData("'NULL'", DefaultKind.Literal, "NULL")]
    [InlineData("-1.5", DefaultKind.Literal, "-1.5")]
    [InlineData("+7", DefaultKind.Literal, "7")]
    [InlineData("0x1F", DefaultKind.Literal, "31")]
    [InlineData("x'00ff'", DefaultKind.Literal, "\\x00ff")]
    [InlineData("true", DefaultKind.Literal, "true")]
    [InlineData("current_timestamp", DefaultKind.CurrentTimestamp, "current_timestamp")]
    [InlineData("datetime('now')", DefaultKind.CurrentTimestamp, "datetime")]
    [InlineData("CURRENT_DATE", DefaultKind.CurrentDate, "current_date")]
    [InlineData("time('now')", DefaultKind.CurrentTime, "time")]
    [InlineData("datetime('now', 'localtime')", DefaultKind.Expression, "datetime('now', 'localtime')")]
    [InlineData("random()", DefaultKind.Expression, "random()")]
    [InlineData("", DefaultKind.Expression, "")]
    public void A_default_is_a_value_a_moment_or_an_expression(string? sql, DefaultKind? kind, string? text) =>
        Assert.Equal(kind is null ? null : new ColumnDefault(kind.Value, text!), SqliteDefaults.Read(sql));

    [Fact]
    public void Any_text_can_be_cut_into_words()
    {
        const string Letters = "ab1'\"`[]().,-/*= \n";
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var sql = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Letters[random.Next(Letters.Length)]));
            var end = 0;
            foreach (var token in SqliteTokens.Read(sql))
            {
                Assert.InRange(token.Start, end, sql.Length - 1);
                Assert.InRange(token.End, token.Start + 1, sql.Length);
                end = token.End;
            }

            _ = SqliteDefaults.Read(sql);
            _ = SqliteDeclaredType.Parse(sql);
        }
    }
}
