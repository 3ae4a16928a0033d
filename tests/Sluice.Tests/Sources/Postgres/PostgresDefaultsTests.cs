using Sluice.Catalog;
using Sluice.Sources.Postgres;

namespace Sluice.Tests.Sources.Postgres;

public sealed class PostgresDefaultsTests
{
    [Theory]
    [InlineData("'abc'::text", DefaultKind.Literal, "abc")]
    [InlineData("'it''s'::character varying(10)", DefaultKind.Literal, "it's")]
    [InlineData("''::text", DefaultKind.Literal, "")]
    [InlineData("7", DefaultKind.Literal, "7")]
    [InlineData("'-1'::integer", DefaultKind.Literal, "-1")]
    [InlineData("(-7)", DefaultKind.Literal, "-7")]
    [InlineData("1.50::numeric(5,2)", DefaultKind.Literal, "1.50")]
    [InlineData("true", DefaultKind.Literal, "true")]
    [InlineData("now()", DefaultKind.CurrentTimestamp, "now()")]
    [InlineData("CURRENT_TIMESTAMP", DefaultKind.CurrentTimestamp, "CURRENT_TIMESTAMP")]
    [InlineData("CURRENT_DATE", DefaultKind.CurrentDate, "CURRENT_DATE")]
    [InlineData("upper('x'::text)", DefaultKind.Expression, "upper('x'::text)")]
    [InlineData("('a'::text || 'b'::text)", DefaultKind.Expression, "('a'::text || 'b'::text)")]
    [InlineData("'a'::text || 'b'::text", DefaultKind.Expression, "'a'::text || 'b'::text")]
    [InlineData("E'a\\\\b'::text", DefaultKind.Expression, "E'a\\\\b'::text")]
    public void A_default_is_what_other_targets_can_make_of_it(string sql, DefaultKind kind, string text) =>
        Assert.Equal(new ColumnDefault(kind, text), PostgresDefaults.Of(sql));

    [Fact]
    public void A_null_is_no_default() => Assert.Null(PostgresDefaults.Of("NULL::character varying"));

    [Theory]
    [InlineData("CREATE UNIQUE INDEX i ON public.t USING btree (a, \"B c\" DESC NULLS LAST) WHERE (a > 0)", "a,B c-", "(a > 0)")]
    [InlineData("CREATE INDEX i ON s.t USING btree (lower(a), b COLLATE \"C\", c) INCLUDE (d)", "[lower(a)],[b COLLATE \"C\"],c", null)]
    [InlineData("CREATE INDEX i ON s.t USING gin (to_tsvector('english'::regconfig, v), (a || ','::text))", "[to_tsvector('english'::regconfig, v)],[(a || ','::text)]", null)]
    public void An_index_is_cut_into_its_parts(string sql, string parts, string? where)
    {
        var index = PostgresIndexParts.Read("i", isUnique: true, sql);
        Assert.Equal(parts, string.Join(',', index.Parts.Select(part => part.Column is { } column ? column + (part.IsDescending ? "-" : "") : $"[{part.Expression!.Text}]")));
        Assert.Equal(where, index.Where?.Text);
    }

    [Fact]
    public void Whatever_is_cut_off_breaks_nothing()
    {
        const string Sql = "CREATE UNIQUE INDEX i ON public.t USING btree (a, \"B c\" DESC, ((lower('x)'::text) || b))) INCLUDE (d) WHERE (a > 0)";
        var random = new Random(20261);
        for (var i = 0; i < 2000; i++)
        {
            var cut = Sql[random.Next(3)..random.Next(3, Sql.Length + 1)];
            PostgresIndexParts.Read("i", isUnique: false, cut);
            _ = PostgresDefaults.Of(cut);
        }
    }
}
