using Sluice.Casts;
using Sluice.Catalog;

namespace Sluice.Tests.Casts;

public sealed class CastEngineTests
{
    private static readonly CastRule[] Defaults =
    [
        new() { Name = "serial", SourceType = "integer", ToType = "bigserial", WithAutoIncrement = true, DropsDefault = true },
        new() { Name = "integer", SourceType = "integer", ToType = "bigint" },
        new() { Name = "numeric", SourceType = "numeric", ToType = "numeric", KeepsTypemod = true },
        new() { Name = "varchar", SourceType = "varchar", ToType = "text", Using = Make("right-trim"), UsingName = "right-trim" },
        new() { Name = "any", ToType = "text" },
    ];

    [Fact]
    public void The_first_rule_that_matches_decides_and_is_named()
    {
        var cast = Cast(Column("integer"), User("type integer", type: "integer", to: "int"), User("second", type: "integer", to: "text"));
        Assert.Equal(("int", "type integer"), (cast.Type, cast.Rule?.Name));
    }

    [Fact]
    public void A_type_is_matched_whole_and_without_regard_to_case()
    {
        Assert.Equal("any", Cast(Column("integers")).Rule?.Name);
        Assert.Equal("int", Cast(Column("integer"), User("u", type: "INTEGER", to: "int")).Type);
    }

    [Fact]
    public void A_column_rule_matches_its_column_whatever_else_it_says()
    {
        var rule = User("u", to: "uuid") with { Table = "T", Column = "C", WhenUnsigned = true };
        Assert.Equal("uuid", Cast(Column("integer"), rule).Type);
        Assert.Equal("bigint", CastEngine.Apply("other", Column("integer"), [rule, .. Defaults]).Type);
    }

    [Theory]
    [InlineData(true, "u")]
    [InlineData(false, "any")]
    public void Signs_are_compared(bool isUnsigned, string rule) =>
        Assert.Equal(rule, Cast(Column("x") with { IsUnsigned = isUnsigned }, User("u", type: "x", to: "int") with { WhenUnsigned = true }).Rule?.Name);

    [Theory]
    [InlineData("Zero", "u")]
    [InlineData("one", "any")]
    [InlineData(null, "any")]
    public void Defaults_are_compared_without_regard_to_case(string? value, string rule)
    {
        var column = Column("x") with { Default = value is null ? null : new ColumnDefault(DefaultKind.Literal, value) };
        Assert.Equal(rule, Cast(column, User("u", type: "x", to: "int") with { WhenDefault = "zero" }).Rule?.Name);
    }

    [Theory]
    [InlineData(true, "u")]
    [InlineData(false, "any")]
    public void And_not_null_is_a_guard(bool isNotNull, string rule) =>
        Assert.Equal(rule, Cast(Column("x") with { IsNotNull = isNotNull }, User("u", type: "x", to: "int") with { WhenNotNull = true }).Rule?.Name);

    [Theory]
    [InlineData(5, "u")]
    [InlineData(12, "any")]
    [InlineData(null, "any")]
    public void A_typemod_guard_wants_a_typemod_that_it_holds_for(int? precision, string rule) =>
        Assert.Equal(rule, Cast(Column("x") with { Precision = precision }, User("u", type: "x", to: "int") with { When = (p, _) => p < 10 }).Rule?.Name);

    [Fact]
    public void Auto_increment_must_agree_both_ways()
    {
        var numbered = Column("integer") with { IsAutoIncrement = true };
        Assert.Equal("bigserial", Cast(numbered, User("u", type: "integer", to: "int")).Type);
        Assert.Equal("serial", Cast(numbered, User("u", type: "integer", to: "serial") with { WithAutoIncrement = true }).Type);
        Assert.Equal("bigint", Cast(Column("integer"), User("u", type: "integer", to: "serial") with { WithAutoIncrement = true }).Type);
    }

    [Theory]
    [InlineData("varchar", 20, null, "varchar(20)")]
    [InlineData("numeric", 10, 2, "numeric(10,2)")]
    [InlineData("bigint", 11, null, "bigint")]
    [InlineData("text", 11, null, "text")]
    [InlineData("varchar", null, null, "varchar")]
    public void A_user_s_rule_keeps_the_typemod_where_the_type_can_have_one(string to, int? precision, int? scale, string type) =>
        Assert.Equal(type, Cast(Column("x") with { Precision = precision, Scale = scale }, User("u", type: "x", to: to)).Type);

    [Fact]
    public void Drop_typemod_drops_it() =>
        Assert.Equal("varchar", Cast(Column("x") with { Precision = 20 }, User("u", type: "x", to: "varchar") with { KeepsTypemod = false }).Type);

    [Fact]
    public void What_is_never_null_is_made_not_null_but_by_what_could_change_that()
    {
        var column = Column("integer") with { IsNeverNull = true };
        Assert.True(Cast(column).IsNotNull);
        Assert.False(Cast(column, User("u", type: "integer", to: "int") with { DropsNotNull = true }).IsNotNull);
        Assert.False(Cast(column, User("u", type: "integer", to: "int") with { Using = _ => (_, _) => FieldResult.Null }).IsNotNull);
        Assert.Equal("any", Cast(column with { TypeName = "x" }, User("u", type: "x", to: "int") with { WhenNotNull = true }).Rule?.Name);
    }

    [Fact]
    public void Not_null_is_kept_unless_it_is_dropped_and_can_be_set()
    {
        var column = Column("integer") with { IsNotNull = true };
        Assert.True(Cast(column).IsNotNull);
        Assert.False(Cast(column, User("u", type: "integer", to: "int") with { DropsNotNull = true }).IsNotNull);
        Assert.True(Cast(Column("integer"), User("u", type: "integer", to: "int") with { SetsNotNull = true }).IsNotNull);
    }

    [Fact]
    public void A_rule_without_a_type_takes_that_of_the_rules_after_it()
    {
        var column = Column("integer") with { Default = new ColumnDefault(DefaultKind.Literal, "1") };
        var cast = Cast(column, User("u", type: "integer") with { HasActions = true, DropsDefault = true });
        Assert.Equal(("bigint", null, "u"), (cast.Type, cast.Default, cast.Rule?.Name));
    }

    [Fact]
    public void A_rule_that_only_transforms_lends_its_transform_to_the_one_that_decides()
    {
        var transforming = User("u", type: "integer") with { Using = Make("empty-string-to-null"), UsingName = "empty-string-to-null" };
        Assert.Equal(("bigint", "empty-string-to-null"), (Cast(Column("integer"), transforming).Type, Cast(Column("integer"), transforming).UsingName));
    }

    [Fact]
    public void A_transform_of_the_deciding_rule_comes_first()
    {
        var transforming = User("u", type: "varchar") with { Using = Make("empty-string-to-null"), UsingName = "empty-string-to-null" };
        Assert.Equal("right-trim", Cast(Column("varchar"), transforming).UsingName);
    }

    [Fact]
    public void A_literal_default_goes_through_the_transform()
    {
        var column = Column("varchar") with { Default = new ColumnDefault(DefaultKind.Literal, "x  ") };
        Assert.Equal("x", Cast(column).Default?.Text);
        Assert.Equal("now", Cast(column with { Default = new ColumnDefault(DefaultKind.CurrentDate, "now") }).Default?.Text);
    }

    [Fact]
    public void A_default_that_the_transform_refuses_stays()
    {
        var column = Column("x") with { Default = new ColumnDefault(DefaultKind.Literal, "soon") };
        Assert.Equal("soon", Cast(column, User("u", type: "x", to: "timestamptz") with { Using = Make("unix-timestamp-to-timestamptz") }).Default?.Text);
    }

    [Fact]
    public void Without_any_rule_the_declared_type_stands()
    {
        var cast = CastEngine.Apply("t", Column("polygon"), []);
        Assert.Equal(("POLYGON", null), (cast.Type, cast.Rule));
    }

    private static ColumnCast Cast(ColumnModel column, params CastRule[] user) => CastEngine.Apply("t", column, [.. user, .. Defaults]);

    private static ColumnModel Column(string type) => new() { Name = "c", TypeName = type, DeclaredType = type.ToUpperInvariant() };

    private static CastRule User(string name, string? type = null, string? to = null) => new() { Name = name, SourceType = type, ToType = to, KeepsTypemod = true };

    private static Func<TransformInput, Transform> Make(string name) => input => TransformCatalog.TryGet(name, input, out var transform) ? transform : throw new InvalidOperationException();
}
