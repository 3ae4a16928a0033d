using Sluice.Diagnostics;

namespace Sluice.Tests.Casts;

public sealed class ExpressionErrorTests
{
    [Theory]
    [InlineData("(string-upcas a)", "string-upcas", "Unknown function 'string-upcas'", "did you mean string-upcase?")]
    [InlineData("(zero-date-to-null a)", "zero-date-to-null", "Unknown function 'zero-date-to-null'", "did you mean zero-dates-to-null?")]
    [InlineData("(frobnicate a)", "frobnicate", "Unknown function 'frobnicate'", "docs/transforms.md lists the functions that an expression may use")]
    [InlineData("(format nil \"~a\" (read-from-string a))", "read-from-string", "'read-from-string' is not available in an expression",
        "data is never read as code; use parse-integer to make a number of a text")]
    [InlineData("(eval a)", "eval", "'eval' is not available in an expression", "data is never read as code; use parse-integer to make a number of a text")]
    [InlineData("(uiop:run-program a)", "uiop:run-program", "'uiop:run-program' is not available in an expression",
        "an expression computes a value from the fields and nothing else")]
    [InlineData("(loop for x in a)", "loop", "'loop' is not available in an expression", "use let, if, cond, mapcar, reduce or lambda")]
    [InlineData("(cl-ppcre:regex-replace \"a\" a \"b\")", "cl-ppcre:regex-replace", "'cl-ppcre:regex-replace' is not available in an expression",
        "there are no regular expressions; use search, position, subseq, substitute or split-sequence")]
    [InlineData("(babel:octets-to-string a)", "babel:octets-to-string", "'babel:octets-to-string' is not available in an expression",
        "docs/transforms.md lists what is; other Lisp packages are not")]
    [InlineData("(subseq a)", "(subseq a)", "subseq takes 2 to 3 arguments, found 1", null)]
    [InlineData("(right-trim)", "(right-trim)", "right-trim takes 1 argument, found 0", null)]
    [InlineData("(ip-range a)", "(ip-range a)", "ip-range takes 2 arguments, found 1", null)]
    [InlineData("(-)", "(-)", "- takes at least 1 argument, found 0", null)]
    [InlineData("(if a)", "(if a)", "if takes 2 or 3 arguments: a test, a value, another value, found 1", null)]
    [InlineData("(string-upcase naem)", "naem", "Unknown field 'naem'", "did you mean name?")]
    [InlineData("(member a (list \"a\") :test string=)", "string=", "Unknown field 'string='", "a function as a value is written #'string=")]
    [InlineData("(split-sequence #\\Space a :remove-empty t)", ":remove-empty", "split-sequence does not take this here",
        "it takes :remove-empty-subseqs, :count, :start, :end")]
    [InlineData("(parse-integer a :radix)", ":radix", "This keyword has no value after it", null)]
    [InlineData("(format nil \"~a and ~q\" a)", "~q", "Unknown directive '~q' in a format string", "docs/transforms.md lists the directives of format")]
    [InlineData("(format nil \"~{~a\" a)", "~{", "~{ in a format string has no ~}", "docs/transforms.md lists the directives of format")]
    [InlineData("(format nil \"a~}\" a)", "~}", "~} in a format string has no beginning", "docs/transforms.md lists the directives of format")]
    [InlineData("(format nil \"~2000000a\" a)", "20", "'2000000' in a format string is no number up to 1,000,000", "docs/transforms.md lists the directives of format")]
    [InlineData("(format nil \"~5\" a)", "~5", "A format string ends within a directive", "docs/transforms.md lists the directives of format")]
    [InlineData("(format nil \"~a ~a\" a)", "(format nil \"~a ~a\" a)", "The control string of format takes 2 arguments, found 1", null)]
    [InlineData("(format t \"~a\" a)", "t", "format makes a text only when its first argument is nil", "write (format nil \"…\" …)")]
    [InlineData("(format nil a)", "a", "The control string of format must be written as a text", null)]
    [InlineData("(case a (x \"1\"))", "x", "The key 'x' of a case clause is a symbol, which no field's value equals",
        "write \"x\", or t or otherwise in the last clause")]
    [InlineData("(case a (nil \"1\"))", "nil", "nil as the key of a case clause matches nothing", "write ((nil) value) to match NULL")]
    [InlineData("(let ((x 1)) (x a))", "x", "'x' is a variable, not a function", "write (funcall x …)")]
    [InlineData("(let (5) a)", "5", "A variable of let is written (name value)", null)]
    [InlineData("(cond a)", "a", "A clause of cond is a list: (test value)", null)]
    [InlineData("(\"a\" a)", "\"a\"", "A call begins with the name of a function", "a text or a number is written without parentheses")]
    [InlineData("#'if", "if", "'if' cannot be used as a value", null)]
    [InlineData("(lambda (x &key y) x)", "&key", "lambda does not take &key here", null)]
    [InlineData("(let ((t 1)) t)", "t", "'t' cannot be the name of a variable", null)]
    public void A_fault_is_named_with_its_place_and_what_to_do(string expression, string place, string message, string? hint)
    {
        var error = Eval.Refused(expression, "a", "name");
        Assert.Equal(ExitCode.BadCommand, error.ExitCode);
        Assert.Equal(message, error.Message);
        Assert.Equal(hint, error.Hint);
        var span = error.Diagnostic.Span;
        Assert.Equal(place, expression.Substring(span.Start, span.Length));
    }

    [Fact]
    public void Control_characters_of_a_name_never_get_into_the_message() =>
        Assert.Equal("Unknown function 'a\\x1b[31m'", Eval.Refused("(a\u001b[31m)").Message);

    [Fact]
    public void A_short_list_of_fields_is_shown_when_no_name_is_near() =>
        Assert.Equal("there are: id, born", Eval.Refused("frobnicate", "id", "born").Hint);

    [Fact]
    public void An_expression_nested_too_deep_is_refused()
    {
        var expression = string.Concat(Enumerable.Repeat("(identity ", 300)) + "a" + new string(')', 300);
        Assert.Equal("The expression is nested more than 200 deep", Eval.Refused(expression, "a").Message);
    }

    [Fact]
    public void A_function_as_the_result_refuses_the_row() => Assert.Equal(Eval.Error, Eval.Expression("(lambda (x) x)", "a"));
}
