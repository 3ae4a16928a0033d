using System.Text;
using RedshiftLocal.Protocol;
using RedshiftLocal.Sql;

namespace RedshiftLocal.Tests.Sql;

public sealed class SplitterTests
{
    private static readonly string[] Pieces =
    [
        "select ", "'a\\'b'", "'", "\"", "$$", "$x$", "/*", "*/", "--", "\n", ";", "(", ")", "insert into t values ", "#t", "$1", "::", "\\", "é", "\0", "case ",
        "from ", "a.b", "cast(", " as ", "create table ", "1e5", ".", "decode(", "listagg(", "over (", "copy t from ", "null", "union ", "with x as (", "[", "\ud800",
    ];

    [Fact]
    public void Statements_are_cut_at_semicolons_outside_of_literals_and_comments()
    {
        var statements = StatementSplitter.Split("select 'a;b', \";\" /* ; /* ; */ ; */ ; -- ;\n select $$;$$;; select $x$ $$;$x$ ;");

        Assert.Equal(["select 'a;b', \";\"", "select $$;$$", "select $x$ $$;$x$"], statements.Select(statement => statement.Text));
    }

    [Fact]
    public void Nothing_but_blanks_and_comments_is_no_statement() => Assert.Empty(StatementSplitter.Split(" ; /* x */ ; -- y"));

    [Fact]
    public void Starts_of_tokens_count_from_the_statement_they_belong_to()
    {
        var second = StatementSplitter.Split("select 1 ; select abc")[1];

        var token = second.Tokens[1];
        Assert.Equal("abc", second.Text.Substring(token.Start, token.Length));
    }

    // r_names; literals of 8.0 take backslashes
    [Theory]
    [InlineData(@"'l\'auto'", "l'auto")]
    [InlineData("'a''b'", "a'b")]
    [InlineData(@"'\\N'", @"\N")]
    [InlineData(@"'\052'", "*")]
    [InlineData(@"'\x41'", "A")]
    [InlineData(@"'a\tb\n'", "a\tb\n")]
    [InlineData("$$l'\\n$$", "l'\\n")]
    [InlineData("$q$a$$b$q$", "a$$b")]
    public void A_literal_has_its_escapes_resolved(string sql, string value)
    {
        var token = Assert.Single(Assert.Single(StatementSplitter.Split(sql)).Tokens);

        Assert.Equal((TokenKind.Text, value), (token.Kind, token.Value));
    }

    [Theory]
    [InlineData("#temp", TokenKind.Word, "#temp")]
    [InlineData("AbC", TokenKind.Word, "abc")]
    [InlineData("\"AbC\"\"\"", TokenKind.QuotedName, "AbC\"")]
    [InlineData("$12", TokenKind.Parameter, "12")]
    [InlineData("1.5e-3", TokenKind.Number, "1.5e-3")]
    [InlineData(".5", TokenKind.Number, ".5")]
    [InlineData("::", TokenKind.Symbol, "::")]
    [InlineData("<>", TokenKind.Symbol, "<>")]
    public void A_token_has_its_kind_and_value(string sql, TokenKind kind, string value)
    {
        var token = Assert.Single(Assert.Single(StatementSplitter.Split(sql)).Tokens);

        Assert.Equal((kind, value), (token.Kind, token.Value));
    }

    [Fact]
    public void An_operator_leaves_a_sign_to_the_number_after_it()
    {
        var tokens = Assert.Single(StatementSplitter.Split("a=-1--x")).Tokens;

        Assert.Equal(["a", "=", "-", "1"], tokens.Select(token => token.Value));
    }

    [Theory]
    [InlineData("select 'abc")]
    [InlineData("select 'abc\\'")]
    [InlineData("select \"abc")]
    [InlineData("select $$abc")]
    [InlineData("select /* /* */")]
    [InlineData("select \"\"")]
    [InlineData("select {")]
    [InlineData("select $")]
    [InlineData("select \0")]
    public void What_does_not_end_or_does_not_belong_is_a_syntax_error(string sql)
    {
        var error = Assert.Throws<ServerException>(() => StatementSplitter.Split(sql)).Error;

        Assert.Equal("42601", error.SqlState);
        Assert.DoesNotContain("abc", error.Message, StringComparison.Ordinal);
    }

    // r_names: "up to 127 bytes"
    [Fact]
    public void A_name_is_cut_at_127_bytes_between_characters()
    {
        var name = new string('a', 126) + "é";

        var token = Assert.Single(Assert.Single(StatementSplitter.Split(name)).Tokens);

        Assert.Equal(new string('a', 126), token.Value);
        Assert.Equal(name.Length, token.Length);
    }

    // "Quotas and limits": 16 MB
    [Fact]
    public void More_than_16_megabytes_are_refused()
    {
        var error = Assert.Throws<ServerException>(() => StatementSplitter.Split("select '" + new string('x', 16 * 1024 * 1024) + "'")).Error;

        Assert.StartsWith("Statement is too large.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_text_gives_statements_or_a_server_error()
    {
        var random = new Random(8005);
        for (var i = 0; i < 20_000; i++)
        {
            var sql = new StringBuilder();
            for (var n = random.Next(1, 14); n > 0; n--)
            {
                sql.Append(Pieces[random.Next(Pieces.Length)]);
            }

            Survive(sql.ToString());
        }
    }

    [Fact]
    public void Every_beginning_of_the_tests_own_statements_gives_a_translation_or_a_server_error()
    {
        string[] statements =
        [
            .. RefusalTests.Commands.Concat(RefusalTests.Queries).Concat(RefusalTests.Changes).Concat(TableTests.Refused).Select(row => row.Data.Item1),
            .. RewritingTests.Queries.Concat(TableTests.Rewritten).Concat(TableTests.Definitions).Select(row => row.Data.Item1),
        ];
        foreach (var sql in statements)
        {
            for (var length = 0; length <= sql.Length; length++)
            {
                Survive(sql[..length]);
            }
        }
    }

    [Theory]
    [InlineData("select ", "(", "")]
    [InlineData("select ", "case when ", "")]
    [InlineData("select ", "abs(", "1")]
    [InlineData("select * from ", "(", "t")]
    [InlineData("", "with a as (", "")]
    [InlineData("select a", "[", "")]
    public void Deep_nesting_is_refused_and_does_not_end_the_process(string start, string repeated, string end)
    {
        var error = SqlText.Refuse(start + string.Concat(Enumerable.Repeat(repeated, 100_000)) + end).Error;

        Assert.Equal("54001", error.SqlState);
    }

    private static void Survive(string sql)
    {
        try
        {
            foreach (var statement in StatementSplitter.Split(sql))
            {
                Translator.Translate(statement, SqlText.Facts);
            }
        }
        catch (ServerException exception)
        {
            Assert.Equal(5, exception.Error.SqlState.Length);
        }
    }
}
