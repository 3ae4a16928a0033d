using Sluice.Catalog;
using Sluice.Targets;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Targets.Redshift;

/// <summary>What PostgreSQL's types become: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html.</summary>
public sealed class RedshiftTypesTests
{
    [Theory]
    [InlineData("smallint", "smallint")]
    [InlineData("int2", "smallint")]
    [InlineData("INTEGER", "integer")]
    [InlineData("int", "integer")]
    [InlineData("int4", "integer")]
    [InlineData("bigint", "bigint")]
    [InlineData("int8", "bigint")]
    [InlineData("serial", "integer")]
    [InlineData("bigserial", "bigint")]
    [InlineData("smallserial", "smallint")]
    [InlineData("bool", "boolean")]
    [InlineData("real", "real")]
    [InlineData("float4", "real")]
    [InlineData("float", "double precision")]
    [InlineData("double precision", "double precision")]
    [InlineData("date", "date")]
    [InlineData("time(3)", "time")]
    [InlineData("time with time zone", "timetz")]
    [InlineData("timestamp", "timestamp")]
    [InlineData("timestamp(6) without time zone", "timestamp")]
    [InlineData("timestamp (3) with time zone", "timestamptz")]
    [InlineData("timestamptz", "timestamptz")]
    [InlineData("numeric(10,2)", "numeric(10,2)")]
    [InlineData("decimal(38, 37)", "numeric(38,37)")]
    [InlineData("numeric(5)", "numeric(5,0)")]
    [InlineData("numeric", "numeric(38,18)")]
    [InlineData("numeric(39,2)", "varchar(42)")]
    [InlineData("money", "numeric(19,2)")]
    [InlineData("json", "super")]
    [InlineData("jsonb", "super")]
    [InlineData("hstore", "super")]
    [InlineData("integer[]", "super")]
    [InlineData("varchar(10)[]", "super")]
    [InlineData("bytea", "varbyte(1024000)")]
    [InlineData("text", "varchar(65535)")]
    [InlineData("citext", "varchar(65535)")]
    [InlineData("xml", "varchar(65535)")]
    [InlineData("varchar", "varchar(65535)")]
    [InlineData("varchar(20)", "varchar(80)")]
    [InlineData("character varying(16383)", "varchar(65532)")]
    [InlineData("character varying(16384)", "varchar(65535)")]
    [InlineData("varchar(1000000)", "varchar(65535)")]
    [InlineData("varchar(max)", "varchar(65535)")]
    [InlineData("char(3)", "varchar(12)")]
    [InlineData("char", "varchar(4)")]
    [InlineData("uuid", "varchar(36)")]
    [InlineData("inet", "varchar(49)")]
    [InlineData("cidr", "varchar(49)")]
    [InlineData("macaddr", "varchar(17)")]
    [InlineData("macaddr8", "varchar(23)")]
    [InlineData("interval", "varchar(64)")]
    [InlineData("bit", "varchar(1)")]
    [InlineData("bit(8)", "varchar(8)")]
    [InlineData("bit varying(9)", "varchar(9)")]
    [InlineData("varbit", "varchar(65535)")]
    [InlineData("tsvector", "varchar(65535)")]
    [InlineData("int4range", "varchar(65535)")]
    [InlineData("point", "varchar(65535)")]
    [InlineData("public.mood", "varchar(65535)")]
    [InlineData("super", "super")]
    [InlineData("varbyte(100)", "varbyte(100)")]
    [InlineData("varbyte", "varbyte(1024000)")]
    [InlineData("geometry", "geometry")]
    [InlineData("interval day to second", "interval day to second")]
    public void A_type_is_known_without_its_values(string type, string expected) => Assert.Equal(expected, Of(type, null).Name);

    [Theory]
    [InlineData(1, "varchar(16)")]
    [InlineData(12, "varchar(16)")]
    [InlineData(13, "varchar(32)")]
    [InlineData(51, "varchar(64)")]
    [InlineData(52, "varchar(128)")]
    [InlineData(204, "varchar(256)")]
    [InlineData(26_214, "varchar(32768)")]
    [InlineData(26_215, "varchar(65535)")]
    [InlineData(65_535, "varchar(65535)")]
    [InlineData(70_000, "varchar(65535)")]
    public void Text_has_a_quarter_more_than_its_longest_value(int bytes, string expected) =>
        Assert.Equal(expected, Of("text", Measure(bytes)).Name);

    [Theory]
    [InlineData(1, "varbyte(16)")]
    [InlineData(1000, "varbyte(2048)")]
    [InlineData(100_000, "varbyte(125000)")]
    [InlineData(2_000_000, "varbyte(2500000)")]
    [InlineData(16_000_000, "varbyte(16777216)")]
    public void Bytes_have_a_quarter_more_than_their_longest_value(int bytes, string expected) => Assert.Equal(expected, Of("bytea", Measure(bytes)).Name);

    [Theory]
    [InlineData("numeric", 3, 2, "numeric(38,2)", null)]
    [InlineData("numeric", 0, 0, "numeric(38,0)", null)]
    [InlineData("numeric", 1, 37, "numeric(38,37)", null)]
    [InlineData("numeric", 1, 300, "numeric(38,37)", "has values with 300 decimals, of which Redshift keeps 37: they are rounded; a CAST to \"double precision\" or text keeps them")]
    [InlineData("numeric", 30, 10, "numeric(38,8)", "has values with 10 decimals, of which Redshift keeps 8: they are rounded; a CAST to \"double precision\" or text keeps them")]
    [InlineData("numeric", 39, 0, "varchar(64)", "has values of 39 digits, Redshift 38: they are carried as text")]
    [InlineData("numeric(45,2)", 20, 2, "numeric(38,2)", null)]
    [InlineData("numeric(45,2)", 43, 2, "varchar(64)", "has values of 43 digits, Redshift 38: they are carried as text")]
    public void Numbers_have_the_digits_that_their_values_need(string type, int digits, int scale, string expected, string? notice)
    {
        var made = Of(type, Measure(45) with { IntegerDigits = digits, Scale = scale });
        Assert.Equal((expected, notice), (made.Name, made.Notice));
    }

    [Theory]
    [InlineData("char(3)", 3, true, "char(3)")]
    [InlineData("char(3)", 3, false, "varchar(12)")]
    [InlineData("char(3)", 4, true, "varchar(12)")]
    [InlineData("char(3)", 13, true, "varchar(32)")]
    [InlineData("char(5000)", 3, true, "varchar(20000)")]
    [InlineData("varchar(3)", 40, true, "varchar(64)")]
    [InlineData("uuid", 45, true, "varchar(64)")]
    public void A_length_that_values_exceed_is_not_believed(string type, int bytes, bool isAscii, string expected) =>
        Assert.Equal(expected, Of(type, Measure(bytes) with { IsAscii = isAscii }).Name);

    [Theory]
    [InlineData("nvarchar", 40, "varchar(160)")]
    [InlineData("character", 70, "varchar(280)")]
    [InlineData("string", 40, "varchar(16)")]
    [InlineData("text", null, "varchar(16)")]
    public void A_declared_length_counts_where_it_is_one_of_characters(string declared, int? length, string expected) => Assert.Equal(
        expected,
        RedshiftTypes.Of(new ColumnRequest { Source = Column(declared) with { Precision = length }, Type = "text", IsNotNull = false, Measure = Measure(5) }).Name);

    [Fact]
    public void A_default_fits_into_its_column() => Assert.Equal(
        "varchar(32)",
        RedshiftTypes.Of(new ColumnRequest
        {
            Source = Column("text"),
            Type = "text",
            IsNotNull = false,
            Measure = Measure(5),
            Default = new ColumnDefault(DefaultKind.Literal, "twenty bytes or more"),
        }).Name);

    [Fact]
    public void What_a_transform_makes_was_not_measured() => Assert.Equal(
        "varchar(65535)", RedshiftTypes.Of(new ColumnRequest { Source = Column("text"), Type = "text", IsNotNull = false, Measure = Measure(5), IsTransformed = true }).Name);

    [Theory]
    [InlineData("text", true)]
    [InlineData("varchar(20)", true)]
    [InlineData("bytea", true)]
    [InlineData("numeric", true)]
    [InlineData("numeric(40,2)", true)]
    [InlineData("public.mood", true)]
    [InlineData("numeric(10,2)", false)]
    [InlineData("bigint", false)]
    [InlineData("timestamptz", false)]
    [InlineData("jsonb", false)]
    [InlineData("varbyte(10)", false)]
    [InlineData("varchar(max)", false)]
    public void Only_columns_whose_type_depends_on_them_are_measured(string type, bool expected) => Assert.Equal(expected, RedshiftTypes.NeedMeasure(type));

    [Theory]
    [InlineData("tsvector", "has type tsvector, which Redshift lacks: its values are carried as text")]
    [InlineData("integer[]", "has type integer[] and becomes super: its values must be JSON")]
    public void What_has_no_counterpart_has_a_notice(string type, string notice) => Assert.Equal(notice, Of(type, null).Notice);

    [Theory]
    [InlineData("bytea", 3_000_000, 0, "holds values of 3000000 bytes: a row of more than 4 MB cannot be loaded, and bytes take twice their size")]
    [InlineData("bytea", 10, 2, "holds 2 values without a byte, which Redshift's COPY would make NULL: those rows are refused")]
    [InlineData("text", 65_536, 0, "holds text of 65536 bytes, Redshift 65535: longer values are refused")]
    [InlineData("text", 65_535, 5, null)]
    public void Values_that_will_be_refused_have_a_notice(string type, int bytes, int empty, string? notice) =>
        Assert.Equal(notice, Of(type, Measure(bytes) with { Empty = empty }).Notice);

    private static RedshiftType Of(string type, ColumnMeasure? measure) =>
        RedshiftTypes.Of(new ColumnRequest { Source = Column("x"), Type = type, IsNotNull = false, Measure = measure });

    private static ColumnMeasure Measure(int bytes) => new() { Column = "c", Values = 3, MaxBytes = bytes };

    private static ColumnModel Column(string type) => new() { Name = "c", TypeName = type, DeclaredType = type };
}
