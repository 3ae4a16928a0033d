using Sluice.Commands;
using Sluice.Diagnostics;

namespace Sluice.Tests.Commands;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(";; ;", "")]
    [InlineData("select 1; select 2", "select 1|select 2")]
    [InlineData("select 'a;b'; select \"c;d\"", "select 'a;b'|select \"c;d\"")]
    [InlineData("select 'it''s; x'; b", "select 'it''s; x'|b")]
    [InlineData("select 'a\\'; b", "select 'a\\'|b")]
    [InlineData("select E'a\\'; b'; c", "select E'a\\'; b'|c")]
    [InlineData("select $$;$$, $a1_b$ ; $$ ; $a1_b$; x", "select $$;$$, $a1_b$ ; $$ ; $a1_b$|x")]
    [InlineData("select a$1; b$2; $1", "select a$1|b$2|$1")]
    [InlineData("-- don't; \nselect 1; /* it's /* nested; */ ; */ select 2;", "select 1|select 2")]
    [InlineData("create rule r as on insert to t do (select 1; select 2); x", "create rule r as on insert to t do (select 1; select 2)|x")]
    [InlineData("create function f() returns int begin atomic select 1; end; x", "create function f() returns int begin atomic select 1; end|x")]
    [InlineData("begin; select 1; end;", "begin|select 1|end")]
    [InlineData("select 1 -- the end", "select 1 -- the end")]
    public void A_script_is_split_at_the_ends_of_its_statements(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', SqlScript.Split(text, "x").Select(part => part.Sql)));

    [Theory]
    [InlineData(" select 1; ", "select 1")]
    [InlineData("select 1; select 2;\n-- done", "select 1; select 2")]
    [InlineData("select ';'", "select ';'")]
    [InlineData(";;", "")]
    [InlineData("-- nothing", "")]
    public void A_block_loses_only_its_last_semicolon(string text, string expected) =>
        Assert.Equal(expected, SqlScript.WithoutTerminator(text));

    [Theory]
    [InlineData("select 'a", "x:1:8: This quote or comment never ends")]
    [InlineData("select 1;\n /* a", "x:2:2: This quote or comment never ends")]
    [InlineData("select $a$ $b$", "x:1:8: This quote or comment never ends")]
    [InlineData("select 1;\n\\echo hello", "x:2:1: The psql command \\echo is not understood here")]
    [InlineData("select 1\n\\i x.sql", "x:2:1: A psql command stands inside a statement")]
    public void What_is_no_sql_is_refused_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<SourceException>(() => SqlScript.Split(text, "x")).Message);

    [Fact]
    public void Includes_are_relative_to_the_including_file()
    {
        var files = new Dictionary<string, string>
        {
            ["/a/main.sql"] = "select 1;\n\\i sub/one.sql\nselect 4",
            ["/a/sub/one.sql"] = "\uFEFFselect 2\n;\\ir 'two three.sql'\n",
            ["/a/sub/two three.sql"] = "select 3;",
        };
        var parts = SqlScript.ReadFile("/a/main.sql", path => files[path]);
        Assert.Equal(["select 1", "select 2", "select 3", "select 4"], parts.Select(part => part.Sql));
        Assert.Equal(["/a/main.sql:1", "/a/sub/one.sql:1", "/a/sub/two three.sql:1", "/a/main.sql:3"], parts.Select(part => part.Origin));
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused() =>
        Assert.Equal("/a.sql:1:1: a.sql is included from within itself",
            Assert.Throws<SourceException>(() => SqlScript.ReadFile("/a.sql", _ => "\\i a.sql")).Message);

    [Fact]
    public void A_missing_include_names_where_it_is_included() =>
        Assert.Equal("/a.sql:2:1: Cannot read the SQL file /b.sql: there is no such file",
            Assert.Throws<SourceException>(() =>
                SqlScript.ReadFile("/a.sql", path => path == "/a.sql" ? "\n\\i b.sql" : throw new FileNotFoundException())).Message);
}
