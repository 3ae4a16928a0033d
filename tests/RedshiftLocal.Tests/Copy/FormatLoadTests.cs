using System.Text;

namespace RedshiftLocal.Tests.Copy;

/// <summary>COPY of other formats than CSV: https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html and its neighbours.</summary>
public sealed class FormatLoadTests(RedshiftLocalServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1|a\\|b\n2|\\N\n3|\\\\N\n4|\n5|a\\\nb\n", "escape", "1|a|b;2|NULL;3|NULL;4|;5|a\nb")]
    [InlineData("1|'a|b'\n2|\"x\"\n", "removequotes", "1|a|b;2|x")]
    [InlineData("1\ta\\\tb\n", "delimiter '\\t' escape", "1|a\tb")]
    [InlineData("1  Köln  \n22 \\N    \n   Rom   \n", "fixedwidth 'a:3,b:6' trimblanks", "1|Köln;22|NULL;NULL|Rom")]
    [InlineData("1  x     \n", "fixedwidth 'a:3,b:6'", "1|x     ")]
    [InlineData("1\n", "fixedwidth 'a:3,b:6' fillrecord", "1|")]
    [InlineData("{\"a\":1,\"b\":\"x\\ny\"}{\"b\":\"\",\"a\":\"2\"}{}", "json 'auto'", "1|x\ny;2|;NULL|NULL")]
    [InlineData("{\"A\":1,\"B\":\"\"}", "json 'auto ignorecase' emptyasnull", "1|NULL")]
    public async Task Formats_load_as_their_pages_say(string text, string options, string rows)
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", text);
        await copy.CopyAsync("f", options);

        Assert.Equal(rows, await copy.RowsAsync());
    }

    [Theory]
    [InlineData("1|'a\n", "removequotes", "1||1214")]
    [InlineData("1  x\n1  xxxxxxx\n", "fixedwidth 'a:3,b:6'", "2||1202")]
    [InlineData("1\n", "fixedwidth 'a:3,b:6'", "1||1203")]
    [InlineData("x  y\n", "fixedwidth 'a:3,b:6'", "1|a|1207")]
    [InlineData("{\"a\":1}\n{\"a\":}\n", "json 'auto'", "2||1216")]
    [InlineData("{\"a\":1.5}", "json 'auto'", "1|a|1207")]
    [InlineData("{\"a\":true}", "json 'auto'", "1|a|1207")]
    [InlineData("\n\n{\"b\":\"\\ud800\"}", "json 'auto'", "3|b|1220")]
    [InlineData("{\"b\":\"012345678901234567890\"}", "json 'auto'", "1|b|1204")]
    public async Task Bad_records_are_in_the_error_view(string text, string options, string error)
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", text);
        await copy.FailAsync("f", options);

        Assert.Equal(error, await copy.ErrorsAsync());
    }

    [Fact]
    public async Task Bad_json_is_tolerated_up_to_maxerror()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", "{\"a\":1}\nno json\n{\"a\":2\n{\"a\":3}\n");
        await copy.CopyAsync("f", "json 'auto' maxerror 5");

        Assert.Equal("1|NULL", await copy.RowsAsync());
        Assert.Equal("json|1|2", string.Join('|', (await copy.Connection.RowsAsync(
            $"select file_format, loaded_rows, error_count from sys_load_history where data_source = '{copy.Url("f")}'", Ct))[0]));
    }

    [Fact]
    public async Task Json_loads_super_and_typed_columns()
    {
        await using var copy = await CopyAsync("a int, s super, d date, n numeric(5, 2), b boolean, t timestamp, v varchar(50)");
        await copy.PutAsync("f", "{\"a\":1,\"s\":{\"x\": [1,\"é\"]},\"d\":\"2020-02-29\",\"n\":1.239,\"b\":true,\"t\":\"2020-01-01 00:00:00\",\"v\":{\"k\":[1, 2]}}");
        await copy.CopyAsync("f", "json 'auto'");

        Assert.Equal("1|{\"x\": [1,\"é\"]}|2020-02-29|1.23|t|2020-01-01 00:00:00|{\"k\":[1, 2]}", await copy.RowsAsync());
    }

    [Fact]
    public async Task Noshred_loads_the_document_into_one_column()
    {
        await using var copy = await CopyAsync("s super, i int default 7");
        await copy.PutAsync("f", "{\"a\":1}\n[2]\n");
        await copy.CopyAsync("f", "json 'noshred'", target: copy.Table + " (s)");

        Assert.Equal(["[2]|7", "{\"a\":1}|7"], (await copy.Connection.RowsAsync($"select json_serialize(s), i from {copy.Table}", Ct)).Select(row => string.Join('|', row)).Order(StringComparer.Ordinal));
        var error = await copy.FailAsync("f", "json 'noshred'");
        Assert.Equal(("0A000", "JSON 'noshred' loads a single column of type SUPER"), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task A_file_of_paths_maps_values_to_columns()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", "{\"x\":{\"y\":[7]},\"z\":\"v\"}");
        await copy.PutAsync("paths", "{\"jsonpaths\": [\"$.x.y[0]\", \"$.z\"]}");
        await copy.CopyAsync("f", $"json '{copy.Url("paths")}'");

        Assert.Equal("7|v", await copy.RowsAsync());
    }

    [Fact]
    public async Task A_file_of_paths_by_another_name_means_auto()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", "{\"a\":7,\"z\":\"v\"}");
        await copy.PutAsync("paths", "{\"paths\": [\"$.x\"]}");
        await copy.CopyAsync("f", $"json '{copy.Url("paths")}'");

        Assert.Equal("7|NULL", await copy.RowsAsync());
    }

    [Theory]
    [InlineData("{\"jsonpaths\": [\"$.a\"]}", "Number of jsonpaths and the number of columns should match. JSONPath size: 1, Number of columns in table or column list: 2")]
    [InlineData("{\"jsonpaths\": [\"$.a\", \"$..b\"]}", "Invalid JSONPath format: \"$..b\"")]
    [InlineData("{\"jsonpaths\": [\"$.a\", 1]}", "Invalid JSONPath format: 1")]
    [InlineData("{\"jsonpaths\": 1}", "Invalid JSONPaths file: jsonpaths is no array")]
    [InlineData("[]", "Invalid JSONPaths file: it is no JSON object")]
    [InlineData("{", "Invalid JSONPaths file: it is not well-formed JSON, line 1")]
    public async Task A_wrong_file_of_paths_is_refused(string paths, string message)
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", "{\"a\":7}");
        await copy.PutAsync("paths", paths);
        var error = await copy.FailAsync("f", $"json '{copy.Url("paths")}'");

        Assert.Equal(("XX000", message), (error.SqlState, error.MessageText));
        Assert.Contains("code:      8001", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_paths_must_be_there()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", "{\"a\":7}");

        Assert.Contains("Error NoSuchKey", (await copy.FailAsync("f", $"json '{copy.Url("paths")}'")).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fixed_width_needs_a_width_for_each_column()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", "1");
        var error = await copy.FailAsync("f", "fixedwidth 'a:1'");

        Assert.Equal(("22023", "FIXEDWIDTH has 1 columns, the table or column list has 2"), (error.SqlState, error.MessageText));
    }

    [Fact]
    public async Task Bzip2_is_unpacked_and_what_is_none_fails_the_load()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f.bz2", Convert.FromBase64String("QlpoOTFBWSZTWSx8OlIAAAJYgAAQAAQwAABgIAAhppmgwAKVCwu5IpwoSBY+HSkA"));
        await copy.CopyAsync("f.bz2", "bzip2 delimiter ','");
        Assert.Equal("1|x;2|y", await copy.RowsAsync());

        await copy.PutAsync("g.bz2", "1,x\n");
        Assert.Contains("could not be decompressed", (await copy.FailAsync("g.bz2", "bzip2 delimiter ','")).MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("escape null as '\\N'", "escape")]
    [InlineData("escape addquotes null as '\\N'", "escape removequotes")]
    [InlineData("csv null as '~'", "csv null as '~'")]
    [InlineData("json", "json 'auto'")]
    [InlineData("csv bzip2 null as '~'", "csv bzip2 null as '~'")]
    [InlineData("escape null as '\\N' zstd", "escape zstd")]
    [InlineData("fixedwidth 'a:4,b:12,c:30,d:5,e:5' null as '~'", "fixedwidth 'a:4,b:12,c:30,d:5,e:5' null as '~' trimblanks")]
    public async Task What_unload_writes_copy_reads(string unload, string load)
    {
        var isFixed = load.StartsWith("fixed", StringComparison.Ordinal);
        await using var copy = await CopyAsync("a int, b varchar(30), c timestamp, d boolean, e numeric(4, 2)");
        await copy.Connection.ExecuteAsync(
            $"insert into {copy.Table} values (1, null, '2020-02-29 12:34:56.123456', true, 1.5), (2, 'x', null, false, -2), "
            + (isFixed ? "(4, 'é', null, null, null)" : "(3, '', null, null, null), (4, 'a|b\\\\c\\nd\\re\"f''é,g', null, null, 0)"), Ct);
        var before = await copy.RowsAsync();
        await copy.Connection.ExecuteAsync($"unload ('select * from {copy.Table}') to '{copy.Url("u/")}' {CopyTester.Keys} manifest {unload}", Ct);
        await copy.Connection.ExecuteAsync($"truncate {copy.Table}", Ct);
        await copy.CopyAsync("u/manifest", "manifest " + load + " timeformat 'auto'");

        Assert.Equal(before, await copy.RowsAsync());
    }

    [Fact]
    public async Task Json_files_may_be_in_utf16()
    {
        await using var copy = await CopyAsync("a int, b varchar(20)");
        await copy.PutAsync("f", Encoding.Unicode.GetBytes("{\"a\":7,\"b\":\"é\"}"));
        await copy.CopyAsync("f", "json 'auto' encoding utf16le");

        Assert.Equal("7|é", await copy.RowsAsync());
    }

    private async Task<CopyTester> CopyAsync(string columns) => await CopyTester.CreateAsync(await server.StartAsync(Ct), columns, Ct);
}
