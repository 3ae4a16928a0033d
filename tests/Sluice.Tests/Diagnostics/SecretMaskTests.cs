using Sluice.Diagnostics;

namespace Sluice.Tests.Diagnostics;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("INTO postgresql://u:s3cret@h/db", "INTO postgresql://u:****@h/db")]
    [InlineData("postgresql://u:s3@cret@h/db", "postgresql://u:****@h/db")]
    [InlineData("postgresql://u:s3cret/x@h/db", "postgresql://u:****@h/db")]
    [InlineData("postgresql://u:s3cret/db", "postgresql://u:****")]
    [InlineData("postgresql://u:my s3cret@h/db x", "postgresql://u:****@h/db x")]
    [InlineData("'postgresql://u:my s3cret@h/db' x", "'postgresql://u:****@h/db' x")]
    [InlineData("postgresql://h:5432/db", "postgresql://h:5432/db")]
    [InlineData("postgresql://u@h:5432/db?t", "postgresql://u@h:5432/db?t")]
    [InlineData("postgresql://[::1]:5432/db", "postgresql://[::1]:5432/db")]
    [InlineData("postgresql://unix:/var/run:5432/db", "postgresql://unix:/var/run:5432/db")]
    [InlineData("mysql://a:s3cret@h/x pgsql://b:s3cret@h/y", "mysql://a:****@h/x pgsql://b:****@h/y")]
    [InlineData("?password=s3cret&x=1", "?password=****&x=1")]
    [InlineData("host=h password='s3cret x' db", "host=h password=**** db")]
    [InlineData("password = \"s3cret", "password = ****")]
    [InlineData("alter role x PASSWORD 's3cret'", "alter role x PASSWORD ****")]
    [InlineData("alter role x PASSWORD 's3c''ret' valid", "alter role x PASSWORD **** valid")]
    [InlineData("alter role x PASSWORD\n  's3cret'", "alter role x PASSWORD\n  ****")]
    [InlineData("alter role x PASSWORD/* new */E's3\\'cret' valid", "alter role x PASSWORD/* new */**** valid")]
    [InlineData("alter role x PASSWORD U&'s3cret'", "alter role x PASSWORD ****")]
    [InlineData("alter role x PASSWORD $q$s3'c\nret$q$ valid", "alter role x PASSWORD **** valid")]
    [InlineData("alter role x PASSWORD $$s3cret$$", "alter role x PASSWORD ****")]
    [InlineData("set_config('x.password', 's3cret', false)", "set_config('x.password', ****, false)")]
    [InlineData("SET my.password to 's3cret', a to 'b'", "SET my.password to ****, a to 'b'")]
    [InlineData("SET \"my.password\" to 's3cret'", "SET \"my.password\" to ****")]
    [InlineData("OPTIONS (secret_key 's3cret', user 'u')", "OPTIONS (secret_key ****, user 'u')")]
    [InlineData("insert into passwords values ('a')", "insert into passwords values ('a')")]
    [InlineData("x://u:s3cret\ny@z", "x://u:****\ny@z")]
    [InlineData("select 1", "select 1")]
    public void Passwords_are_masked(string text, string expected) => Assert.Equal(expected, SecretMask.Redact(text));

    [Theory]
    [InlineData("alter role x password 's3cret' valid until 'x'", "alter role x password **** valid until 'x'")]
    [InlineData("alter role x password\n  's3cret'", "alter role x password\n  ****")]
    [InlineData("alter role x password /* a */ -- b\n 's3cret'", "alter role x password /* a */ -- b\n ****")]
    [InlineData("alter role x password 'it''s s3cret' x", "alter role x password **** x")]
    [InlineData("alter role x password E'it\\'s s3cret' x", "alter role x password **** x")]
    [InlineData("alter role x password U&'s3cret'", "alter role x password ****")]
    [InlineData("alter role x password $$s3cret$$", "alter role x password ****")]
    [InlineData("alter role x password $q$s3$$cret$q$ x", "alter role x password **** x")]
    [InlineData("alter role x password $$s3cret", "alter role x password ****")]
    [InlineData("set my.password to 's3cret'", "set my.password to ****")]
    [InlineData("options (user 'u', password 's3cret')", "options (user 'u', password ****)")]
    [InlineData("jsonb '{\"password\": 1}'", "jsonb '{\"password\": 1}'")]
    [InlineData("select f('password', 's3cret')", "select f('password', ****)")]
    [InlineData("select 'host=h password=s3cret x'", "select 'host=h password=**** x'")]
    [InlineData("create table t (password text)", "create table t (password text)")]
    [InlineData("alter role x password 'a' a", "alter role x password **** a")]
    public void Passwords_in_sql_are_masked(string sql, string expected) => Assert.Equal(expected, SecretMask.RedactSql(sql));

    [Fact]
    public void What_a_server_says_of_a_statement_does_not_repeat_its_password() =>
        Assert.Equal("syntax error at or near \"****\"", SecretMask.RedactSql("syntax error at or near \"s3cret\"", "alter role x password 's3cret' 's3cret'"));

    [Fact]
    public void A_diagnostic_keeps_its_caret_under_the_right_word()
    {
        var source = new SourceText("x", "\tINTO pgsql://u:s3cret@h/db\tWIHT", [new TextSpan(1, 4)]);
        var diagnostic = new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(28, 4), "No");
        Assert.Equal("x:1:29: No\n    \t**** pgsql://u:****@h/db\tWIHT\n    \t                        \t^^^^\n", diagnostic.ToString());
    }

    [Fact]
    public void A_diagnostic_hides_a_secret_whose_keyword_is_on_the_line_before()
    {
        var source = new SourceText("x", "PASSWORD\n  's3cret' oops");
        Assert.Equal("x:2:12: No\n      **** oops\n           ^^^^\n",
            new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(20, 4), "No").ToString());
    }

    [Fact]
    public void A_diagnostic_about_a_secret_points_at_its_mask()
    {
        var source = new SourceText("x", "pgsql://u:s3cret@h/db");
        Assert.Equal("x:1:11: No\n    pgsql://u:****@h/db\n              ^^^^\n",
            new Diagnostic(DiagnosticSeverity.Error, source, new TextSpan(10, 6), "No").ToString());
    }
}
