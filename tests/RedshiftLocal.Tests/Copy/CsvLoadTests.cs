using System.Globalization;

namespace RedshiftLocal.Tests.Copy;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html and copy-parameters-data-conversion.html.</summary>
public sealed class CsvLoadTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_type_arrives_with_its_value()
    {
        await using var copy = await CopyAsync(
            "a smallint, b integer, c bigint, d numeric(38,10), e real, f double precision, g boolean, h char(5), i varchar(20), "
            + "j date, k timestamp, l timestamptz, m time, n timetz, o super, p varbyte(10)");

        var rows = await copy.LoadAsync(
            "-1,2147483647,-9223372036854775808,-1234567890123456789012345678.0123456789,1.5,-2.25,t,ab,été \"\"x\"\"," // cut by the quotes below
                .Replace("été \"\"x\"\"", "\"été \"\"x\"\"\"", StringComparison.Ordinal)
            + "0095-01-08,1999-01-08 04:05:06.123456,1999-01-08 04:05:06+02,04:05:06.5,04:05:06-08,\"{\"\"a\"\": 1}\",00ff\n",
            "timeformat 'auto'");

        Assert.Equal(
            "-1|2147483647|-9223372036854775808|-1234567890123456789012345678.0123456789|1.5|-2.25|t|ab   |été \"x\"|"
            + "0095-01-08|1999-01-08 04:05:06.123456|1999-01-08 02:05:06+00|04:05:06.5|04:05:06-08|{\"a\": 1}|00ff",
            rows);
    }

    [Fact]
    public async Task Dates_before_christ_are_those_of_the_backing_server()
    {
        await using var copy = await CopyAsync("a date, b timestamp");

        Assert.Equal("0095-01-08 BC|0044-03-15 10:00:00 BC", await copy.LoadAsync("Jan-08-95 BC,Mar-15-44 10:00:00 BC\n", "dateformat 'auto' timeformat 'auto'"));
    }

    [Fact]
    public async Task Quoted_and_unquoted_empty_fields_are_alike()
    {
        // airbytehq/airbyte#82729
        await using var copy = await CopyAsync("id int, a varchar(10), b varchar(10), c int, d int");

        Assert.Equal("1|||NULL|NULL", await copy.LoadAsync("1,,\"\",,\"\"\n"));
    }

    [Fact]
    public async Task Emptyasnull_takes_quoted_empty_strings_too()
    {
        await using var copy = await CopyAsync("id int, a varchar(10), b varchar(10)");

        Assert.Equal("1|NULL|NULL", await copy.LoadAsync("1,,\"\"\n", "emptyasnull"));
    }

    [Fact]
    public async Task The_null_marker_is_null_even_in_quotes()
    {
        await using var copy = await CopyAsync("id int, a varchar(10), b varchar(10)");

        Assert.Equal("1|NULL|NULL;2|\\\\N|x\\N", await copy.LoadAsync("1,\\N,\"\\N\"\n2,\\\\N,x\\N\n"));
    }

    [Theory]
    [InlineData("null as 'NIL'", "1,NIL,\\N\n", "1|NULL|\\N")]
    [InlineData("null as '\\\\N'", "1,NIL,\\N\n", "1|NIL|NULL")]
    [InlineData("blanksasnull", "1,  ,\n", "1|NULL|")]
    [InlineData("trimblanks", "1,\"a  \",\" b\"\n", "1|a| b")]
    [InlineData("truncatecolumns", "1,abcdefghijklm,ééééééé\n", "1|abcdefghij|ééééé")]
    [InlineData("delimiter ';' quote as '%'", "1;%a;b%;c,d\n", "1|a;b|c,d")]
    [InlineData("delimiter '\\t'", "1\ta\tb\n", "1|a|b")]
    [InlineData("ignoreheader 1", "id,a,b\n1,x,y\n", "1|x|y")]
    [InlineData("ignoreblanklines", "\n1,x,y\n\r\n", "1|x|y")]
    [InlineData("fillrecord", "1\n", "1||")]
    [InlineData("fillrecord emptyasnull", "1\n", "1|NULL|NULL")]
    [InlineData("acceptinvchars '^'", "1,a\uFFFE,b\n", "1|a^^^|b")]
    [InlineData("", "1,a,b\r\n2,c,d", "1|a|b;2|c|d")]
    public async Task Options_change_what_is_loaded(string options, string text, string expected)
    {
        await using var copy = await CopyAsync("id int, a varchar(10), b varchar(10)");

        Assert.Equal(expected, await copy.LoadAsync(text, options));
    }

    [Theory]
    [InlineData("", "1.23;-1.23")]
    [InlineData("roundec", "1.24;-1.24")]
    public async Task Decimals_are_cut_unless_roundec_is_given(string options, string expected)
    {
        await using var copy = await CopyAsync("id int, a numeric(10,2)");

        Assert.Equal(expected, (await copy.LoadAsync("1,1.239\n2,-1.235\n", options)).Replace("1|", "", StringComparison.Ordinal).Replace("2|", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Columns_left_out_get_their_default_or_null()
    {
        await using var copy = await CopyAsync("id int, a varchar(10) default 'x', b int, c varchar(5)");

        Assert.Equal("7|x|NULL|q", await copy.LoadAsync("q,7\n", target: copy.Table + " (c, id)"));
    }

    [Fact]
    public async Task A_column_left_out_that_must_not_be_null_fails_each_record()
    {
        await using var copy = await CopyAsync("id int, a int not null");

        Assert.Equal("1|a|1213", await copy.BadAsync("1\n", target: copy.Table + " (id)"));
    }

    [Theory]
    [InlineData("1,x\n2,y\n3,oops\n", 2, "")]
    [InlineData("a,x\n", 1, "id|1207")]
    [InlineData("99999999999,x\n", 1, "id|1222")]
    [InlineData("1,abcdef\n", 1, "a|1204")]
    [InlineData(",x\n", 1, "id|1213")]
    [InlineData("1,x,y\n", 1, "|1202")]
    [InlineData("1\n", 1, "|1214")]
    [InlineData("\n", 1, "|1211")]
    [InlineData("1,\"x\n", 1, "|1216")]
    [InlineData("1,x\0y\n", 1, "|1216")]
    public async Task A_bad_record_fails_the_load_with_its_code(string text, int line, string expected)
    {
        await using var copy = await CopyAsync("id int not null, a varchar(5)");
        if (expected.Length == 0)
        {
            Assert.Equal("1|x;2|y;3|oops", await copy.LoadAsync(text));
            return;
        }

        Assert.Equal($"{line}|{expected}", await copy.BadAsync(text));
        Assert.Equal("", await copy.RowsAsync());
    }

    [Fact]
    public async Task The_error_view_shows_record_field_and_reason()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        await copy.BadAsync("1,\"a\nb\"\n22,été-été\n");

        Assert.Equal(
            $"3|22,..t..-..t..|..t..-..t..|varchar|5|String length exceeds DDL length|{copy.Url("f.csv")}",
            await copy.ErrorsAsync("line_number, trim(raw_line), trim(raw_field_value), trim(type), trim(col_length), trim(err_reason), trim(filename)"));
        Assert.Equal("256", await copy.Connection.ScalarAsync($"select octet_length(filename) from stl_load_errors where {copy.Mine}", Ct));
        var fields = await copy.Connection.RowsAsync(
            $"select field, trim(colname), trim(value) from stl_loaderror_detail where {copy.Mine} order by field", Ct);
        Assert.Equal(["0|id|22", "1|a|..t..-..t.."], fields.Select(row => string.Join('|', row)));
    }

    [Fact]
    public async Task Fewer_bad_records_than_maxerror_are_left_out_and_told()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");

        Assert.Equal("1|a;4|d", await copy.LoadAsync("1,a\nx,b\ny,c\n4,d\n", "maxerror 3"));
        Assert.Equal(
            [
                $"Load into table '{copy.Table}' completed, 2 record(s) loaded successfully.",
                $"Load into table '{copy.Table}' completed, 2 record(s) could not be loaded.  Check 'stl_load_errors' system table for details.",
            ],
            copy.Notices);
        Assert.Equal("2|id|1207;3|id|1207", await copy.ErrorsAsync());
        Assert.Equal("2", await copy.Connection.ScalarAsync("select pg_last_copy_count()", Ct));
    }

    [Fact]
    public async Task As_many_bad_records_as_maxerror_fail_the_load()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");

        Assert.Equal("2|id|1207;3|id|1207", await copy.BadAsync("1,a\nx,b\ny,c\n4,d\n", "maxerror 2"));
        Assert.Equal("", await copy.RowsAsync());
    }

    [Fact]
    public async Task Ignoreallerrors_loads_what_is_good()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");
        var text = string.Concat(Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "x" : "")}{i},a\n")));

        await copy.LoadAsync(text, "ignoreallerrors");

        Assert.Equal("500", await copy.Connection.ScalarAsync($"select count(*) from {copy.Table}", Ct));
        Assert.Equal("500", await copy.Connection.ScalarAsync("select count(*) from stl_load_errors where query = pg_last_copy_id()", Ct));
    }

    [Fact]
    public async Task Noload_reads_everything_and_loads_nothing()
    {
        await using var copy = await CopyAsync("id int, a varchar(5)");

        Assert.Equal("", await copy.LoadAsync("1,a\n", "noload"));
        Assert.Equal("2|id|1207", await copy.BadAsync("1,a\nx,b\n", "noload"));
    }

    [Fact]
    public async Task Plain_delimited_text_has_bars_between_its_fields()
    {
        await using var copy = await CopyAsync("id int, a varchar(10)");
        await copy.PutAsync("f.txt", "1|\"a,b\"\n2|\\N\n");
        await copy.CopyAsync("f.txt", "");

        Assert.Equal("1|\"a,b\";2|NULL", await copy.RowsAsync());
    }

    [Fact]
    public async Task Utf16_is_converted()
    {
        await using var copy = await CopyAsync("id int, a varchar(10)");
        await copy.PutAsync("f.csv", [0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes("1,é€\n")]);
        await copy.CopyAsync("f.csv", "csv encoding utf16");
        Assert.Equal("1|é€", await copy.RowsAsync());

        await copy.PutAsync("g.csv", System.Text.Encoding.Unicode.GetBytes("1,é\n"));
        await copy.FailAsync("g.csv", "csv encoding utf16");
        Assert.Equal("1||1221", await copy.ErrorsAsync());
    }

    [Fact]
    public async Task A_thousand_columns_and_megabytes_in_a_field_pass()
    {
        await using var copy = await CopyAsync(string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"c{i} int")) + ", s super");
        var json = "[" + string.Join(',', Enumerable.Repeat("\"" + new string('x', 60_000) + "\"", 50)) + "]";
        await copy.PutAsync("f.csv", string.Join(',', Enumerable.Range(0, 1000)) + ",\"" + json.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"\n");
        await copy.CopyAsync("f.csv", "csv");

        Assert.Equal($"999|{json}", string.Join("|", (await copy.Connection.RowsAsync($"select c999, s from {copy.Table}", Ct))[0]));
    }

    private async Task<CopyTester> CopyAsync(string columns) => await CopyTester.CreateAsync(await server.StartAsync(Ct), columns, Ct);
}
