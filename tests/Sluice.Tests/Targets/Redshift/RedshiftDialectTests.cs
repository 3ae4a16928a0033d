using Sluice.Catalog;
using Sluice.Targets;
using Sluice.Targets.Redshift;

namespace Sluice.Tests.Targets.Redshift;

public sealed class RedshiftDialectTests
{
    private static readonly QualifiedName Table = new("s", "t\"; drop table x; --");

    private readonly RedshiftDialect _dialect = new(numbersColumns: false);

    [Theory]
    [InlineData(null, "")]
    [InlineData("a\"b", "\nDISTSTYLE KEY DISTKEY (\"a\"\"b\")")]
    [InlineData("", "\nDISTSTYLE ALL")]
    public void A_table_is_created_with_its_distribution(string? column, string expected) => Assert.Equal(
        "CREATE TABLE \"s\".\"t\"\"; drop table x; --\"\n(\n  \"a\"\"b\" bigint IDENTITY(5, 1) NOT NULL,\n  \"c\" varchar(9) DEFAULT 'x'\n)" + expected,
        _dialect.CreateTable(new NewTable
        {
            Name = Table,
            Columns =
            [
                ("a\"b", new TargetColumn { Type = "bigint", TypeSuffix = " IDENTITY(5, 1)", IsNotNull = true }),
                ("c", new TargetColumn { Type = "varchar(9)", IsNotNull = false, Default = "'x'" }),
            ],
            Distribution = column is null ? null : new TableDistribution(column.Length == 0 ? null : column),
        }));

    [Theory]
    [InlineData(RowDistribution.Key, "a\"b", false, "\nDISTSTYLE KEY DISTKEY (\"a\"\"b\")\nSORTKEY (\"c\", \"a\"\"b\")")]
    [InlineData(RowDistribution.Even, null, true, "\nDISTSTYLE EVEN\nINTERLEAVED SORTKEY (\"c\", \"a\"\"b\")")]
    [InlineData(RowDistribution.All, null, false, "\nDISTSTYLE ALL\nSORTKEY (\"c\", \"a\"\"b\")")]
    [InlineData(RowDistribution.Auto, null, false, "\nDISTSTYLE AUTO\nSORTKEY (\"c\", \"a\"\"b\")")]
    public void A_table_is_created_with_the_layout_of_its_source(RowDistribution distribution, string? key, bool isInterleaved, string expected) => Assert.EndsWith(
        ")" + expected,
        _dialect.CreateTable(new NewTable
        {
            Name = Table,
            Columns = [("c", new TargetColumn { Type = "date", IsNotNull = false })],
            Layout = new TableLayout { Distribution = distribution, DistributionKey = key, SortKey = ["c", "a\"b"], IsInterleaved = isInterleaved },
        }),
        StringComparison.Ordinal);

    [Fact]
    public void A_distribution_that_was_asked_for_goes_before_the_sources() => Assert.EndsWith(
        ")\nDISTSTYLE ALL\nSORTKEY (\"c\")",
        _dialect.CreateTable(new NewTable
        {
            Name = Table,
            Columns = [("c", new TargetColumn { Type = "date", IsNotNull = false })],
            Distribution = new TableDistribution(null),
            Layout = new TableLayout { Distribution = RowDistribution.Even, SortKey = ["c"] },
        }),
        StringComparison.Ordinal);

    [Fact]
    public void A_type_in_the_targets_own_words_stays_with_its_encoding()
    {
        var column = _dialect.Column(new ColumnRequest
        {
            Source = new ColumnModel { Name = "v", TypeName = "varchar", DeclaredType = "varchar(20)", Compression = "lzo" },
            Type = "varchar(20)",
            IsNotNull = true,
            IsNative = true,
        });
        Assert.Equal(("varchar(20)", " ENCODE lzo", true), (column.Type, column.TypeSuffix, column.IsNotNull));
    }

    [Theory]
    [InlineData(DefaultKind.Literal, "it's \\ '; drop table x; --", "text", "'it''s \\\\ ''; drop table x; --'", null)]
    [InlineData(DefaultKind.Literal, "1", "bigint", "'1'", null)]
    [InlineData(DefaultKind.Literal, "{}", "json", null, "super takes no literal as a default")]
    [InlineData(DefaultKind.Literal, "x", "bytea", null, "varbyte takes no literal as a default")]
    [InlineData(DefaultKind.CurrentTimestamp, "", "timestamptz", "sysdate", null)]
    [InlineData(DefaultKind.CurrentTimestamp, "", "timestamp(3)", "sysdate", null)]
    [InlineData(DefaultKind.CurrentTimestamp, "", "text", null, "CURRENT_TIMESTAMP cannot be the default of a column of type varchar(65535)")]
    [InlineData(DefaultKind.CurrentDate, "", "date", "current_date", null)]
    [InlineData(DefaultKind.CurrentDate, "", "text", null, "CURRENT_DATE cannot be the default of a column of type varchar(65535)")]
    [InlineData(DefaultKind.CurrentTime, "", "time", null, "CURRENT_TIME cannot be the default of a column of type time")]
    [InlineData(DefaultKind.Expression, "a + 1", "bigint", null, "a + 1 cannot be the default of a column of type bigint")]
    public void A_default_is_translated_or_said_to_be_lost(DefaultKind kind, string text, string type, string? expected, string? lost)
    {
        var column = _dialect.Column(Request(type) with { Default = new ColumnDefault(kind, text) });
        Assert.Equal((expected, lost), (column.Default, column.DefaultLost));
    }

    [Fact]
    public void A_serial_s_default_is_no_default() =>
        Assert.Null(_dialect.Column(Request("bigserial") with { Default = new ColumnDefault(DefaultKind.Literal, "1") }).Default);

    [Theory]
    [InlineData("bigserial", 41L, "bigint", " IDENTITY(42, 1)", null)]
    [InlineData("serial", null, "integer", " IDENTITY(1, 1)", null)]
    [InlineData("serial", -9L, "integer", " IDENTITY(1, 1)", null)]
    [InlineData("smallserial", 7L, "integer", " IDENTITY(8, 1)", null)]
    [InlineData("bigserial", long.MaxValue, "bigint", "", "does not become IDENTITY: its largest value is 9223372036854775807")]
    [InlineData("serial", 2147483647L, "integer", "", "does not become IDENTITY: its largest value is 2147483647")]
    [InlineData("text", 7L, "varchar(16)", "", "does not become IDENTITY: varchar(16) is none of integer and bigint")]
    public void A_numbered_column_begins_after_its_largest_value(string type, long? largest, string expected, string suffix, string? notice)
    {
        var request = Request(type) with { Measure = new ColumnMeasure { Column = "c", Values = 1, MaxBytes = 3, Largest = largest } };
        request = request with { Source = request.Source with { IsAutoIncrement = true } };
        var column = new RedshiftDialect(numbersColumns: true).Column(request);
        Assert.Equal((expected, suffix, notice), (column.Type, column.TypeSuffix, column.Notices.SingleOrDefault()));
        Assert.Equal("", _dialect.Column(request).TypeSuffix);
    }

    [Fact]
    public void A_numbered_column_that_was_not_measured_stays_plain()
    {
        var request = Request("bigserial");
        request = request with { Source = request.Source with { IsAutoIncrement = true } };
        Assert.Equal("does not become IDENTITY: its largest value is not known", Assert.Single(new RedshiftDialect(numbersColumns: true).Column(request).Notices));
    }

    [Theory]
    [InlineData(0L, true)]
    [InlineData(1L, false)]
    public void A_key_column_without_NULLs_is_declared_so(long nulls, bool expected) => Assert.Equal(
        expected, _dialect.Column(Request("bigint") with { IsInKey = true, Measure = new ColumnMeasure { Column = "c", Nulls = nulls } }).IsNotNull);

    [Fact]
    public void A_key_is_checked_and_declared()
    {
        var key = _dialect.Key(new QualifiedName("s", "t"), "k", ["a", "b\"c"], isPrimary: false);
        Assert.Null(key.CreateIndex);
        Assert.Equal("ALTER TABLE \"s\".\"t\" ADD CONSTRAINT \"k\" UNIQUE (\"a\", \"b\"\"c\")", key.Add);
        Assert.Equal(
            "SELECT \"a\", \"b\"\"c\", count(*) FROM \"s\".\"t\" WHERE \"a\" IS NOT NULL AND \"b\"\"c\" IS NOT NULL GROUP BY \"a\", \"b\"\"c\" HAVING count(*) > 1 LIMIT 3", key.FindDuplicates);
        Assert.Equal("ALTER TABLE \"s\".\"t\" ADD CONSTRAINT \"k\" PRIMARY KEY (\"a\")", _dialect.Key(new QualifiedName("s", "t"), "k", ["a"], isPrimary: true).Add);
    }

    [Fact]
    public void A_foreign_key_has_no_actions_and_is_checked_by_a_query()
    {
        var key = new ForeignKey { Columns = ["a", "b"], References = new("s", "p"), ReferencedColumns = ["x", "y"], OnDelete = ForeignKeyAction.Cascade };
        Assert.Equal("ALTER TABLE \"s\".\"c\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"a\", \"b\") REFERENCES \"s\".\"p\" (\"x\", \"y\")", _dialect.AddForeignKey(new("s", "c"), "f", key));
        Assert.Null(_dialect.ValidateKey(new("s", "c"), "f"));
        Assert.Equal(
            "SELECT count(*) OVER (), c.\"a\", c.\"b\" FROM \"s\".\"c\" AS c LEFT JOIN \"s\".\"p\" AS p ON p.\"x\" = c.\"a\" AND p.\"y\" = c.\"b\" WHERE c.\"a\" IS NOT NULL AND c.\"b\" IS NOT NULL AND p.\"x\" IS NULL LIMIT 3",
            _dialect.FindOrphans(new("s", "c"), key, 3));
    }

    [Fact]
    public void Tables_are_emptied_one_by_one_and_no_sequence_is_set()
    {
        Assert.Equal(["TRUNCATE \"s\".\"a\"", "TRUNCATE \"s\".\"b\""], _dialect.Truncate([new("s", "a"), new("s", "b")]));
        Assert.Null(_dialect.ResetSequence(Table, "id"));
    }

    private static ColumnRequest Request(string type) => new()
    {
        Source = new ColumnModel { Name = "c", TypeName = "x", DeclaredType = "x" },
        Type = type,
        IsNotNull = false,
    };
}
