using Npgsql;
using Sluice.Postgres;

namespace Sluice.Tests.Postgres;

public sealed class CopyFaultTests
{
    [Theory]
    [InlineData("COPY t, line 2, column d: \"bad\"", 2, "d")]
    [InlineData("COPY t, line 2", 2, null)]
    [InlineData("COPY t, line 12: \"1\\tx\"", 12, null)]
    [InlineData("COPY t, line 7, column d: null input", 7, "d")]
    [InlineData("COPY t, line 7, column d", 7, "d")]
    [InlineData("COPY t, Zeile 2, Spalte d: »bad«", 2, "d")]
    [InlineData("COPY t, ligne 2, colonne d : « bad »", 2, null)]
    [InlineData("COPY t, строка 3, столбец d: \"bad\"", 3, "d")]
    [InlineData("COPY t, 行 4, 列 d: \"bad\"", 4, "d")]
    [InlineData("COPY t, 5번째 줄, d 열: \"bad\"", 5, null)]
    [InlineData("COPY t, line 99999999999", 99999999999, null)]
    public void Line_and_column_are_read_in_any_language(string context, long line, string? column) =>
        Assert.Equal(new CopyFault(line, column), Of(context));

    [Theory]
    [InlineData("")]
    [InlineData("COPY other, line 2")]
    [InlineData("PL/pgSQL function f() line 3 at RAISE")]
    [InlineData("COPY t")]
    [InlineData("COPY t, line")]
    [InlineData("xCOPY t, line 2")]
    [InlineData("COPY t, line 99999999999999999999")]
    public void A_context_without_our_own_line_gives_none(string context) => Assert.Equal(new CopyFault(null, null), Of(context));

    [Fact]
    public void The_line_of_a_trigger_is_not_ours() => Assert.Equal(
        new CopyFault(8, null),
        Of("PL/pgSQL function check_it() line 3 at RAISE\nCOPY t, line 8: \"1\t2\""));

    [Fact]
    public void The_copy_of_a_nested_statement_is_not_ours() => Assert.Equal(
        new CopyFault(8, null),
        Of("COPY inner_table, line 5, column d: \"x\"\nSQL statement \"COPY inner_table FROM '/x'\"\nPL/pgSQL function f() line 3 at SQL statement\nCOPY t, line 8"));

    [Theory]
    [InlineData("a, line 3")]
    [InlineData("t: \"x\"")]
    [InlineData("a.b")]
    [InlineData("(.*")]
    [InlineData("COPY t, line 4")]
    public void A_table_name_does_not_fool_it(string table) => Assert.Equal(new CopyFault(2, "d"), Of($"COPY {table}, line 2, column d: \"bad\"", table));

    [Fact]
    public void A_table_whose_name_begins_as_ours_is_another() => Assert.Equal(new CopyFault(null, null), Of("COPY t2, line 2"));

    [Fact]
    public void A_value_that_looks_like_a_context_makes_the_line_unknown() => Assert.Equal(
        new CopyFault(null, null), Of("COPY t, line 2, column d: \"bad\nCOPY t, line 9: \"x\"\""));

    [Fact]
    public void A_value_that_names_another_table_changes_nothing() => Assert.Equal(
        new CopyFault(2, "d"), Of("COPY t, line 2, column d: \"bad\nCOPY u, line 9\""));

    [Fact]
    public void The_longest_column_name_that_fits_is_taken() => Assert.Equal(
        new CopyFault(1, "d: e"), Of("COPY t, line 1, column d: e: \"x\""));

    [Fact]
    public void Random_contexts_are_read_without_failing()
    {
        var random = new Random(4711);
        string[] parts = ["COPY ", "t", ", ", "line ", "2", "column ", "d", ": ", "\"", "\n", "Zeile ", "9", ",", "、", "x"];
        for (var i = 0; i < 20_000; i++)
        {
            var context = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            var fault = Of(context);
            Assert.True(fault.Line is null or >= 0, context);
        }
    }

    private static CopyFault Of(string context, string table = "t") =>
        CopyFault.Of(new PostgresException("message", "ERROR", "ERROR", "22P02", where: context), table, ["c", "d", "d: e"]);
}
