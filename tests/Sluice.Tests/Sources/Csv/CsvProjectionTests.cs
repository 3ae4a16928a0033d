using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Sluice.Batches;
using Sluice.Casts;
using Sluice.Commands;
using Sluice.Diagnostics;
using Sluice.Sources;
using Sluice.Sources.Csv;

namespace Sluice.Tests.Sources.Csv;

public sealed class CsvProjectionTests
{
    private static readonly CsvOptions Header = CsvRun.Comma with { HasHeader = true };

    [Fact]
    public async Task Without_any_names_fields_go_to_the_columns_of_the_table_in_order()
    {
        var run = await ReadAsync("1,2\n", CsvRun.Comma, ["x", "y"]);
        Assert.Equal(["1|2"], run.Lines);
        Assert.Equal(["x", "y"], run.Units[0].Columns);
    }

    [Fact]
    public async Task A_field_list_binds_columns_by_name_without_regard_to_case()
    {
        var run = await ReadAsync("1,2,3\n", CsvRun.Comma, ["b", "C", "a"], Fields("a", "B", "c"));
        Assert.Equal(["2|3|1"], run.Lines);
        Assert.Equal(["b", "C", "a"], run.Units[0].Columns);
    }

    [Fact]
    public async Task A_field_list_that_names_fewer_columns_leaves_the_others_to_their_defaults()
    {
        var run = await ReadAsync("1,2,3\n", CsvRun.Comma, ["a", "b", "c"], Fields("c", "zip", "a"));
        Assert.Equal(["3|1"], run.Lines);
        Assert.Equal(["a", "c"], run.Units[0].Columns);
        Assert.Equal(
            [
                "The field list names fields that are no columns of the table, or generated ones, and are ignored: zip",
                "The field list does not name all columns of the table; these get their defaults: b",
            ],
            run.Notices.Texts);
    }

    [Fact]
    public async Task A_column_list_alone_names_the_fields_by_position()
    {
        var run = await ReadAsync("1,2\n", CsvRun.Comma, ["a", "b", "c"], columns: Columns("c", "a"));
        Assert.Equal(["1|2"], run.Lines);
        Assert.Equal(["c", "a"], run.Units[0].Columns);
    }

    [Fact]
    public async Task A_column_list_takes_fields_of_the_same_name()
    {
        var run = await ReadAsync("1,2,3\n", CsvRun.Comma, ["a", "b", "c"], Fields("a", "b", "c"), Columns("C", "a"));
        Assert.Equal(["3|1"], run.Lines);
    }

    [Fact]
    public void A_column_without_a_field_is_found_when_the_command_is_bound()
    {
        var (column, message, hint) = Assert.Single(FieldLayout.Unresolved(Fields("alpha", "beta"), [.. Columns("alpha", "betta"), Computed("x")]));
        Assert.Equal("betta", column.Name);
        Assert.Equal("Column betta takes the field of the same name, and there is none", message);
        Assert.Equal("Did you mean beta?", hint);
        Assert.Empty(FieldLayout.Unresolved([], Columns("a")));
    }

    [Fact]
    public async Task A_header_names_the_fields()
    {
        var run = await ReadAsync("c, \"A\" ,zip\r\n3,1,x\r\n", Header, ["a", "b", "c"]);
        Assert.Equal(["1|3"], run.Lines);
        Assert.Equal(["a", "c"], run.Units[0].Columns);
        Assert.Equal(2, run.Rows.Origins[0].Line);
        Assert.Equal(13, run.Rows.Origins[0].ByteOffset);
        Assert.Equal(
            [
                "The header of data.csv names fields that are no columns of the table, or generated ones, and are ignored: zip",
                "The header of data.csv does not name all columns of the table; these get their defaults: b",
            ],
            run.Notices.Texts);
    }

    [Fact]
    public async Task A_header_may_hold_line_ends_and_escapes()
    {
        var run = await ReadAsync("\"a\n\"\"1\"\"\",b\n1,2\n", Header, ["a\n\"1\"", "b"]);
        Assert.Equal(["1|2"], run.Lines);
        Assert.Equal(3, run.Rows.Origins[0].Line);
    }

    [Fact]
    public async Task A_header_is_skipped_where_a_field_list_names_the_fields()
    {
        var run = await ReadAsync("p,q\n1,2\n", Header, ["a", "b"], Fields("b", "a"));
        Assert.Equal(["2|1"], run.Lines);
    }

    [Fact]
    public async Task A_header_comes_after_skipped_and_empty_lines()
    {
        var run = await ReadAsync("made by x\n\n \nb,a\n1,2\n", Header with { SkipLines = 1 }, ["a", "b"]);
        Assert.Equal(["2|1"], run.Lines);
        Assert.Equal(2, run.Rows.Skipped);
        Assert.Equal(5, run.Rows.Origins[0].Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a,b\n")]
    public async Task A_file_with_at_most_a_header_has_no_rows(string text) => Assert.Empty((await ReadAsync(text, Header, ["a", "b"])).Lines);

    [Fact]
    public async Task Each_file_has_its_own_header()
    {
        var settings = CsvRun.Settings([], Header, "a", "b") with
        {
            Inputs = [CsvRun.Input("a,b\n1,2\n"u8.ToArray()), CsvRun.Input([]), CsvRun.Input("B,A\n3,4\n"u8.ToArray(), canReopen: false)],
        };
        var run = await CsvRun.ReadAsync(settings);
        Assert.Equal(["1|2", "4|3"], run.Lines);
        Assert.All(run.Units, u => Assert.Equal(["a", "b"], u.Columns));
        Assert.Equal([0, 2], run.Rows.Origins.Select(o => o.Input));
    }

    [Fact]
    public async Task An_empty_file_has_the_columns_of_the_other_files()
    {
        var settings = CsvRun.Settings([], Header, "a", "b", "c") with { Inputs = [CsvRun.Input([]), CsvRun.Input("c,a\n1,2\n"u8.ToArray())] };
        Assert.All((await CsvRun.ReadAsync(settings)).Units, u => Assert.Equal(["a", "c"], u.Columns));
    }

    [Theory]
    [InlineData("x,y\n1,2\n", "The header of data.csv names no column of the table: found x, y, expected some of a, b")]
    [InlineData("a,b,A\n1,2,3\n", "")]
    [InlineData("A,b,A\n1,2,3\n", "Column a could be fields 1 and 3 of data.csv: the name stands there 2 times")]
    [InlineData("a,\"b\n", "The header in line 1 of data.csv cannot be read: a quote that opens in it never ends")]
    [InlineData("a,\"b\"c\n", "The header in line 1 of data.csv cannot be read: text follows a closing quote")]
    public async Task A_header_that_cannot_be_used_stops_the_load(string text, string message)
    {
        var failure = await Record.ExceptionAsync(() => ReadAsync(text, Header, ["a", "b"]));
        Assert.Equal(message, failure is null ? "" : Assert.IsType<SourceException>(failure).Message);
    }

    [Fact]
    public async Task A_column_that_the_header_lacks_stops_the_load_and_the_nearest_name_is_shown()
    {
        var failure = await Assert.ThrowsAsync<SourceException>(
            () => ReadAsync("id,titel\n1,2\n", Header, ["id", "title"], columns: Columns("id", "title")));
        Assert.Equal("Column title has no field of that name in data.csv: its fields are id, titel", failure.Message);
        Assert.Equal("Did you mean titel?", failure.Hint);
    }

    [Fact]
    public async Task A_header_in_another_encoding_is_refused()
    {
        var failure = await Assert.ThrowsAsync<SourceException>(
            () => CsvRun.ReadAsync(CsvRun.Settings([0x61, 0xE9, (byte)'\n'], Header, "a")));
        Assert.Contains("it is not valid UTF-8", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_if_of_the_load_counts_for_all_fields_whatever_names_them()
    {
        var options = CsvRun.Comma with { NullIf = [new NullIf("NA"), new NullIf(null)] };
        Assert.Equal(["-|-|x"], (await ReadAsync("NA,\"  \",x\n", options, ["a", "b", "c"])).Lines);
        Assert.Equal(["-|-|x"], (await ReadAsync("a,b,c\n\"NA\",\"\",x\n", options with { HasHeader = true }, ["a", "b", "c"])).Lines);
        Assert.Equal(["-|-|x"], (await ReadAsync("NA,\"\",x\n", options, ["a", "b", "c"], columns: Columns("a", "b", "c"))).Lines);
    }

    [Fact]
    public async Task An_own_null_if_replaces_that_of_the_load()
    {
        var fields = Fields("a", "b");
        fields = [fields[0] with { NullIf = [new NullIf("x"), new NullIf("y")] }, fields[1]];
        var run = await ReadAsync("x,x\ny,NA\nNA,z\n", CsvRun.Comma with { NullIf = [new NullIf("NA")] }, ["a", "b"], fields);
        Assert.Equal(["-|x", "-|-", "NA|z"], run.Lines);
    }

    [Theory]
    [InlineData(FieldTrim.Both, "\" NA \"", "NA")]
    [InlineData(FieldTrim.Both, "\"  \"", "''")]
    [InlineData(FieldTrim.Both, "\" \tx\n \"", "\tx\n")]
    [InlineData(FieldTrim.Left, "\" x \"", "x ")]
    [InlineData(FieldTrim.Right, "\" x \"", " x")]
    [InlineData(FieldTrim.None, "\" x \"", " x ")]
    [InlineData(FieldTrim.Both, "NA", "-")]
    public async Task Spaces_are_trimmed_after_null_if(FieldTrim trim, string field, string expected)
    {
        var fields = Fields("a", "b");
        fields = [fields[0] with { Trim = trim, NullIf = [new NullIf("NA")] }, fields[1]];
        Assert.Equal([$"{expected}|1"], (await ReadAsync($"{field},1\n", CsvRun.Comma, ["a", "b"], fields)).Lines);
    }

    [Fact]
    public async Task A_date_format_sees_the_trimmed_text_and_never_a_null()
    {
        var fields = Fields("a", "b");
        fields = [fields[0] with { Trim = FieldTrim.Both, DateFormat = "own" }, fields[1]];
        var run = await ReadAsync("\" 1 \",2\n,4\n", CsvRun.Comma with { DateFormat = "all" }, ["a", "b"], fields, dates: ["a", "B"]);
        Assert.Equal(["own(1)|all(2)", "-|all(4)"], run.Lines);
    }

    [Fact]
    public async Task The_date_format_of_the_load_is_for_columns_of_a_date_or_time_type()
    {
        var options = CsvRun.Comma with { DateFormat = "all" };
        Assert.Equal(["1|all(2)"], (await ReadAsync("1,2\n", options, ["a", "b"], dates: ["b"])).Lines);
        Assert.Equal(["all(1)|2"], (await ReadAsync("1,2\n", options, ["a", "b"], columns: Columns("b", "a"), dates: ["b"])).Lines);
        Assert.Equal(["all(1)|2"], (await ReadAsync("B,a\n1,2\n", options with { HasHeader = true }, ["b", "a"], dates: ["b"])).Lines);
    }

    [Fact]
    public async Task A_value_that_a_date_format_cannot_take_rejects_the_record()
    {
        var run = await ReadAsync("1,ok\n2,bad\n3,ok\n", CsvRun.Comma with { DateFormat = "all" }, ["a", "b"], dates: ["b"]);
        Assert.Equal(["1|all(ok)", "3|all(ok)"], run.Lines);
        var (rejection, source) = Assert.Single(run.Rows.Rejects);
        Assert.Equal((RejectStage.Transform, "b", "bad is bad"), (rejection.Stage, rejection.Column, rejection.Message));
        Assert.Equal("2,bad\n"u8.ToArray(), source);
    }

    [Fact]
    public async Task An_expression_sees_all_fields_of_its_row()
    {
        var settings = Settings("1,\"a\"\"b\"\n,x\n3\n", CsvRun.Comma, ["n", "t", "plain"], Fields("f", "g"), [Computed("n"), Computed("t"), .. Columns("f")]);
        var run = await CsvRun.ReadAsync(settings with
        {
            TargetColumns = [new TextTargetColumn("n"), new TextTargetColumn("t"), new TextTargetColumn("f")],
            CompileExpression = (column, names) => (fields, scratch) =>
            {
                Assert.Equal(["f", "g"], names);
                scratch.Write(Encoding.UTF8.GetBytes(column.Name + ":"));
                scratch.Write(fields.IsNull(0) ? "null"u8 : fields.Text(0));
                scratch.Write("+"u8);
                scratch.Write(fields.IsNull(1) ? "null"u8 : fields.Text(1));
                return column.Name == "t" && fields.IsNull(0) ? FieldResult.Null : FieldResult.Replaced;
            },
        });
        Assert.Equal(["n:1+a\"b|t:1+a\"b|1", "n:null+x|-|-", "n:3+null|t:3+null|3"], run.Lines);
    }

    [Fact]
    public async Task An_expression_that_fails_rejects_the_record_under_its_column()
    {
        var settings = Settings("1,2\nbad,4\n5,6\n", CsvRun.Comma, ["f", "g"], Fields("f", "g"), [.. Columns("g"), Computed("f")]);
        var run = await CsvRun.ReadAsync(settings with { CompileExpression = (_, _) => Mark("e", 0) });
        Assert.Equal(["2|e(1)", "6|e(5)"], run.Lines);
        Assert.Equal(("f", "bad is bad"), (run.Rows.Rejects[0].Rejection.Column, run.Rows.Rejects[0].Rejection.Message));
    }

    [Fact]
    public async Task Using_nil_is_no_expression()
    {
        var column = new ColumnSpec { Name = "b", Using = new SExpression.Symbol("nil") };
        Assert.Equal(["2"], (await ReadAsync("1,2\n", CsvRun.Comma, ["a", "b"], Fields("a", "b"), [column])).Lines);
    }

    private static ImmutableArray<FieldSpec> Fields(params string[] names) => [.. names.Select(n => new FieldSpec { Name = n })];

    private static ImmutableArray<ColumnSpec> Columns(params string[] names) => [.. names.Select(n => new ColumnSpec { Name = n })];

    private static ColumnSpec Computed(string name) => new() { Name = name, Using = new SExpression.Text("x") };

    private static RowExpression Mark(string name, int field) => (fields, scratch) =>
    {
        var text = Encoding.UTF8.GetString(fields.Text(field));
        scratch.Write(Encoding.UTF8.GetBytes(text == "bad" ? throw new TransformException("bad is bad") : $"{name}({text})"));
        return FieldResult.Replaced;
    };

    private static Transform DateFormat(string template) => (utf8, scratch) =>
    {
        var text = Encoding.UTF8.GetString(utf8);
        scratch.Write(Encoding.UTF8.GetBytes(text == "bad" ? throw new TransformException("bad is bad") : $"{template}({text})"));
        return FieldResult.Replaced;
    };

    private static CsvSourceSettings Settings(
        string text, CsvOptions options, string[] table, ImmutableArray<FieldSpec> fields, ImmutableArray<ColumnSpec> columns) =>
        CsvRun.Settings(Encoding.UTF8.GetBytes(text), options, table) with { Fields = fields, Columns = columns, CompileDateFormat = DateFormat };

    private static Task<CsvRun> ReadAsync(
        string text, CsvOptions options, string[] table, ImmutableArray<FieldSpec>? fields = null, ImmutableArray<ColumnSpec>? columns = null,
        string[]? dates = null) =>
        CsvRun.ReadAsync(Settings(text, options, table, fields ?? [], columns ?? []) with
        {
            TargetColumns = [.. table.Select(t => new TextTargetColumn(t, dates?.Contains(t, StringComparer.OrdinalIgnoreCase) == true))],
        });
}
