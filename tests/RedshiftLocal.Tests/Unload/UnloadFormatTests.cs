namespace RedshiftLocal.Tests.Unload;

/// <summary>What values look like in files: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html and r_UNLOAD_command_examples.html.</summary>
public sealed class UnloadFormatTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_type_is_written_as_a_select_shows_it()
    {
        await using var unload = await CreateAsync(
            "a smallint, b int, c bigint, d numeric(8, 3), e real, f double precision, g boolean, h char(4), i varchar(20), j date, k timestamp, l timestamptz, m time, n timetz, o super, p varbyte",
            "(-1, 2147483647, -9223372036854775808, 12.5, 0.1, 1e300, true, 'ab', 'x y', '2020-02-29', '2020-02-29 23:59:59.123456', "
            + "'2020-01-01 01:00:00+03', '01:02:03.5', '01:02:03+02', json_parse('{\"b\": [1, 2.50],\\n \"a\":\"x y\"}'), from_hex('00ff'))");

        Assert.Equal(
            "-1|2147483647|-9223372036854775808|12.500|0.1|1e+300|t|ab  |x y|2020-02-29|2020-02-29 23:59:59.123456|2019-12-31 22:00:00+00|01:02:03.5|01:02:03+02|"
            + "{\"b\":[1,2.50],\"a\":\"x y\"}|00ff\n",
            await unload.TextAsync(""));
    }

    [Fact]
    public async Task Floating_point_numbers_lose_digits_unless_the_session_asks_for_them()
    {
        await using var unload = await CreateAsync("a real, b double precision", "(0.1, 0.1)");
        await unload.Connection.ExecuteAsync($"update {unload.Table} set a = a + 0.2, b = b + 0.2", Ct);

        Assert.Equal("0.3|0.3\n", await unload.TextAsync(""));
        await unload.Connection.ExecuteAsync("set extra_float_digits to 2", Ct);
        Assert.NotEqual("0.3|0.3\n", await unload.TextAsync(""));
    }

    [Theory]
    [InlineData("", "1||\n2||x\n3|\\N|y\n")]
    [InlineData("null as '\\N'", "1|\\N|\n2||x\n3|\\N|y\n")]
    [InlineData("null as '\\\\N' escape", "1|\\N|\n2||x\n3|\\\\N|y\n")]
    [InlineData("csv", "1,,\n2,,x\n3,\\N,y\n")]
    [InlineData("csv null as 'nil'", "1,nil,\n2,,x\n3,\\N,y\n")]
    [InlineData("addquotes", "\"1\"|\"\"|\"\"\n\"2\"|\"\"|\"x\"\n\"3\"|\"\\N\"|\"y\"\n")]
    [InlineData("json", "{\"a\":1,\"b\":null,\"c\":\"\"}\n{\"a\":2,\"b\":\"\",\"c\":\"x\"}\n{\"a\":3,\"b\":\"\\\\N\",\"c\":\"y\"}\n")]
    [InlineData("fixedwidth 'a:2,b:3,c:1'", "1     \n2    x\n3 \\N y\n")]
    public async Task Null_the_empty_string_and_the_marker_are_told_apart_only_with_escape(string options, string text)
    {
        await using var unload = await CreateAsync("a int, b varchar(5), c varchar(5)", "(1, null, ''), (2, '', 'x'), (3, '\\\\N', 'y')");

        Assert.Equal(text, await unload.TextAsync(options));
    }

    [Theory]
    [InlineData("", "1|a|b\n2|a\\b\n3|a\nb\n4|a\rb\n5|\"'\n")]
    [InlineData("escape", "1|a\\|b\n2|a\\\\b\n3|a\\\nb\n4|a\\\rb\n5|\"'\n")]
    [InlineData("escape addquotes", "\"1\"|\"a\\|b\"\n\"2\"|\"a\\\\b\"\n\"3\"|\"a\\\nb\"\n\"4\"|\"a\\\rb\"\n\"5\"|\"\\\"\\'\"\n")]
    [InlineData("addquotes", "\"1\"|\"a|b\"\n\"2\"|\"a\\b\"\n\"3\"|\"a\nb\"\n\"4\"|\"a\rb\"\n\"5\"|\"\"'\"\n")]
    [InlineData("csv", "1,a|b\n2,a\\b\n3,\"a\nb\"\n4,\"a\rb\"\n5,\"\"\"'\"\n")]
    [InlineData("csv delimiter '|'", "1|\"a|b\"\n2|a\\b\n3|\"a\nb\"\n4|\"a\rb\"\n5|\"\"\"'\"\n")]
    [InlineData("json", "{\"a\":1,\"b\":\"a|b\"}\n{\"a\":2,\"b\":\"a\\\\b\"}\n{\"a\":3,\"b\":\"a\\nb\"}\n{\"a\":4,\"b\":\"a\\rb\"}\n{\"a\":5,\"b\":\"\\\"'\"}\n")]
    public async Task Special_characters_are_quoted_or_escaped_as_the_options_say(string options, string text)
    {
        await using var unload = await CreateAsync("a int, b varchar(5)", "(1, 'a|b'), (2, 'a\\\\b'), (3, 'a\\nb'), (4, 'a\\rb'), (5, '\"''')");

        Assert.Equal(text, await unload.TextAsync(options));
    }

    [Fact]
    public async Task Booleans_are_t_and_f_in_json_and_super_is_nested()
    {
        await using var unload = await CreateAsync("a boolean, b super, c numeric(5, 2), d date, e double precision", "(true, json_parse('{\"x\": [true, null]}'), 1.5, '2020-01-01', 'NaN'), (false, null, null, null, null)");

        Assert.Equal(
            "{\"a\":\"f\",\"b\":null,\"c\":null,\"d\":null,\"e\":null}\n{\"a\":\"t\",\"b\":{\"x\":[true,null]},\"c\":1.50,\"d\":\"2020-01-01\",\"e\":\"NaN\"}\n",
            await unload.TextAsync("json"));
    }

    [Theory]
    [InlineData("null as 'nil'", "null|nil\n")]
    [InlineData("csv null as 'nil'", "null,nil\n")]
    public async Task Super_ignores_the_null_string(string options, string text)
    {
        await using var unload = await CreateAsync("a super, b int", "(null, null)");

        Assert.Equal(text, await unload.TextAsync(options));
    }

    [Theory]
    [InlineData("header", "a|b \"c\"\n1|x\n")]
    [InlineData("header addquotes", "\"a\"|\"b \"c\"\"\n\"1\"|\"x\"\n")]
    [InlineData("header csv", "a,\"b \"\"c\"\"\"\n1,x\n")]
    [InlineData("header escape addquotes", "\"a\"|\"b \\\"c\\\"\"\n\"1\"|\"x\"\n")]
    public async Task A_header_is_transformed_as_the_rows_are(string options, string text)
    {
        await using var unload = await CreateAsync("a int, \"b \"\"c\"\"\" varchar(5)", "(1, 'x')");

        Assert.Equal(text, await unload.TextAsync(options));
    }

    [Fact]
    public async Task Fixed_width_fills_up_with_blanks_and_counts_characters()
    {
        await using var unload = await CreateAsync("a int, b varchar(20)", "(1, 'Köln'), (20, null)");

        Assert.Equal("1  Köln  \n20       \n", await unload.TextAsync("fixedwidth as 'x:3,y:6'"));
    }

    [Theory]
    [InlineData("fixedwidth 'a:1,b:3'", "22001", "UNLOAD: a value of column \"b\" is wider than the 3 of FIXEDWIDTH")]
    [InlineData("fixedwidth 'a:1,b:4' null as 'nothing'", "22001", "UNLOAD: a value of column \"b\" is wider than the 4 of FIXEDWIDTH")]
    [InlineData("fixedwidth 'a:1'", "22023", "FIXEDWIDTH has 1 columns, the query has 2")]
    public async Task Fixed_width_never_truncates(string options, string state, string message)
    {
        await using var unload = await CreateAsync("a int, b varchar(20)", "(1, 'Köln'), (2, null)");
        var error = await unload.FailAsync(options);

        Assert.Equal((state, message), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task A_null_string_too_wide_is_left_out_of_columns_of_numbers()
    {
        await using var unload = await CreateAsync("a int, b int", "(1, null)");

        Assert.Equal("1   \n", await unload.TextAsync("fixedwidth 'a:1,b:3' null as 'nothing'"));
    }

    [Theory]
    [InlineData("json", "0A000", "VARBYTE can be unloaded to text or CSV only")]
    [InlineData("fixedwidth 'a:9'", "0A000", "VARBYTE can be unloaded to text or CSV only")]
    public async Task Varbyte_goes_to_text_and_csv_only(string options, string state, string message)
    {
        await using var unload = await CreateAsync("a varbyte", "");
        var error = await unload.FailAsync(options);

        Assert.Equal((state, message), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task Json_needs_unique_column_names()
    {
        await using var unload = await CreateAsync("a int", "");
        var error = await unload.FailAsync("json", $"select a, a from {unload.Table}");

        Assert.Equal(("42701", "UNLOAD to JSON needs unique column names, and \"a\" is there more than once"), (error.SqlState, error.MessageText));
    }

    private async Task<UnloadTester> CreateAsync(string columns, string values) =>
        await UnloadTester.CreateAsync(await server.StartAsync(Ct), columns, values, Ct);
}
