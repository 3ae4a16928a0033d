using System.Text;
using RedshiftLocal.Copy.Commands;
using RedshiftLocal.Copy.Records;

namespace RedshiftLocal.Tests.Copy.Records;

/// <summary>https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html and copy-parameters-data-format.html, JSON.</summary>
public sealed class JsonRecordTests
{
    [Theory]
    [InlineData("{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"a\":2}\n", "1|x;2|y")]
    [InlineData("{\"a\":1,\"b\":\"x\"}{\"a\":2,\"b\":\"y\"}", "1|x;2|y")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": null\n}\n\n  {\"c\": 3}\n", "1|NULL;NULL|NULL")]
    [InlineData("{\"a\":true,\"b\":[1, {\"x\":\"}\"}]}", "true|[1, {\"x\":\"}\"}]")]
    [InlineData("{\"a\":1.50,\"b\":\"\"}", "1.50|")]
    [InlineData("{\"a\":1,\"a\":2,\"A\":3,\"b\":{\"a\":4}}", "2|{\"a\":4}")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public async Task Members_go_to_the_columns_of_their_names(string text, string expected) => Assert.Equal(expected, await Cut.JsonAsync(text, "a", "b"));

    [Theory]
    [InlineData("{\"a\":\"This is a backslash: \\\\\"}", "This is a backslash: \\")]
    [InlineData("{\"a\":\"\\n\\t\\r\\b\\f\\/\\\"\"}", "\n\t\r\b\f/\"")]
    [InlineData("{\"a\":\"\\u00e9\\u20AC\\ud83d\\ude00.\"}", "é€😀.")]
    [InlineData("{\"a\":\"\\ud83d\\ude00\"}", "😀")]
    public async Task Escapes_are_undone(string text, string expected) => Assert.Equal(expected, await Cut.JsonAsync(text, "a"));

    [Fact]
    public async Task A_column_of_super_takes_json_as_it_is() =>
        Assert.Equal("\"x\\n\"|1;NULL|{}", await Cut.JsonAsync("{\"a\":\"x\\n\",\"b\":1}{\"a\":null,\"b\":{}}", "a:super", "b:super"));

    [Fact]
    public async Task Case_counts_unless_it_is_ignored()
    {
        var text = Encoding.ASCII.GetBytes("{\"ID\":1,\"Name\":\"x\"}");

        Assert.Equal("NULL|NULL", await Cut.JsonAsync(text, JsonMappingKind.Auto, ["id", "name"]));
        Assert.Equal("1|x", await Cut.JsonAsync(text, JsonMappingKind.AutoIgnoreCase, ["id", "name"]));
    }

    [Fact]
    public async Task Noshred_takes_the_whole_document() =>
        Assert.Equal("{\"a\": 1};[2]", await Cut.JsonAsync("{\"a\": 1} [2]"u8.ToArray(), JsonMappingKind.NoShred, ["s:super"]));

    [Theory]
    [InlineData("$['id']|$['store']['book']['title']|$['location'][0]", "0|T|5")]
    [InlineData("$.id|$.store.book.title|$.location[1]", "0|T|NULL")]
    [InlineData("$.store.book|$.none.x|$.location[7]", "{\"title\": \"T\"}|NULL|NULL")]
    public async Task Paths_find_values_at_any_depth(string paths, string expected) => Assert.Equal(
        expected,
        await Cut.JsonAsync("{\"id\":0,\"store\":{\"book\":{\"title\": \"T\"}},\"location\":[5,null]}"u8.ToArray(), JsonMappingKind.Paths, ["a", "b", "c"], paths.Split('|')));

    [Fact]
    public async Task Paths_read_arrays_too() =>
        Assert.Equal("x|1;y|2", await Cut.JsonAsync("[1,\"x\"]\n[2,\"y\"]"u8.ToArray(), JsonMappingKind.Paths, ["a", "b"], ["$[1]", "$[0]"]));

    [Theory]
    [InlineData("id")]
    [InlineData("")]
    [InlineData("$id")]
    [InlineData("$.")]
    [InlineData("$.a..b")]
    [InlineData("$['a'].b")]
    [InlineData("$.a['b']")]
    [InlineData("$.a[*]")]
    [InlineData("$.a[-1]")]
    [InlineData("$.a[")]
    [InlineData("$['']")]
    [InlineData("$['a'")]
    [InlineData("$.*")]
    [InlineData("$.a'b")]
    public void Anything_else_is_no_path(string path) => Assert.Null(JsonPath.Parse(path));

    [Theory]
    [InlineData("{\"a\":1,}\n{\"a\":2}\n", "!1216;2")]
    [InlineData("x\n{\"a\":2}\n", "!1216;2")]
    [InlineData("{\"a\":1},\n{\"a\":2}", "1;!1216;2")]
    [InlineData("{\"a\":\"x\ny\"}\n{\"a\":2}", "!1216;!1216;2")]
    [InlineData("{\"a\":1]\n{\"a\":2}", "!1216;2")]
    [InlineData("{\"a\":1", "!1216")]
    [InlineData("{'a':1}\n{\"a\":2}", "!1216;2")]
    [InlineData("[1]\n{\"a\":2}", "!1216;2")]
    [InlineData("{\"a\":tru}\n1\n\"a\"\nnull\n{\"a\":2}", "!1216;!1216;!1216;!1216;2")]
    public async Task A_record_that_is_no_json_is_an_error_and_the_next_one_is_read(string text, string expected) => Assert.Equal(expected, await Cut.JsonAsync(text, "a"));

    [Fact]
    public async Task A_record_cut_off_anywhere_is_an_error()
    {
        const string Text = "{\"a\":\"x\\u00e9\\\\\",\"b\":[1,{\"c\":null}],\"d\":-1.5e3}";
        for (var length = 1; length < Text.Length; length++)
        {
            Assert.Equal("!1216", await Cut.JsonAsync(Text[..length], "a", "b"));
        }
    }

    [Fact]
    public async Task Random_bytes_are_cut_alike_whatever_the_pieces()
    {
        var random = new Random(20261123);
        byte[] letters = [.. "{}[]\",:\\ \n1nullua"u8, 0xC3, 0xA9, 0xFF, 0];
        for (var round = 0; round < 1500; round++)
        {
            var text = round % 2 == 0
                ? [.. Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(letters.Length)])]
                : "{\"a\":\"\\ud83d\\ude00\",\"b\":[1]}\n{\"a\":2}\n"u8.ToArray();
            if (round % 2 == 1)
            {
                text[random.Next(text.Length)] = letters[random.Next(letters.Length)];
            }

            var whole = await Cut.JsonAsync(text, JsonMappingKind.Auto, ["a", "b"], pieceBytes: 1000);
            Assert.Equal(whole, await Cut.JsonAsync(text, JsonMappingKind.Auto, ["a", "b"], pieceBytes: 1));
        }
    }
}
