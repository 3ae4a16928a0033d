using Sluice.Casts;
using Sluice.Diagnostics;
using Sluice.Tests.Commands;

namespace Sluice.Tests.Casts;

public sealed class SExpressionReaderTests
{
    [Theory]
    [InlineData("x", "x")]
    [InlineData("(f a b)", "(f a b)")]
    [InlineData("( f\n\ta  b\n)", "(f a b)")]
    [InlineData("(+ a 1)(", "(+ a 1)")]
    [InlineData("(1+ (- x -5))", "(1+ (- x -5))")]
    [InlineData("(* 2.5 +3 .5 1e3)", "(* 2.5 3 0.5 1000.0)")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("\"a\\n b'c;d\"", "\"a\\n b'c;d\"")]
    [InlineData("'string", "(quote string)")]
    [InlineData("'(\"a\" \"b\")", "(quote (\"a\" \"b\"))")]
    [InlineData("#'string=", "(function string=)")]
    [InlineData("cl:t", "cl:t")]
    [InlineData(":remove-empty-subseqs", ":remove-empty-subseqs")]
    [InlineData("pgloader.transforms::right-trim", "pgloader.transforms::right-trim")]
    [InlineData("#\\Space", "#\\U+0020")]
    [InlineData("#\\a", "#\\U+0061")]
    [InlineData("(x #\\; #\\, #\\( #\\) #\\\" #\\' #\\. #\\é #\\1)", "(x #\\U+003B #\\U+002C #\\U+0028 #\\U+0029 #\\U+0022 #\\U+0027 #\\U+002E #\\U+00E9 #\\U+0031)")]
    [InlineData("#\\tab", "#\\U+0009")]
    [InlineData("#\\Newline", "#\\U+000A")]
    [InlineData("#\\U+20AC", "#\\U+20AC")]
    [InlineData("()", "()")]
    [InlineData("a, b", "a")]
    [InlineData("a)", "a")]
    [InlineData("/= rest", "/=")]
    [InlineData("(f -- a comment\n a /* another */ b)", "(f a b)")]
    public void An_expression_is_read(string text, string expected) =>
        Assert.Equal(expected, SpecDump.Expression(new SExpressionReader(new SourceText("x", text), 0, text.Length).Read()));

    [Theory]
    [InlineData("", "x:1:1: Expected an expression, but the command ends here")]
    [InlineData(")", "x:1:1: Expected an expression, found ')'")]
    [InlineData("(f (g x)", "x:1:1: The parenthesis that opens this expression is never closed")]
    [InlineData("(f (g x)\n ;", "x:1:1: The parenthesis that opens this expression is never closed")]
    [InlineData("(f \"x)", "x:1:4: The quote that opens this string is never closed")]
    [InlineData("#\\", "x:1:1: Expected a character after #\\")]
    [InlineData("#\\Spaec", "x:1:1: Unknown character name 'Spaec'")]
    [InlineData("(f `x)", "x:1:4: '`' cannot start an expression")]
    [InlineData("(f #x)", "x:1:4: '#' cannot start an expression")]
    [InlineData("'", "x:1:2: Expected an expression, but the command ends here")]
    public void What_is_no_expression_is_refused(string text, string message)
    {
        var error = Assert.Throws<CommandException>(() => new SExpressionReader(new SourceText("x", text), 0, text.Length).Read());
        Assert.StartsWith(message + "\n", error.Diagnostic.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_part_knows_its_place()
    {
        const string text = " (f 'a \"b\")";
        var list = Assert.IsType<SExpression.List>(new SExpressionReader(new SourceText("x", text), 0, text.Length).Read());
        Assert.Equal("(f 'a \"b\")", Part(text, list.Span));
        Assert.Equal(["f", "'a", "\"b\""], list.Items.Select(item => Part(text, item.Span)));
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var text = new string('(', 5000);
        Assert.Throws<CommandException>(() => new SExpressionReader(new SourceText("x", text), 0, text.Length).Read());
        text = new string('\'', 5000);
        Assert.Throws<CommandException>(() => new SExpressionReader(new SourceText("x", text), 0, text.Length).Read());
    }

    private static string Part(string text, TextSpan span) => text.Substring(span.Start, span.Length);
}
