using Sluice.Casts;
using Sluice.Catalog;
using Sluice.Sources.Redshift;

namespace Sluice.Tests.Sources.Redshift;

/// <summary>What the catalogs say, in the words of plans: types, defaults, arrays.</summary>
public sealed class RedshiftCatalogWordsTests
{
    [Theory]
    [InlineData("character varying(20)", "varchar", "varchar(20)", 20, null, "varchar(20)")]
    [InlineData("character varying(65535)", "varchar", "varchar(65535)", 65535, null, "text")]
    [InlineData("character(3)", "char", "char(3)", 3, null, "char(3)")]
    [InlineData("numeric(38,10)", "numeric", "numeric(38,10)", 38, 10, "numeric(38,10)")]
    [InlineData("pg_catalog.binary varying(64000)", "varbyte", "varbyte(64000)", 64000, null, "bytea")]
    [InlineData("varbyte(10)", "varbyte", "varbyte(10)", 10, null, "bytea")]
    [InlineData("super", "super", "super", null, null, "jsonb")]
    [InlineData("timestamp with time zone", "timestamptz", "timestamptz", null, null, "timestamptz")]
    [InlineData("time without time zone", "time", "time", null, null, "time")]
    [InlineData("interval day to second(6)", "interval day to second", "interval day to second(6)", 6, null, "interval")]
    [InlineData("interval year to month", "interval year to month", "interval year to month", null, null, "interval")]
    [InlineData("geometry", "geometry", "geometry", null, null, "geometry")]
    [InlineData("hllsketch", "hllsketch", "hllsketch", null, null, "hllsketch")]
    [InlineData("double precision", "double precision", "double precision", null, null, "double precision")]
    public void Types_have_short_names_and_become_PostgreSQLs(string shown, string name, string declared, int? first, int? second, string cast)
    {
        var type = RedshiftType.Parse(shown);
        Assert.Equal((name, declared, first, second), (type.Name, type.Declared, type.First, type.Second));
        var column = new ColumnModel { Name = "c", TypeName = name, DeclaredType = declared, Precision = first, Scale = second };
        Assert.Equal(cast, CastEngine.Apply("t", column, RedshiftCasts.Rules).Type);
    }

    [Theory]
    [InlineData("integer", "serial")]
    [InlineData("bigint", "bigserial")]
    public void An_identity_becomes_a_serial(string type, string cast) => Assert.Equal(
        cast, CastEngine.Apply("t", new ColumnModel { Name = "c", TypeName = type, DeclaredType = type, IsAutoIncrement = true }, RedshiftCasts.Rules).Type);

    [Theory]
    [InlineData("'a'::character varying", DefaultKind.Literal, "a")]
    [InlineData("'it''s \\\\'::character varying(10)", DefaultKind.Literal, "it's \\")]
    [InlineData("('x'::character varying)::character varying", DefaultKind.Literal, "x")]
    [InlineData("'a::b(c'", DefaultKind.Literal, "a::b(c")]
    [InlineData("''", DefaultKind.Literal, "")]
    [InlineData("5", DefaultKind.Literal, "5")]
    [InlineData("(-7.5)::numeric(6,2)", DefaultKind.Literal, "-7.5")]
    [InlineData("(- 7)", DefaultKind.Literal, "-7")]
    [InlineData("1e10", DefaultKind.Literal, "1e10")]
    [InlineData("true", DefaultKind.Literal, "true")]
    [InlineData("getdate()", DefaultKind.CurrentTimestamp, null)]
    [InlineData("sysdate", DefaultKind.CurrentTimestamp, null)]
    [InlineData("('now'::text)::timestamp without time zone", DefaultKind.CurrentTimestamp, null)]
    [InlineData("('now'::character varying)::date", DefaultKind.CurrentDate, null)]
    [InlineData("('now'::character varying)::time without time zone", DefaultKind.CurrentTime, null)]
    [InlineData("current_date", DefaultKind.CurrentDate, null)]
    [InlineData("upper('x'::text)", DefaultKind.Expression, "upper('x'::text)")]
    [InlineData("('a'::text || 'b'::text)", DefaultKind.Expression, "('a'::text || 'b'::text)")]
    [InlineData("(1) + (2)", DefaultKind.Expression, "(1) + (2)")]
    [InlineData("'a' || 'b'", DefaultKind.Expression, "'a' || 'b'")]
    [InlineData("'open", DefaultKind.Expression, "'open")]
    public void Defaults_are_read_as_the_server_spells_them(string source, DefaultKind kind, string? text)
    {
        var value = RedshiftDefaults.Read(source);
        Assert.Equal(kind, value?.Kind);
        Assert.Equal(text ?? value?.Text, value?.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("NULL")]
    [InlineData("NULL::integer")]
    public void No_default_is_none(string? source) => Assert.Null(RedshiftDefaults.Read(source));

    [Fact]
    public void Any_default_is_read_without_an_error()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => "'\\()::a1-\" ,"[random.Next(11)]));
            var value = RedshiftDefaults.Read(source);
            Assert.True(value is null or { Kind: DefaultKind.Literal } || value.Text == source);
        }
    }

    [Theory]
    [InlineData("\"identity\"(100123, 0, '1,1'::text)", 1L, 1L)]
    [InlineData("default_identity(100123, 0, '10,-5'::text)", 10L, -5L)]
    [InlineData("\"default_identity\"(1, 2, '-3, 7'::text)", -3L, 7L)]
    public void An_identity_shows_seed_and_step(string source, long seed, long step) => Assert.Equal((seed, step), RedshiftDefaults.Identity(source));

    [Theory]
    [InlineData(null)]
    [InlineData("'identity'")]
    [InlineData("my_identity(1, 0, '1,1')")]
    public void Other_defaults_are_no_identity(string? source) => Assert.Null(RedshiftDefaults.Identity(source));

    [Theory]
    [InlineData("{1,2}", "1;2")]
    [InlineData("{7}", "7")]
    [InlineData("{}", "")]
    [InlineData(null, "")]
    [InlineData("1,2", "")]
    public void Arrays_are_numbers_in_braces(string? array, string numbers) => Assert.Equal(numbers, string.Join(';', RedshiftCatalogReader.Numbers(array)));
}
